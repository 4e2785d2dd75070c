import type { Home } from '../../platform/home.ts';
import { commandBy, recordCommand } from '../../session/command-record.ts';

/**
 * Records that an approval was refused in a terminal because no person seems to be there, once for each reason: keys
 * that are pressed over and over must not fill the log. What it makes throws with a sentence when it cannot be written.
 */
export function refusals(home: Home): (hold: string, refusal: string) => void {
  const told = new Set<string>();
  return (hold, refusal) => {
    if (told.has(refusal)) return;
    const by = { ...commandBy(), method: 'watch' };
    recordCommand(home, {
      type: 'fault',
      cause: 'approval-refused',
      what: `approve ${hold}: ${refusal}`,
      by,
    });
    told.add(refusal);
  };
}

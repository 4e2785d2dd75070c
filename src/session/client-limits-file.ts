import { ClientLimits } from '../approvals/holding/client-limits.ts';
import type { Home } from '../platform/home.ts';
import { LearnedLimitsFile } from './learned-limits.ts';

/** What other sessions learned of clients' patience; this one can do without. */
export function clientLimits(
  home: Home,
  say: (sentence: string) => void,
  statedMs: number | undefined,
): ClientLimits {
  const file = new LearnedLimitsFile(home);
  const trying = <T>(act: () => T): T | undefined => {
    try {
      return act();
    } catch (error) {
      say(`what was learned of clients' time limits is not used: ${(error as Error).message}`);
      return undefined;
    }
  };
  const damage = trying(() => file.heal());
  if (damage !== undefined) say(`clients' time limits are learned anew: ${damage}`);
  return new ClientLimits(
    trying(() => file.read(Date.now())) ?? {},
    (client, ms) => {
      trying(() => file.write(client, ms, Date.now()));
    },
    statedMs,
  );
}

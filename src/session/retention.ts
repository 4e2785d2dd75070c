import { statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { prune } from '../audit/retention/prune.ts';
import { runningSessions } from '../audit/retention/running-sessions.ts';
import { SessionCounter } from '../audit/writing/session-counter.ts';
import { ensurePrivateFolder, type Home } from '../platform/home.ts';
import { recordCommand } from './command-record.ts';
import { removeLimitsIndex } from './limits-index.ts';

const DAY_MS = 86_400_000;

/**
 * Removes what is older than the policy keeps, once a day at most in a home. Gives a sentence when it could not: the
 * files then stay, and the next session tries again.
 */
export function retain(home: Home, keepDays: number, now: number): string | undefined {
  const stamp = join(home.state, 'retention');
  try {
    if (now - (statSync(stamp, { throwIfNoEntry: false })?.mtimeMs ?? 0) < DAY_MS) return undefined;
    ensurePrivateFolder(home.state);
    writeFileSync(stamp, '', { mode: 0o600 });
    utimesSync(stamp, now / 1000, now / 1000);
    const retention = { keepDays, now, running: runningSessions(home.run) };
    const gone = prune(home.audit, retention, (entries) => {
      recordCommand(home, ...entries);
      removeLimitsIndex(home);
    });
    new SessionCounter(home).pruned(new Set(gone.map(({ name }) => name)));
    return undefined;
  } catch (error) {
    return `old audit files could not be removed: ${(error as Error).message}`;
  }
}

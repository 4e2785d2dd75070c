import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Home } from '../platform/home.ts';

/** What was read of the log for limits: made again from it whenever it is not there. */
export function limitsIndex(home: Home): string {
  return join(home.state, 'limits.index');
}

/** What it says of files that retention removes would look like logs that somebody removed. Throws errors of the system. */
export function removeLimitsIndex(home: Home): void {
  rmSync(limitsIndex(home), { force: true });
}

import { join } from 'node:path';
import type { Home } from '../platform/home.ts';

/** What was read of the log for limits: made again from it whenever it is not there. */
export function limitsIndex(home: Home): string {
  return join(home.state, 'limits.index');
}

import { homedir } from 'node:os';

/** Kept in step with package.json by a test. */
export const VERSION = '0.2.0';

/** The user's home folder; `/` when the system knows none, so that paths still resolve to something. */
export function userHome(): string {
  try {
    return homedir() || '/';
  } catch {
    return '/';
  }
}

import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { Home } from '../platform/home.ts';

/** Tells one text of what was applied from the next, by one call of the system; undefined: there is none. */
export function appliedStamp({ state }: Home): string | undefined {
  try {
    const found = statSync(join(state, 'policies.json'), { throwIfNoEntry: false });
    return found && `${found.ino} ${found.mtimeMs} ${found.size}`;
  } catch {
    return 'unread';
  }
}

/**
 * Whether something was applied that nobody told this session of: its socket was not there yet, or is gone. `before`:
 * the stamp of what it goes by.
 */
export class AppliedWatch {
  private readonly home: Home;
  private readonly read: () => Promise<unknown>;
  private stamp: string | undefined;
  private reading: Promise<void> | undefined;

  /** `read` never rejects. */
  constructor(home: Home, before: string | undefined, read: () => Promise<unknown>) {
    this.home = home;
    this.stamp = before;
    this.read = read;
  }

  /** It is about to be read, whoever said so. */
  noted(): void {
    this.stamp = appliedStamp(this.home);
  }

  /** What a call waits for that comes now; undefined: nothing was applied. */
  look(): Promise<void> | undefined {
    const stamp = appliedStamp(this.home);
    if (stamp === this.stamp) return this.reading;
    this.stamp = stamp;
    const reading = this.read().then(() => {
      if (this.reading === reading) this.reading = undefined;
    });
    this.reading = reading;
    return reading;
  }
}

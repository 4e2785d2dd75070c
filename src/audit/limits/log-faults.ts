import { existsSync } from 'node:fs';
import { join } from 'node:path';

const GONE = 'is gone';

/** Logs of which nobody knows what they used up; a limit that they may concern cannot be told. */
export class LogFaults {
  private readonly folder: string;
  private readonly faults = new Map<string, { what: string; last: number }>();

  constructor(folder: string) {
    this.folder = folder;
  }

  has(name: string): boolean {
    return this.faults.has(name);
  }

  /** `last`: when it may have used up something (ms since 1970). */
  gone(name: string, last: number): void {
    this.add(name, GONE, last);
  }

  damaged(name: string): void {
    this.add(name, 'is damaged', Number.POSITIVE_INFINITY);
  }

  /** It says less, or ends elsewhere, than what was known of it. */
  changed(name: string, last: number): void {
    this.add(name, 'was cut or changed', last);
  }

  /** Throws an Error whose message names a log that matters to a window that begins at `since`. */
  assertNone(since: number): void {
    for (const [name, { what, last }] of this.faults) {
      if (last < since) continue;
      if (what === GONE && existsSync(join(this.folder, name))) this.faults.delete(name);
      else throw new Error(`the log ${name} ${what} (see "holdpoint audit verify")`);
    }
  }

  clear(): void {
    this.faults.clear();
  }

  private add(name: string, what: string, last: number): void {
    if (!this.faults.has(name)) this.faults.set(name, { what, last });
  }
}

import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { listMonths } from '../log/session-files.ts';

/** Longer than any tick by which a kernel stamps changes: 10 ms at most (100 Hz). */
const TICK_MS = 25;
/** The same of one that stamps whole seconds. */
const COARSE_TICK_MS = 2100;

interface Seen {
  inode: number;
  modified: number;
  changed: number;
  names: ReadonlySet<string>;
}

/**
 * The names in the audit folder, listed anew only when a folder may have changed: one look at each folder tells. A
 * change within one tick of the last listing could bear the same stamp, so a folder counts as known only when it was
 * older than that when it was listed.
 */
export class FolderView {
  private readonly folder: string;
  private readonly wall: () => number;
  private readonly seen = new Map<string, Seen>();

  /** `wall`: the system's clock, ms since 1970. */
  constructor(folder: string, wall: () => number) {
    this.folder = folder;
    this.wall = wall;
  }

  /** Months that have a folder, oldest first. Throws errors of the system. */
  months(): string[] {
    const list = (): string[] => listMonths(this.folder);
    return [...(this.changed(this.folder, list) ?? this.seen.get(this.folder)?.names ?? [])];
  }

  /** All names in a month's folder; undefined when they are the same as last time. Throws errors of the system. */
  changedNames(month: string): ReadonlySet<string> | undefined {
    const path = join(this.folder, month);
    return this.changed(path, () => namesIn(path));
  }

  /** Lists everything anew. */
  forget(): void {
    this.seen.clear();
  }

  private changed(path: string, list: () => string[]): ReadonlySet<string> | undefined {
    const now = this.wall();
    const stat = statSync(path, { throwIfNoEntry: false });
    const known = this.seen.get(path);
    if (
      known !== undefined &&
      known.inode === stat?.ino &&
      known.modified === stat.mtimeMs &&
      known.changed === stat.ctimeMs
    )
      return undefined;
    this.seen.delete(path);
    const names = new Set(list());
    if (stat === undefined) return names;
    const { ino: inode, mtimeMs: modified, ctimeMs: changed } = stat;
    const whole = modified % 1000 === 0 && changed % 1000 === 0;
    const settled = now - Math.max(modified, changed) > (whole ? COARSE_TICK_MS : TICK_MS);
    // Without its stamp it is listed again at the next look.
    this.seen.set(path, { inode: settled ? inode : -1, modified, changed, names });
    return names;
  }
}

function namesIn(path: string): string[] {
  try {
    return readdirSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

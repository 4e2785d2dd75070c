import type { Tip } from '../log/entry.ts';
import type { ReadRecord } from '../log/read-record.ts';
import { sessionOf } from '../log/session-count.ts';
import { sessionStart } from '../log/session-files.ts';

const DAY_MS = 86_400_000;

/** Which files retention removed, as the log itself says. */
export class PrunedFiles {
  private readonly byName = new Map<string, { seq: number; digest: string }>();

  add({ type, fields, at }: ReadRecord): void {
    if (type !== 'pruned') return;
    const { file, tip, keepDays } = fields as { file?: unknown; tip?: Partial<Tip>; keepDays?: unknown };
    if (typeof file !== 'string' || typeof tip?.seq !== 'number' || typeof tip.digest !== 'string') return;
    const start = sessionStart(sessionOf(file));
    // Only what was old enough: a younger file that is gone was not removed by retention.
    if (start === undefined || typeof keepDays !== 'number' || at - start <= keepDays * DAY_MS) return;
    this.byName.set(file, { seq: tip.seq, digest: tip.digest });
  }

  get size(): number {
    return this.byName.size;
  }

  has(file: string): boolean {
    return this.byName.has(file);
  }

  /** Whether a missing file's record was last seen in a file that retention removed. */
  explains({ file, seq, digest }: Tip): boolean {
    const tip = this.byName.get(file);
    return tip !== undefined && (seq < tip.seq || (seq === tip.seq && digest === tip.digest));
  }
}

import { type CountedSession, lastHeard } from '../log/session-count.ts';
import type { SessionFile } from '../log/session-files.ts';
import { type Identity, identityOf } from './file-reading.ts';
import type { LimitsIndex } from './index-file.ts';
import { baseOf, monthOf, type NamesThere } from './names-there.ts';
import { hasEnded } from './session-end.ts';

const MODIFIED = 2;

/** Files that were last written before any window, as far as is known: nobody reads them. */
export class PassedFiles {
  private readonly heard: ReadonlyMap<string, CountedSession>;
  private readonly passed = new Map<string, { file: SessionFile; modified: number }>();
  /** The same that have ended: nobody writes them any more. */
  private closed: LimitsIndex['closed'] = {};

  /** `heard`: by file, what the count beside the log says. */
  constructor(heard: ReadonlyMap<string, CountedSession>) {
    this.heard = heard;
  }

  /** What the index says of files that have ended. */
  adopt(closed: LimitsIndex['closed']): void {
    this.closed = closed;
  }

  /** The time of a file's last change can be set by hand; what the count beside the log says must agree. */
  isPast(name: string, modified: number, from: number): boolean {
    const counted = this.heard.get(name);
    return modified < from && (counted?.tip === undefined || lastHeard(counted) < from);
  }

  /** Whether it ended before `from`: it is not even looked at. */
  isClosed(name: string, from: number): boolean {
    const closed = this.closed[monthOf(name)]?.[baseOf(name)];
    return closed !== undefined && this.isPast(name, closed, from);
  }

  pass(file: SessionFile, modified: number): void {
    this.passed.set(file.name, { file, modified });
  }

  close(name: string, modified: number): void {
    this.passed.delete(name);
    const month = this.closed[monthOf(name)] ?? {};
    month[baseOf(name)] = modified;
    this.closed[monthOf(name)] = month;
  }

  vanished(name: string): void {
    this.passed.delete(name);
  }

  /** Takes out those of some months that were written since. Throws errors of the system. */
  *written(months: readonly string[], from: number): Generator<{ file: SessionFile; identity: Identity }> {
    for (const { file } of this.passed.values()) {
      if (!months.includes(monthOf(file.name))) continue;
      const identity = identityOf(file.path);
      if (identity === undefined || identity[MODIFIED] < from) continue;
      this.passed.delete(file.name);
      yield { file, identity };
    }
  }

  /** Finds out which have ended, a pause after each: the others are looked at for every call. */
  *sortOut(): Generator<void> {
    for (const { file, modified } of [...this.passed.values()]) {
      if (hasEnded(file.path)) this.close(file.name, modified);
      yield;
    }
  }

  /** Those that have ended and are still there, for the index. */
  closedOf(names: NamesThere): LimitsIndex['closed'] {
    return Object.fromEntries(
      Object.entries(this.closed).map(([month, files]) => [
        month,
        Object.fromEntries(Object.entries(files).filter(([base]) => names.has(`${month}/${base}`))),
      ]),
    );
  }

  clear(): void {
    this.passed.clear();
    this.closed = {};
  }
}

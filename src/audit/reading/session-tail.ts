import { statSync } from 'node:fs';
import type { CallRecord } from './call-record.ts';
import { eachCall, orphanWarning } from './each-call.ts';
import { type Filter, wanted } from './query.ts';
import { isOfAnother, latestIn } from './session-bound.ts';
import { SessionCalls } from './session-calls.ts';
import { readSession, type Session, sessionHead } from './session-parts.ts';

/** A call with its place among those of the same time: `order` is its session's. */
export interface Placed {
  call: CallRecord;
  /** When it was decided, ms since 1970. */
  at: number;
  order: number;
}

/** Which calls are sought. */
export interface Sought {
  filter: Filter;
  /** So many of the newest. */
  count: number;
  /** Bytes that are read of a session first; each further time four times as many. */
  first: number;
  /** A session of which more has to be read is read from its beginning, keeping little. */
  most: number;
}

/** In the order in which they were decided. */
export function byTime(a: Placed, b: Placed): number {
  return a.at - b.at || a.order - b.order || a.call.call - b.call.call;
}

/** A session that is read from its end, as far as somebody asks. */
export class SessionTail {
  private readonly session: Session;
  private readonly sought: Sought;
  readonly order: number;
  private bytes = 0;
  /** The wanted calls of what was read: at least the newest `count` of them. */
  calls: Placed[] = [];
  /** How many wanted calls were found. */
  found = 0;
  /** No call that was not read, or not to its end, is younger. */
  latest: number;
  /** A call of that time was read, and on whose approval it rests was not. */
  unfounded = false;
  whole = false;
  /** Whole sentences about what could not be read. */
  warnings: string[] = [];

  constructor(session: Session, order: number, sought: Sought) {
    this.session = session;
    this.order = order;
    this.sought = sought;
    this.latest = latestIn(session);
  }

  /** Reads further back. */
  extend(): void {
    if (this.bytes === 0 && isOfAnother(this.session, this.sought.filter)) return this.close();
    this.bytes = this.bytes === 0 ? this.sought.first : this.bytes * 4;
    this.warnings = [];
    const parts = this.bytes > this.sought.most ? undefined : this.partsOfTail();
    if (parts === undefined) this.readAll();
    else this.readTail(parts);
  }

  /** The files that hold the last bytes, and where in them those begin; undefined when they are all there is. */
  private partsOfTail(): [Session['files'][number], number][] | undefined {
    const parts: [Session['files'][number], number][] = [];
    let left = this.bytes;
    for (const file of this.session.files.toReversed()) {
      const size = statSync(file.path, { throwIfNoEntry: false })?.size ?? 0;
      parts.unshift([file, Math.max(0, size - left)]);
      left -= size;
      if (left < 0) return parts;
    }
    return undefined;
  }

  private readAll(): void {
    const { session, sought, order } = this;
    const { taken, warnings } = eachCall(session, () => new Newest(sought, order));
    this.calls = taken.calls();
    this.found = taken.found;
    this.warnings = warnings;
    this.close();
  }

  private close(): void {
    this.whole = true;
    this.latest = Number.NEGATIVE_INFINITY;
    this.unfounded = false;
  }

  private readTail(parts: [Session['files'][number], number][]): void {
    const warnings = new Set<string>();
    const warn = (warning: string): void => void warnings.add(warning);
    const calls = new SessionCalls();
    // It says at its beginning whether it only observes.
    for (const record of sessionHead(this.session, warn)) calls.add(record);
    let first: number | undefined;
    for (const [file, from] of parts) {
      let orphans = 0;
      for (const record of readSession(file, warn, from)) {
        first ??= record.at;
        // The calls before the first decision that was read are not shown, and nothing is said of their records.
        if (!calls.add(record) && calls.isMissing(record)) orphans += 1;
      }
      if (orphans > 0) warn(orphanWarning(orphans, file.name));
    }
    this.warnings = [...warnings];
    const newest = new Newest(this.sought, this.order);
    for (const call of calls.calls.values()) newest.call(call);
    this.calls = newest.calls();
    this.found = newest.found;
    const open = Math.max(...[...calls.unfounded].map(({ time }) => Date.parse(time)));
    this.latest = Math.max(first ?? Number.POSITIVE_INFINITY, open);
    this.unfounded = open === this.latest;
  }
}

/** Keeps the newest of a session's wanted calls. */
class Newest {
  private readonly sought: Sought;
  private readonly order: number;
  private kept: Placed[] = [];
  found = 0;

  constructor(sought: Sought, order: number) {
    this.sought = sought;
    this.order = order;
  }

  record(): void {}

  call(call: CallRecord): void {
    if (!wanted(call, this.sought.filter)) return;
    this.found += 1;
    this.kept.push({ call, at: Date.parse(call.time), order: this.order });
    if (this.kept.length > 2 * this.sought.count + 1000) this.kept = this.calls();
  }

  calls(): Placed[] {
    return this.kept.sort(byTime).slice(-this.sought.count);
  }
}

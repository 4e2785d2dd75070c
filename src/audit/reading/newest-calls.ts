import type { CallRecord } from './call-record.ts';
import { type Filter, queryCalls } from './query.ts';
import { isSmall, type Session, SMALL_LOG, sessionsIn } from './session-parts.ts';
import { byTime, type Placed, SessionTail, type Sought } from './session-tail.ts';

/** The newest calls, in the order in which they were decided. */
export interface NewestCalls {
  calls: CallRecord[];
  /** How many there are; undefined where older ones were not counted. */
  total: number | undefined;
  /** Whole sentences about what could not be read of what was read. */
  warnings: string[];
}

/** How much is read at once, in bytes. */
export interface Reach {
  /** A log that is no longer is read as a whole: then everything in it is counted, and all damage told. */
  small: number;
  first: number;
  most: number;
}

const REACH: Reach = { small: SMALL_LOG, first: 64 << 10, most: 16 << 20 };

/**
 * The newest `count` wanted calls. Of a log that is not small, each session is read from its end, the ones that wrote
 * last first, until no call that was not read can be among them. Throws a PlainError only when the folder cannot be listed.
 */
export function newestCalls(
  folder: string,
  filter: Filter,
  count: number,
  reach: Partial<Reach> = {},
): NewestCalls {
  const { small, first, most } = { ...REACH, ...reach };
  const sessions = sessionsIn(folder);
  if (isSmall(sessions, small)) {
    const { calls, warnings } = queryCalls(folder, filter);
    return { calls: calls.slice(-count), total: calls.length, warnings };
  }
  const reading = new Reading(sessions, { filter, count, first, most });
  return reading.run();
}

class Reading {
  private readonly sought: Sought;
  /** Nothing was read of them yet; the youngest is the last. */
  private readonly unread: SessionTail[];
  /** Read in part. */
  private open: SessionTail[] = [];
  private readonly looked: SessionTail[] = [];
  /** The newest of the sessions that were read as a whole. */
  private closed: Placed[] = [];

  constructor(sessions: readonly Session[], sought: Sought) {
    this.sought = sought;
    this.unread = sessions
      .map((session, order) => new SessionTail(session, order, sought))
      .sort((a, b) => a.latest - b.latest || a.order - b.order);
  }

  run(): NewestCalls {
    let newest = this.newest();
    for (let next = this.next(); next !== undefined && this.mayAdd(next, newest); next = this.next()) {
      this.extend(next);
      newest = this.newest();
    }
    const looked = this.looked.sort((a, b) => a.order - b.order);
    const left = this.next();
    const all = left === undefined || left.latest < (this.sought.filter.since ?? Number.NEGATIVE_INFINITY);
    return {
      calls: newest.map(({ call }) => call),
      total: all ? looked.reduce((sum, { found }) => sum + found, 0) : undefined,
      warnings: looked.flatMap(({ warnings }) => warnings),
    };
  }

  /** The session with the youngest call that may be missing; of several the one whose call would stand last. */
  private next(): SessionTail | undefined {
    const tails = [...this.open, ...this.unread.slice(-1)];
    return tails.reduce<SessionTail | undefined>(
      (best, one) => (best === undefined || isBefore(best, one) ? one : best),
      undefined,
    );
  }

  /** Whether one of its calls may be among the newest. */
  private mayAdd({ latest, unfounded, order }: SessionTail, newest: readonly Placed[]): boolean {
    const { filter, count } = this.sought;
    if (filter.since !== undefined && latest < filter.since) return false;
    const [oldest] = newest;
    if (oldest === undefined || newest.length < count) return true;
    if (latest !== oldest.at) return latest > oldest.at;
    return unfounded || order > oldest.order;
  }

  private extend(tail: SessionTail): void {
    if (tail === this.unread.at(-1)) {
      this.unread.pop();
      this.looked.push(tail);
      this.open.push(tail);
    }
    tail.extend();
    if (!tail.whole) return;
    this.open = this.open.filter((one) => one !== tail);
    this.closed = this.newestOf([...this.closed, ...tail.calls]);
    tail.calls = [];
  }

  private newest(): Placed[] {
    return this.newestOf([...this.closed, ...this.open.flatMap(({ calls }) => calls)]);
  }

  private newestOf(calls: Placed[]): Placed[] {
    return calls.sort(byTime).slice(-this.sought.count);
  }
}

function isBefore(a: SessionTail, b: SessionTail): boolean {
  if (a.latest !== b.latest) return a.latest < b.latest;
  return a.unfounded === b.unfounded ? a.order < b.order : b.unfounded;
}

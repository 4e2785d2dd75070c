import type { ReadRecord } from '../log/read-record.ts';
import type { CallRecord } from './call-record.ts';
import { eachCall } from './each-call.ts';
import { type Filter, UncountedDenials, wanted } from './query.ts';
import { isOfAnother, latestIn } from './session-bound.ts';
import { sessionsIn } from './session-parts.ts';
import { type AuditStats, Tally } from './stats.ts';

/** What one session adds to the whole. */
class SessionTally {
  readonly tally = new Tally();
  readonly denials: UncountedDenials;
  private readonly filter: Filter;

  constructor(filter: Filter) {
    this.filter = filter;
    this.denials = new UncountedDenials(filter);
  }

  record(record: ReadRecord): void {
    this.denials.add(record);
  }

  call(call: CallRecord): void {
    if (wanted(call, this.filter)) this.tally.add(call);
  }
}

/**
 * What an audit folder says of its calls, `statsOf` of all that are wanted, without keeping them. `warnings` are whole
 * sentences about what could not be read; sessions that are older than `since` or another server's are not looked into. Throws a PlainError only
 * when the folder cannot be listed.
 */
export function countCalls(folder: string, filter: Filter = {}): { stats: AuditStats; warnings: string[] } {
  const all = new Tally();
  const warnings: string[] = [];
  let uncounted = 0;
  for (const session of sessionsIn(folder)) {
    if (filter.since !== undefined && latestIn(session) < filter.since) continue;
    if (isOfAnother(session, filter)) continue;
    const read = eachCall(session, () => new SessionTally(filter));
    all.merge(read.taken.tally);
    uncounted += read.taken.denials.count;
    for (const warning of read.warnings) warnings.push(warning);
  }
  return { stats: all.stats(uncounted), warnings };
}

import { globMatches } from '../../policy/decide/glob.ts';
import type { ReadRecord } from '../log/read-record.ts';
import type { CallRecord } from './call-record.ts';
import { allCalls } from './each-call.ts';
import { sessionsIn } from './session-parts.ts';

/** Which calls are wanted; all conditions must hold. */
export interface Filter {
  /** Milliseconds since the epoch. */
  since?: number;
  server?: string;
  /** With `*` and `?`. */
  tool?: string;
  effect?: CallRecord['effect'];
  verdict?: NonNullable<CallRecord['verdict']>;
}

/** Calls in the order in which they were decided; `warnings` are whole sentences about what could not be read. */
export interface QueryResult {
  calls: CallRecord[];
  /** Wanted denials of a flood, which got no record of their own: one stands for many. */
  uncounted: number;
  warnings: string[];
}

/** Whether a call is one of those wanted. */
export function wanted(call: CallRecord, filter: Filter): boolean {
  if (filter.since !== undefined && Date.parse(call.time) < filter.since) return false;
  if (filter.server !== undefined && call.server !== filter.server) return false;
  if (filter.tool !== undefined && !globMatches(filter.tool, call.tool)) return false;
  if (filter.effect !== undefined && call.effect !== filter.effect) return false;
  return filter.verdict === undefined || call.verdict === filter.verdict;
}

/** The wanted denials of one session that were only counted; their tools and callers are not known any more. */
export class UncountedDenials {
  private readonly filter: Filter;
  private server: unknown;
  count = 0;

  constructor(filter: Filter) {
    this.filter = filter;
  }

  add({ type, at, fields }: ReadRecord): void {
    if (type === 'session') this.server ??= fields['server'];
    const { count, cause } = fields;
    if (type !== 'refusal' || !Number.isSafeInteger(count) || !String(cause).startsWith('denied:')) return;
    if (this.wants(at)) this.count += Number(count);
  }

  private wants(at: number): boolean {
    const { tool, verdict, since, server, effect } = this.filter;
    if (tool !== undefined || verdict !== undefined) return false;
    return (
      (since === undefined || at >= since) &&
      (server === undefined || server === this.server) &&
      (effect === undefined || effect === 'deny')
    );
  }
}

/** Reads all sessions of an audit folder into calls. Throws a PlainError only when the folder cannot be listed. */
export function queryCalls(folder: string, filter: Filter = {}): QueryResult {
  const result: QueryResult = { calls: [], uncounted: 0, warnings: [] };
  for (const session of sessionsIn(folder)) {
    const wants = new UncountedDenials(filter);
    const { taken, warnings } = allCalls(session, (record) => wants.add(record));
    result.uncounted += wants.count;
    for (const warning of warnings) result.warnings.push(warning);
    for (const call of taken) if (wanted(call, filter)) result.calls.push(call);
  }
  const order = (call: CallRecord): number => Date.parse(call.time);
  result.calls.sort((a, b) => order(a) - order(b));
  return result;
}

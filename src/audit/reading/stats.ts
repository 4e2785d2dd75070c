import type { Caller } from '../log/entry.ts';
import type { CallRecord, Verdict } from './call-record.ts';

const HOUR_MS = 3_600_000;
/** Fewer answers than this say nothing about a rule. */
const ENOUGH = 5;
/** Nobody reads a card in less. */
const GLANCE_MS = 1_000;

export interface AuditStats {
  calls: number;
  /** Denials of a flood that got no record of their own are in `deny`. */
  effects: Record<CallRecord['effect'], number>;
  verdicts: Record<Verdict, number>;
  /** Every hour from the first approval to the last, in order. */
  approvalsByHour: { hour: string; approvals: number }[];
  callers: { caller: string; calls: number; approvals: number; rejections: number }[];
  /** From the question to a person's answer; null without one. */
  medianWaitMs: number | null;
  /** The share of a person's answers that took less than a second; null without one. */
  decidedAtAGlance: number | null;
  /** Rules that were asked about at least five times and always got a yes: candidates for `allow`. */
  alwaysApproved: { rule: string; approvals: number }[];
}

/** The name by which a caller is counted. */
export function callerName(caller: Caller | null): string {
  if (caller === null || 'unknown' in caller) return 'unknown';
  return 'as' in caller ? caller.as : `${caller.client} (claimed)`;
}

/** The call's own verdict: one that rests on another call's approval was not asked about. */
const ownVerdict = ({ verdict, pass, continues }: CallRecord): Verdict | undefined =>
  pass === undefined && continues === undefined ? verdict : undefined;

/** Whether a person answered. */
function answered(call: CallRecord): boolean {
  const verdict = ownVerdict(call);
  return verdict === 'approve' || verdict === 'reject';
}

/** What a log says of its calls as a whole. `uncounted` are denials that were only counted. Pure. */
export function statsOf(calls: readonly CallRecord[], uncounted: number): AuditStats {
  const effects = { allow: 0, deny: uncounted, escalate: 0 };
  const verdicts = { approve: 0, reject: 0, expired: 0, withdrawn: 0 };
  for (const call of calls) {
    effects[call.effect] += 1;
    const verdict = ownVerdict(call);
    if (verdict !== undefined) verdicts[verdict] += 1;
  }
  const asked = calls.filter(answered);
  const waits = asked.flatMap((call) => call.waitMs ?? []).sort((a, b) => a - b);
  return {
    calls: calls.length + uncounted,
    effects,
    verdicts,
    approvalsByHour: byHour(asked.filter((call) => call.verdict === 'approve')),
    callers: byCaller(calls),
    medianWaitMs: median(waits),
    decidedAtAGlance: waits.length === 0 ? null : waits.filter((ms) => ms < GLANCE_MS).length / waits.length,
    alwaysApproved: alwaysApproved(asked),
  };
}

function median(sorted: readonly number[]): number | null {
  const middle = sorted.length >> 1;
  const upper = sorted[middle];
  const lower = sorted[middle - 1];
  if (upper === undefined) return null;
  return sorted.length % 2 === 1 || lower === undefined ? upper : (lower + upper) / 2;
}

/** By the hour of the answer, in UTC. */
function byHour(approved: readonly CallRecord[]): AuditStats['approvalsByHour'] {
  const counts = new Map<number, number>();
  for (const call of approved) {
    const hour = Math.floor((Date.parse(call.time) + (call.waitMs ?? 0)) / HOUR_MS);
    counts.set(hour, (counts.get(hour) ?? 0) + 1);
  }
  const hours = [...counts.keys()].sort((a, b) => a - b);
  const [first] = hours;
  const last = hours.at(-1);
  if (first === undefined || last === undefined) return [];
  return Array.from({ length: last - first + 1 }, (_, i) => ({
    hour: new Date((first + i) * HOUR_MS).toISOString(),
    approvals: counts.get(first + i) ?? 0,
  }));
}

function byCaller(calls: readonly CallRecord[]): AuditStats['callers'] {
  const found = new Map<string, AuditStats['callers'][number]>();
  for (const call of calls) {
    const caller = callerName(call.caller);
    const one = found.get(caller) ?? { caller, calls: 0, approvals: 0, rejections: 0 };
    found.set(caller, one);
    one.calls += 1;
    if (answered(call)) one[call.verdict === 'approve' ? 'approvals' : 'rejections'] += 1;
  }
  return [...found.values()].sort((a, b) => b.calls - a.calls || a.caller.localeCompare(b.caller));
}

function alwaysApproved(asked: readonly CallRecord[]): AuditStats['alwaysApproved'] {
  const approvals = new Map<string, number>();
  for (const { rule } of asked) approvals.set(rule, (approvals.get(rule) ?? 0) + 1);
  for (const { rule, verdict } of asked) if (verdict === 'reject') approvals.delete(rule);
  return [...approvals]
    .filter(([, count]) => count >= ENOUGH)
    .map(([rule, count]) => ({ rule, approvals: count }))
    .sort((a, b) => b.approvals - a.approvals || a.rule.localeCompare(b.rule));
}

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
  /** Tools that a person was asked about most, and the rules that asked. */
  askedMost: { tools: Asked[]; rules: Asked[] };
  /** Rules that were asked about at least five times and always got a yes: candidates for `allow`. */
  alwaysApproved: { rule: string; approvals: number }[];
}

/** How often a person answered. */
export interface Asked {
  name: string;
  answers: number;
}

/** The name by which a caller is counted. */
export function callerName(caller: Caller | null): string {
  if (caller === null || 'unknown' in caller) return 'unknown';
  return 'as' in caller ? caller.as : `${caller.client} (claimed)`;
}

/** The call's own verdict: one that rests on another call's approval was not asked about. */
const ownVerdict = ({ verdict, pass, continues }: CallRecord): Verdict | undefined =>
  pass === undefined && continues === undefined ? verdict : undefined;

/** What a log says of its calls as a whole. `uncounted` are denials that were only counted. Pure. */
export function statsOf(calls: readonly CallRecord[], uncounted: number): AuditStats {
  const tally = new Tally();
  for (const call of calls) tally.add(call);
  return tally.stats(uncounted);
}

/** Counts calls, in any order, and keeps none of them. */
export class Tally {
  private readonly effects = { allow: 0, deny: 0, escalate: 0 };
  private readonly verdicts = { approve: 0, reject: 0, expired: 0, withdrawn: 0 };
  private readonly callers = new Map<string, AuditStats['callers'][number]>();
  /** Approvals by the hour of the answer, in hours since 1970. */
  private readonly hours = new Map<number, number>();
  private readonly waits: number[] = [];
  /** By rule: how many answers, and whether a no is among them. */
  private readonly answers = new Map<string, { count: number; rejected: boolean }>();
  private readonly tools = new Map<string, number>();

  add(call: CallRecord): void {
    this.effects[call.effect] += 1;
    const verdict = ownVerdict(call);
    if (verdict !== undefined) this.verdicts[verdict] += 1;
    const approved = verdict === 'approve' ? 1 : 0;
    const rejected = verdict === 'reject' ? 1 : 0;
    this.caller({ caller: callerName(call.caller), calls: 1, approvals: approved, rejections: rejected });
    if (approved + rejected === 0) return;
    if (call.waitMs !== undefined) this.waits.push(call.waitMs);
    this.answered(call.rule, 1, rejected === 1);
    this.tool(`${call.server}/${call.tool}`, 1);
    if (approved === 0) return;
    const hour = Math.floor((Date.parse(call.time) + (call.waitMs ?? 0)) / HOUR_MS);
    this.hours.set(hour, (this.hours.get(hour) ?? 0) + 1);
  }

  /** Adds what another one counted. */
  merge(other: Tally): void {
    for (const effect of ['allow', 'deny', 'escalate'] as const)
      this.effects[effect] += other.effects[effect];
    for (const verdict of ['approve', 'reject', 'expired', 'withdrawn'] as const)
      this.verdicts[verdict] += other.verdicts[verdict];
    for (const one of other.callers.values()) this.caller(one);
    for (const [hour, count] of other.hours) this.hours.set(hour, (this.hours.get(hour) ?? 0) + count);
    for (const wait of other.waits) this.waits.push(wait);
    for (const [rule, { count, rejected }] of other.answers) this.answered(rule, count, rejected);
    for (const [tool, count] of other.tools) this.tool(tool, count);
  }

  private caller({ caller, calls, approvals, rejections }: AuditStats['callers'][number]): void {
    const known = this.callers.get(caller) ?? { caller, calls: 0, approvals: 0, rejections: 0 };
    known.calls += calls;
    known.approvals += approvals;
    known.rejections += rejections;
    this.callers.set(caller, known);
  }

  private tool(name: string, count: number): void {
    this.tools.set(name, (this.tools.get(name) ?? 0) + count);
  }

  private answered(rule: string, count: number, rejected: boolean): void {
    const known = this.answers.get(rule) ?? { count: 0, rejected: false };
    known.count += count;
    known.rejected ||= rejected;
    this.answers.set(rule, known);
  }

  stats(uncounted: number): AuditStats {
    const { verdicts } = this;
    const effects = { ...this.effects, deny: this.effects.deny + uncounted };
    const waits = [...this.waits].sort((a, b) => a - b);
    return {
      calls: effects.allow + effects.deny + effects.escalate,
      effects,
      verdicts: { ...verdicts },
      approvalsByHour: byHour(this.hours),
      callers: [...this.callers.values()].sort((a, b) => b.calls - a.calls || inOrder(a.caller, b.caller)),
      medianWaitMs: median(waits),
      decidedAtAGlance:
        waits.length === 0 ? null : waits.filter((ms) => ms < GLANCE_MS).length / waits.length,
      askedMost: {
        tools: most([...this.tools]),
        rules: most([...this.answers].map(([rule, { count }]) => [rule, count])),
      },
      alwaysApproved: [...this.answers]
        .filter(([, { count, rejected }]) => !rejected && count >= ENOUGH)
        .map(([rule, { count }]) => ({ rule, approvals: count }))
        .sort((a, b) => b.approvals - a.approvals || inOrder(a.rule, b.rule)),
    };
  }
}

/** As a person sorts names; texts that look alike to them by their code units, so that the order is always the same. */
const inOrder = (a: string, b: string): number => a.localeCompare(b) || (a < b ? -1 : a > b ? 1 : 0);

const MOST = 5;

function most(counts: [name: string, answers: number][]): Asked[] {
  const all = counts.map(([name, answers]) => ({ name, answers }));
  return all.sort((a, b) => b.answers - a.answers || inOrder(a.name, b.name)).slice(0, MOST);
}

function median(sorted: readonly number[]): number | null {
  const middle = sorted.length >> 1;
  const upper = sorted[middle];
  const lower = sorted[middle - 1];
  if (upper === undefined) return null;
  return sorted.length % 2 === 1 || lower === undefined ? upper : (lower + upper) / 2;
}

function byHour(counts: ReadonlyMap<number, number>): AuditStats['approvalsByHour'] {
  const hours = [...counts.keys()].sort((a, b) => a - b);
  const [first] = hours;
  const last = hours.at(-1);
  if (first === undefined || last === undefined) return [];
  return Array.from({ length: last - first + 1 }, (_, i) => ({
    hour: new Date((first + i) * HOUR_MS).toISOString(),
    approvals: counts.get(first + i) ?? 0,
  }));
}

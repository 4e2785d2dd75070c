import { FIRST_USE } from '../../policy/decide/decide.ts';
import type { Decimal } from '../../policy/decide/decimal.ts';
import { asksFirst } from '../../policy/decide/names-server.ts';
import type { Counted, Over } from '../../policy/decide/over.ts';
import { possibleEffects } from '../../policy/decide/possible-effects.ts';
import type { Effect, Policy } from '../../policy/decide/types.ts';
import type { OwnPlaces } from '../../policy/paths/own-places.ts';
import { SpentCalls } from '../limits/usage-by-call.ts';
import type { CallRecord } from './call-record.ts';
import { callOf, toolOf } from './recorded-call.ts';

/** A recorded call whose effect another policy changes. */
export interface Change {
  session: string;
  call: number;
  time: string;
  server: string;
  tool: string;
  before: { effect: Effect; rule: string };
  /** `undecidable`: it depends on something that the record does not hold; then `could` has what it could be. */
  after: { effect: Effect | 'undecidable'; rule: string; reason: string };
  could?: Effect[];
  /** What the record does not hold. */
  lost?: string[];
}

/** Questions to people on one day (UTC). */
export interface Day {
  day: string;
  before: number;
  after: number;
}

export interface Replay {
  calls: number;
  same: number;
  changes: Change[];
  undecidable: Change[];
  /** A call that is undecidable counts as a question after. */
  days: Day[];
  /** Over the days from the first call to the last. */
  approvalsPerDay: { before: number; after: number };
}

const DAY_MS = 86_400_000;
/** Whether what is built in decided, and would under this policy too. */
function isBuiltIn({ rule, server }: CallRecord, policy: Policy): boolean {
  if (rule === FIRST_USE) return asksFirst(policy, server);
  return rule.startsWith('builtin:') && rule !== OF_NO_POLICY;
}

const OF_NO_POLICY = 'builtin:plain-read';

/** Decides recorded calls, in their order, by another policy. Limits begin with the first of them. Pure. */
export function replay(calls: readonly CallRecord[], policy: Policy, places: OwnPlaces): Replay {
  const replaying = new Replaying(policy, places);
  for (const call of calls) replaying.take(call);
  return replaying.result();
}

class Replaying {
  private readonly policy: Policy;
  private readonly places: OwnPlaces;
  private readonly spentCalls = new SpentCalls();
  private readonly changes: Change[] = [];
  private readonly undecidable: Change[] = [];
  private readonly days = new Map<string, Day>();
  private calls = 0;
  /** Calls that used something up and later gave it back, with the time of that. */
  private waiting: { call: string; until: number }[] = [];

  constructor(policy: Policy, places: OwnPlaces) {
    this.policy = policy;
    this.places = places;
  }

  take(record: CallRecord): void {
    this.calls += 1;
    const now = Date.parse(record.time);
    this.giveBack(now);
    const spent = ({ key, windowMs }: Over): Decimal => this.spentCalls.total(key, now - windowMs);
    const { places } = this;
    const call = callOf(record);
    const { effects, decision, lost } = possibleEffects(call.call, this.policy, {
      places,
      now,
      spent,
      lost: call.lost,
      tool: toolOf(record),
    });
    const own = isBuiltIn(record, this.policy);
    const [effect = 'deny'] = own ? [record.effect] : effects;
    const open = !own && effects.length > 1;
    if (effect !== 'deny') this.use(record, now, decision.counted);
    this.count(record, open || effect === 'escalate');
    if (!open && effect === record.effect) return;
    const { session, call: number, time, server, tool, rule } = record;
    const change: Change = {
      session,
      call: number,
      time,
      server,
      tool,
      before: { effect: record.effect, rule },
      after: { effect: open ? 'undecidable' : effect, rule: decision.rule, reason: decision.reason },
    };
    if (open) this.undecidable.push({ ...change, could: effects, lost });
    else this.changes.push(change);
  }

  /** A call that waits counts until it is known that it will not run. */
  private use(
    { session, call: number, givenBack }: CallRecord,
    now: number,
    counted: readonly Counted[],
  ): void {
    const call = `${session}#${number}`;
    this.spentCalls.use(call, now, counted);
    if (givenBack !== undefined) this.waiting.push({ call, until: Date.parse(givenBack) });
  }

  private giveBack(now: number): void {
    for (const { call, until } of this.waiting) if (until <= now) this.spentCalls.giveBack(call);
    this.waiting = this.waiting.filter(({ until }) => until > now);
  }

  result(): Replay {
    const { calls, changes, undecidable } = this;
    const days = [...this.days.values()].sort((a, b) => (a.day < b.day ? -1 : 1));
    const first = Date.parse(days[0]?.day ?? '');
    const last = Date.parse(days.at(-1)?.day ?? '');
    const span = days.length === 0 ? 1 : (last - first) / DAY_MS + 1;
    const perDay = (of: 'before' | 'after'): number =>
      Math.round((days.reduce((sum, day) => sum + day[of], 0) / span) * 10) / 10;
    return {
      calls,
      same: calls - changes.length - undecidable.length,
      changes,
      undecidable,
      days,
      approvalsPerDay: { before: perDay('before'), after: perDay('after') },
    };
  }

  /** A call that went on under an earlier approval asked nobody, and would not after either. */
  private count(record: CallRecord, asks: boolean): void {
    const name = record.time.slice(0, 10);
    const day = this.days.get(name) ?? { day: name, before: 0, after: 0 };
    const { effect, pass, grant, continues, refused } = record;
    const free = [pass, grant, continues, refused].some((one) => one !== undefined);
    if (effect === 'escalate' && !free) day.before += 1;
    if (asks && !(effect === 'escalate' && free)) day.after += 1;
    this.days.set(name, day);
  }
}

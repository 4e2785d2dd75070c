import { strongest } from '../../policy/decide/ladder.ts';
import type { Decision, Level, Obligations } from '../../policy/decide/types.ts';
import type { Refusal } from '../../protocol/answers.ts';
import * as refusals from '../../protocol/refusals.ts';
import type { Hold } from './hold.ts';
import { type Queue, type Step, withHold } from './queue-state.ts';
import type { HoldRecord } from './records.ts';

/** Why a call that waits is refused under another policy; undefined: it waits on. What cannot be decided is refused. */
export function refusalUnder(decision: Decision | undefined): Refusal | undefined {
  if (decision === undefined) return refusals.faulted('The policy that was applied cannot decide this call.');
  // Who only observes refuses nothing.
  if (decision.observed === true) return undefined;
  return decision.effect === 'deny' ? refusals.denied(decision.rule, decision.reason) : undefined;
}

/** A call that waits takes what either policy asks for. What was approved so far was under less, and counts no more. */
export function tightenedBy(queue: Queue, hold: Hold, decision: Decision | undefined): Step {
  const asked = decision?.effect === 'escalate' ? decision.obligations : undefined;
  if (asked === undefined) return { queue, effects: [] };
  const obligations = both(hold.held.obligations, asked);
  if (spelled(obligations) === spelled(hold.held.obligations)) return { queue, effects: [] };
  const next: Hold = { ...hold, held: { ...hold.held, obligations }, tally: [] };
  const { expected: _, ...recorded } = obligations;
  const record: HoldRecord = {
    type: 'hold',
    call: hold.held.call,
    hold: hold.id,
    event: 'tightened',
    obligations: recorded,
    expiresAt: new Date(hold.expiresAt).toISOString(),
  };
  // Asking for more needs no record to count.
  const told = [{ do: 'show' as const, hold: next }];
  return {
    queue: withHold(queue, next),
    effects: [{ do: 'commit', records: [record], durable: false, written: told, unwritten: () => told }],
  };
}

const LEVELS: readonly Level[] = ['low', 'high', 'critical'];
const spelled = (obligations: Obligations): string =>
  JSON.stringify(obligations, Object.keys(obligations).sort());

/** The stricter of each. Its time runs on as it began. */
function both(before: Obligations, asked: Obligations): Obligations {
  const { approvers: some, timeoutMs } = before;
  const { approvers: others } = asked;
  const confirm = strongest([before.confirm, asked.confirm]) ?? asked.confirm;
  return {
    timeoutMs,
    confirm,
    // What a text is asked for by one of them only is that one's.
    expected: before.confirm === confirm ? before.expected : asked.expected,
    level: LEVELS[Math.max(LEVELS.indexOf(before.level), LEVELS.indexOf(asked.level))] ?? asked.level,
    seen: before.seen === 'all' || asked.seen === 'all' ? 'all' : 'told',
    large: before.large && asked.large,
    show: [...new Set([...before.show, ...asked.show])],
    approvals: Math.max(before.approvals, asked.approvals),
    approvers: some === null ? others : others === null ? some : some.filter((name) => others.includes(name)),
    sign: before.sign || asked.sign,
    remember: before.remember && asked.remember,
  };
}

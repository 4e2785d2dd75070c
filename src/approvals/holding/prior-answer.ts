import { sameTerms } from '../../policy/decide/terms.ts';
import { type Grant, grants, mostAnHour } from './grant.ts';
import { type Continuation, callerOf, due, type HeldCall, type Hold, type Now, type Pass } from './hold.ts';
import { type Effect, passEnded, type Queue, type QueueEvent } from './queue-state.ts';
import type { HoldRecord } from './records.ts';

type Escalated = Extract<QueueEvent, { type: 'escalated' }>;

/** What lets a call through that nobody is asked about any more, as its `forward` record says it. */
export type Origin = Pick<Extract<HoldRecord, { type: 'forward' }>, 'continues' | 'pass' | 'grant'>;

/** What was answered before about a call that comes in: `queue` is what is left once it is used up. */
export interface Prior {
  queue: Queue;
  origin: Origin | undefined;
  /** What follows from an approval that holds no more. */
  ended: Effect[];
}

/**
 * Whether an approval was given before that covers this call: of the call that it repeats (2026-07-28), of the same
 * call whose client was told to ask again, or for calls like it. The first two are used up, a grant is not. Each holds
 * only under the terms that a person saw: `sameTerms()`, for grants `sameGround()` and no more obligations.
 */
export function priorAnswer(queue: Queue, event: Escalated, now: Now): Prior {
  const repeated = queue.continuations.find((one) => one.call === event.repeats);
  if (repeated !== undefined && holds(repeated, event.held, now)) {
    const continuations = queue.continuations.filter((one) => one !== repeated);
    return { queue: { ...queue, continuations }, origin: { continues: repeated.call }, ended: [] };
  }
  const pass = passFor(queue, event.held);
  if (pass === undefined) return { ...granted(queue, event, now), ended: [] };
  const left = { ...queue, passes: queue.passes.filter((one) => one !== pass) };
  if (holds(pass, event.held, now)) return { queue: left, origin: { pass: pass.hold }, ended: [] };
  return { ...granted(left, event, now), ended: [overdue(pass, now)] };
}

/** The same question, asked before by a client that was told to ask again: nobody is asked twice. */
export function detachedTwin(queue: Queue, held: HeldCall): Hold | undefined {
  return [...queue.holds.values()].find(
    (hold) => hold.state === 'detached' && sameCall(hold.held, held) && sameTerms(hold.held, held),
  );
}

function holds(given: Pass | Continuation, held: HeldCall, now: Now): boolean {
  return !due(given, now) && sameTerms(given, held);
}

function sameCall(one: HeldCall, other: HeldCall): boolean {
  return one.callDigest === other.callDigest && callerOf(one) === callerOf(other);
}

function passFor({ passes }: Queue, held: HeldCall): Pass | undefined {
  return passes.find((one) => one.callDigest === held.callDigest && one.caller === callerOf(held));
}

const HOUR_MS = 3_600_000;

/** By a grant that has not let through too many already: each use of one that is limited is counted. */
function granted(queue: Queue, event: Escalated, now: Now): Pick<Prior, 'queue' | 'origin'> {
  const lately = (id: string) => (queue.uses.get(id) ?? []).filter((at) => at > now.mono - HOUR_MS);
  const free = (grant: Grant) => lately(grant.id).length < mostAnHour(grant);
  const own = queue.grants.find((one) => grants(one, event.asking, now) && free(one));
  const grant = own ?? (event.kept !== undefined && free(event.kept) ? event.kept : undefined);
  if (grant === undefined) return { queue, origin: undefined };
  const origin = { grant: grant.id };
  if (mostAnHour(grant) === Number.POSITIVE_INFINITY) return { queue, origin };
  const uses = new Map(queue.uses).set(grant.id, [...lately(grant.id), now.mono]);
  return { queue: { ...queue, uses }, origin };
}

function overdue(pass: Pass, now: Now): Effect {
  return due(pass, now)
    ? passEnded(pass, 'expired', 'approved, but its client did not repeat the call in time')
    : passEnded(pass, 'withdrawn', 'the terms it was approved under have changed');
}

import * as refusals from '../../protocol/refusals.ts';
import { admit } from './admit.ts';
import { judgeVerdict } from './apply-verdict.ts';
import { withApproved } from './approved-calls.ts';
import { isHasty } from './brake.ts';
import { close } from './close-hold.ts';
import { askedAnew, edited } from './decided-anew.ts';
import { isOver } from './grant.ts';
import { due, type Hold, type Now } from './hold.ts';
import {
  brakeChange,
  type Effect,
  passEnded,
  type Queue,
  type QueueEvent,
  type QueueSettings,
  type Step,
  withHold,
  without,
} from './queue-state.ts';
import type { HoldRecord } from './records.ts';
import { refusalUnder, tightenedBy } from './under-policy.ts';

/** The next state and what follows from it. Pure: all times come in `now`. */
export function reduce(queue: Queue, event: QueueEvent, now: Now, settings: QueueSettings): Step {
  switch (event.type) {
    case 'escalated':
      return admit(queue, event, now, settings);
    case 'askedAgain':
      return askedAgain(queue, event, now);
    case 'verdict':
      return judgeVerdict(queue, event, now, settings);
    case 'approved':
      return approved(queue, event, now);
    case 'accepted':
      return askedAnew(queue, now);
    case 'revoked':
      return revoked(queue, event);
    case 'edited':
      return edited(queue, event, now);
    case 'cancelled': {
      const hold = [...queue.holds.values()].find((one) => one.request === event.request);
      if (hold === undefined) return { queue, effects: [] };
      return close(queue, hold, now, {
        verdict: 'withdrawn',
        reason: event.why ?? 'cancelled by the client',
      });
    }
    case 'tick':
      return tick(queue, now, settings);
    case 'abandoned':
      return {
        queue: {
          ...without(queue, event.hold),
          passes: queue.passes.filter((pass) => pass.hold !== event.hold),
        },
        effects: [],
      };
    case 'ungranted':
      return {
        queue: { ...queue, grants: queue.grants.filter((one) => one.id !== event.grant) },
        effects: [],
      };
    case 'uncounted': {
      const hold = queue.holds.get(event.hold);
      if (hold === undefined) return { queue, effects: [] };
      const tally = hold.tally.filter((one) => one.key !== event.key);
      return { queue: withHold(queue, { ...hold, tally }), effects: [] };
    }
    case 'policy':
      return underPolicy(queue, event, now);
    case 'stopped':
      return stopped(queue, event.why, now);
    case 'ended':
      return ended(queue, event.why, now);
  }
}

/** Of more than these the oldest are forgotten, and their repetitions are asked about. */
const MOST_CONTINUATIONS = 1_024;
/** How long a repetition goes on under the first approval: as long as a pass by default (`approvals.passFor`). */
const REPEATED_WITHIN_MS = 15 * 60_000;

function askedAgain(
  queue: Queue,
  { call, terms }: Extract<QueueEvent, { type: 'askedAgain' }>,
  now: Now,
): Step {
  const expiresAt = now.wall + REPEATED_WITHIN_MS;
  const expiresMono = now.mono + REPEATED_WITHIN_MS;
  const known = [...queue.continuations, { ...terms, call, expiresAt, expiresMono }];
  return { queue: { ...queue, continuations: known.slice(-MOST_CONTINUATIONS) }, effects: [] };
}

/** What is approved is what the next call of its tool is compared with; and how soon it came. */
function approved(
  queue: Queue,
  { hold, verdict, whole }: Extract<QueueEvent, { type: 'approved' }>,
  now: Now,
): Step {
  const hasty = isHasty(hold, verdict, now) ? queue.hasty + 1 : 0;
  const known = queue.approved;
  const calls = whole ? withApproved(known, hold.held, { at: now.wall, by: verdict.by.name }) : known;
  return { queue: { ...queue, hasty, approved: calls }, effects: brakeChange(queue.hasty, hasty) };
}

/** Taking a permission back is recorded, and done whether or not that can be: nothing runs by it. */
function revoked(queue: Queue, { grant, by, ref }: Extract<QueueEvent, { type: 'revoked' }>): Step {
  if (!queue.grants.some((one) => one.id === grant)) {
    return {
      queue,
      effects: [{ do: 'reply', ref, ok: false, message: `This session holds no grant ${grant}.` }],
    };
  }
  const told: Effect[] = [{ do: 'reply', ref, ok: true, message: `Grant ${grant} is revoked.` }];
  const record: HoldRecord = { type: 'grant', event: 'revoked', grant, by };
  return {
    queue: { ...queue, grants: queue.grants.filter((one) => one.id !== grant) },
    effects: [{ do: 'commit', records: [record], durable: true, written: told, unwritten: () => told }],
  };
}

function tick(queue: Queue, now: Now, settings: QueueSettings): Step {
  let next: Queue = {
    ...queue,
    passes: queue.passes.filter((pass) => !due(pass, now)),
    continuations: queue.continuations.filter((one) => !due(one, now)),
    grants: queue.grants.filter((grant) => !isOver(grant, now)),
    coolDowns: new Map([...queue.coolDowns].filter(([, { until }]) => until > now.mono)),
  };
  const effects: Effect[] = queue.passes
    .filter((pass) => due(pass, now))
    .map((pass) => passEnded(pass, 'expired', 'approved, but its client did not repeat the call in time'));
  for (const hold of queue.holds.values()) {
    const step = due(hold, now)
      ? close(next, hold, now, { verdict: 'expired', reason: 'nobody decided in time' })
      : hold.answerByMono !== undefined && now.mono >= hold.answerByMono
        ? detach(next, hold, now, settings)
        : undefined;
    if (step === undefined) continue;
    next = step.queue;
    effects.push(...step.effects);
  }
  return { queue: next, effects };
}

function detach(queue: Queue, hold: Hold, now: Now, settings: QueueSettings): Step {
  const { request } = hold;
  if (request === undefined) return { queue, effects: [] };
  const detached = [...queue.holds.values()].filter((one) => one.state === 'detached').length;
  if (detached >= settings.maxLive) {
    return close(queue, hold, now, { verdict: 'expired', reason: 'too many calls wait to be asked again' });
  }
  const next: Hold = {
    ...hold,
    state: 'detached',
    request: undefined,
    answerBy: undefined,
    answerByMono: undefined,
  };
  const told: Effect[] = [
    { do: 'refuse', request, refusal: refusals.waiting(hold.id, hold.held) },
    { do: 'show', hold: next },
  ];
  const record: HoldRecord = { type: 'hold', call: hold.held.call, hold: hold.id, event: 'detached' };
  return {
    queue: withHold(queue, next),
    // The client's clock runs whether or not the record can be written; nothing is executed by telling it.
    effects: [{ do: 'commit', records: [record], durable: false, written: told, unwritten: () => told }],
  };
}

/** What was approved before and waits counts only while what asked about it says the same; grants as well. */
function underPolicy(
  queue: Queue,
  { decisions, same }: Extract<QueueEvent, { type: 'policy' }>,
  now: Now,
): Step {
  const fits = ({ matched }: { matched: readonly string[] }): boolean => same(matched);
  const { passes, continuations, grants } = queue;
  let next: Queue = {
    ...queue,
    passes: passes.filter(fits),
    continuations: continuations.filter(fits),
    grants: grants.filter(fits),
  };
  const effects: Effect[] = passes
    .filter((pass) => !fits(pass))
    .map((pass) => passEnded(pass, 'withdrawn', 'another policy was applied'));
  for (const hold of queue.holds.values()) {
    const decision = decisions.get(hold.id);
    const refusal = refusalUnder(decision);
    const step =
      refusal === undefined
        ? tightenedBy(next, hold, decision)
        : close(next, hold, now, { verdict: 'withdrawn', reason: DENIED_NOW, refusal });
    next = step.queue;
    effects.push(...step.effects);
  }
  return { queue: next, effects };
}

const DENIED_NOW = 'another policy was applied, and it denies the call';

const STOPPED = 'everything was stopped';

/** What stands for later calls stays: grants, and that a call was just rejected. */
function stopped(queue: Queue, why: string, now: Now): Step {
  let next: Queue = { ...queue, passes: [], continuations: [] };
  const effects: Effect[] = queue.passes.map((pass) => passEnded(pass, 'withdrawn', STOPPED));
  for (const hold of queue.holds.values()) {
    const refusal = refusals.stopped(why);
    const step = close(next, hold, now, { verdict: 'withdrawn', reason: STOPPED, refusal });
    next = step.queue;
    effects.push(...step.effects);
  }
  return { queue: next, effects };
}

function ended(queue: Queue, why: string, now: Now): Step {
  let next: Queue = { ...queue, passes: [], continuations: [], grants: [], coolDowns: new Map() };
  const effects: Effect[] = [];
  for (const hold of queue.holds.values()) {
    const refusal =
      why === 'client gone'
        ? {}
        : { refusal: why === 'server gone' ? refusals.serverGone() : refusals.sessionEnded() };
    const reason = hold.state === 'detached' ? 'session ended' : why;
    const step = close(next, hold, now, { verdict: 'withdrawn', reason, ...refusal });
    next = step.queue;
    effects.push(...step.effects);
  }
  for (const pass of queue.passes)
    effects.push(passEnded(pass, 'withdrawn', 'session ended before the call was repeated'));
  return { queue: next, effects };
}

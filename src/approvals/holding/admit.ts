import type { Refusal } from '../../protocol/answers.ts';
import * as refusals from '../../protocol/refusals.ts';
import type { Hold, Now } from './hold.ts';
import { detachedTwin, type Origin, priorAnswer } from './prior-answer.ts';
import {
  coolDownKey,
  type Effect,
  type Queue,
  type QueueEvent,
  type QueueSettings,
  type Step,
  withHold,
} from './queue-state.ts';
import type { HoldRecord } from './records.ts';

type NotAsked = Extract<HoldRecord, { type: 'refusal'; digest: string }>['cause'];
type Escalated = Extract<QueueEvent, { type: 'escalated' }>;

/** What waits is kept in memory: two calls of the greatest length, or very many ordinary ones. */
const MAX_HELD_BYTES = 64 * 1024 * 1024;

/** An escalated call comes in: it was answered before, attaches to a detached hold, is refused, or becomes a hold. */
export function admit(queue: Queue, event: Escalated, now: Now, settings: QueueSettings): Step {
  // Whoever changed it approves it on a card of its own, whatever was permitted before.
  if (event.held.edited !== undefined) return ask(queue, event, now, settings);
  const { queue: left, origin, ended } = priorAnswer(queue, event, now);
  const step = origin === undefined ? ask(left, event, now, settings) : released(left, origin, event);
  return { queue: step.queue, effects: [...ended, ...step.effects] };
}

function ask(queue: Queue, event: Escalated, now: Now, settings: QueueSettings): Step {
  const { held } = event;
  if (event.unmet !== undefined) return refuse(queue, event, 'unmet', refusals.unmet(event.unmet));
  const anew = held.edited === undefined;
  const rejected = queue.coolDowns.get(coolDownKey(held));
  if (anew && rejected !== undefined && now.mono < rejected.until) {
    const seconds = Math.ceil((rejected.until - now.mono) / 1000);
    return refuse(queue, event, 'cool-down', refusals.coolingDown(seconds, rejected.reason));
  }
  const twin = anew ? detachedTwin(queue, held) : undefined;
  if (twin !== undefined) return attach(queue, twin, event, now);
  if (event.approvers === 0 && settings.headless === 'deny') {
    return refuse(queue, event, 'no-approver', refusals.noApprover());
  }
  const holds = [...queue.holds.values()];
  const live = holds.filter((hold) => hold.state === 'live').length;
  const bytes = holds.reduce((sum, hold) => sum + hold.held.bytes, held.bytes);
  if (live >= settings.maxLive || holds.length >= 2 * settings.maxLive || bytes > MAX_HELD_BYTES) {
    return refuse(queue, event, 'flood', refusals.flooded(settings.maxLive));
  }
  return open(queue, event, now);
}

/** Nobody is asked. The client is told whether or not that can be recorded: nothing runs by telling it. */
function refuse(queue: Queue, event: Escalated, cause: NotAsked, refusal: Refusal): Step {
  const { held, request } = event;
  const { call, digest, bytes } = held;
  const told: Effect[] = [{ do: 'refuse', request, refusal }];
  const record: HoldRecord = { type: 'refusal', call, cause, digest, bytes };
  return {
    queue,
    effects: [{ do: 'commit', records: [record], durable: false, written: told, unwritten: () => told }],
  };
}

function released(queue: Queue, origin: Origin, event: Escalated): Step {
  const { request, held } = event;
  const record: HoldRecord = { type: 'forward', call: held.call, ...origin };
  return {
    queue,
    effects: [
      {
        do: 'commit',
        records: [record],
        durable: true,
        written: [{ do: 'forward', request, digest: held.digest }],
        unwritten: (cause) => [{ do: 'refuse', request, refusal: refusals.auditUnwritable(cause) }],
      },
    ],
  };
}

function open(queue: Queue, event: Escalated, now: Now): Step {
  const { id, held, request } = event;
  const hold: Hold = {
    id,
    held,
    state: 'live',
    request,
    openedAt: now.wall,
    openedMono: now.mono,
    expiresAt: now.wall + held.obligations.timeoutMs,
    expiresMono: now.mono + held.obligations.timeoutMs,
    ...answerBy(event, now),
    nonce: event.nonce,
    tally: [],
  };
  return { queue: withHold(queue, hold), effects: [waitRecorded(hold, 'opened')] };
}

function attach(queue: Queue, twin: Hold, event: Escalated, now: Now): Step {
  const hold: Hold = {
    ...twin,
    held: event.held,
    state: 'live',
    request: event.request,
    ...answerBy(event, now),
  };
  return { queue: withHold(queue, hold), effects: [waitRecorded(hold, 'attached')] };
}

/** Undefined when the client waits longer than the hold lasts. */
function answerBy({ answerWithinMs: within }: Escalated, now: Now): Pick<Hold, 'answerBy' | 'answerByMono'> {
  if (within === undefined) return { answerBy: undefined, answerByMono: undefined };
  return { answerBy: now.wall + within, answerByMono: now.mono + within };
}

function waitRecorded(hold: Hold, event: 'opened' | 'attached'): Effect {
  const { request } = hold;
  const { expected: _, ...obligations } = hold.held.obligations;
  const record: HoldRecord = {
    type: 'hold',
    call: hold.held.call,
    hold: hold.id,
    event,
    obligations,
    expiresAt: new Date(hold.expiresAt).toISOString(),
  };
  return {
    do: 'commit',
    records: [record],
    durable: false,
    written: [{ do: 'show', hold }],
    unwritten: (cause) => [
      { do: 'abandon', hold: hold.id },
      ...(request === undefined
        ? []
        : [{ do: 'refuse' as const, request, refusal: refusals.auditUnwritable(cause) }]),
    ],
  };
}

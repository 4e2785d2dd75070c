import type { Refusal } from '../protocol/answers.ts';
import * as refusals from '../protocol/refusals.ts';
import { callerOf, due, type HeldCall, type Hold, type Now, type Pass } from './hold.ts';
import {
  coolDownKey,
  type Effect,
  passEnded,
  type Queue,
  type QueueEvent,
  type QueueSettings,
  type Step,
  withHold,
} from './queue-state.ts';
import type { HoldRecord } from './records.ts';

type Escalated = Extract<QueueEvent, { type: 'escalated' }>;

/** An escalated call comes in: it spends a pass, attaches to a detached hold, is refused, or becomes a hold. */
export function admit(queue: Queue, event: Escalated, now: Now, settings: QueueSettings): Step {
  const { held, request } = event;
  const refuse = (refusal: Refusal): Step => ({ queue, effects: [{ do: 'refuse', request, refusal }] });
  const pass = queue.passes.find(
    (one) => one.callDigest === held.callDigest && one.caller === callerOf(held),
  );
  if (pass !== undefined) {
    const spent = { ...queue, passes: queue.passes.filter((one) => one !== pass) };
    if (!due(pass, now) && isFor(pass, held)) return spend(spent, pass, event);
    const again = admit(spent, event, now, settings);
    return {
      queue: again.queue,
      effects: [
        passEnded(pass, 'withdrawn', 'the terms it was approved under have changed'),
        ...again.effects,
      ],
    };
  }
  const until = queue.coolDowns.get(coolDownKey(held));
  if (until !== undefined && now.mono < until) {
    return refuse(refusals.coolingDown(Math.ceil((until - now.mono) / 1000)));
  }
  const twin = [...queue.holds.values()].find(
    (hold) =>
      hold.state === 'detached' &&
      hold.held.callDigest === held.callDigest &&
      callerOf(hold.held) === callerOf(held) &&
      sameTerms(hold.held, held),
  );
  if (twin !== undefined) return attach(queue, twin, event, now);
  if (event.approvers === 0 && settings.headless === 'deny') return refuse(refusals.noApprover());
  const live = [...queue.holds.values()].filter((hold) => hold.state === 'live').length;
  if (live >= settings.maxLive || queue.holds.size >= 2 * settings.maxLive)
    return refuse(refusals.flooded(settings.maxLive));
  return open(queue, event, now);
}

function sameTerms(a: { matched: string[]; obligations: unknown }, b: HeldCall): boolean {
  return JSON.stringify([a.matched, a.obligations]) === JSON.stringify([b.matched, b.obligations]);
}

const isFor = (pass: Pass, held: HeldCall): boolean => sameTerms(pass, held);

function spend(queue: Queue, pass: Pass, event: Escalated): Step {
  const { request, held } = event;
  const record: HoldRecord = { type: 'forward', call: held.call, pass: pass.hold };
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
    answerByMono: answerBy(event, now),
  };
  return { queue: withHold(queue, hold), effects: [waitRecorded(hold, 'opened')] };
}

function attach(queue: Queue, twin: Hold, event: Escalated, now: Now): Step {
  const hold: Hold = {
    ...twin,
    held: event.held,
    state: 'live',
    request: event.request,
    answerByMono: answerBy(event, now),
  };
  return { queue: withHold(queue, hold), effects: [waitRecorded(hold, 'attached')] };
}

/** Undefined when the client waits longer than the hold lasts. */
function answerBy(event: Escalated, now: Now): number | undefined {
  const within = event.answerWithinMs;
  return within === undefined ? undefined : now.mono + within;
}

function waitRecorded(hold: Hold, event: 'opened' | 'attached'): Effect {
  const { request } = hold;
  const record: HoldRecord = {
    type: 'hold',
    call: hold.held.call,
    hold: hold.id,
    event,
    obligations: hold.held.obligations,
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

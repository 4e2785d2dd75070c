import * as refusals from '../protocol/refusals.ts';
import { callerOf, type Hold, type Now, type Pass, type Verdict } from './hold.ts';
import {
  coolDownKey,
  type Effect,
  type Queue,
  type QueueSettings,
  type Step,
  without,
} from './queue-state.ts';
import type { HoldRecord } from './records.ts';

interface VerdictEvent {
  verdict: Verdict;
  ref: number;
}

/** A person's answer: checked against what the hold demands, recorded, and only then put into effect. */
export function judgeVerdict(queue: Queue, event: VerdictEvent, now: Now, settings: QueueSettings): Step {
  const { verdict, ref } = event;
  const hold = queue.holds.get(verdict.hold);
  const fault = hold === undefined ? gone(queue, verdict) : objection(hold, verdict);
  if (hold === undefined || fault !== undefined) {
    return { queue, effects: [{ do: 'reply', ref, ok: false, message: fault ?? '' }] };
  }
  return verdict.verdict === 'reject'
    ? rejected(queue, hold, event, { now, settings })
    : approved(queue, hold, event, { now, settings });
}

function gone(queue: Queue, verdict: Verdict): string {
  if (queue.passes.some((pass) => pass.hold === verdict.hold)) {
    return `Hold ${verdict.hold} was approved already; it waits for its client to repeat the call.`;
  }
  return `Hold ${verdict.hold} no longer waits: it was decided, cancelled or ran out of time. Nothing was executed by this answer.`;
}

/** Why an approval does not count. A rejection always does, if it names what was shown. */
function objection(hold: Hold, verdict: Verdict): string | undefined {
  const { held } = hold;
  if (verdict.digest !== held.digest || verdict.callDigest !== held.callDigest) {
    return `Hold ${hold.id} is not what you were shown: its client repeated the call just now. Look at it again.`;
  }
  if (
    verdict.verdict === 'approve' &&
    held.obligations.confirm === 'type' &&
    verdict.confirmation !== held.tool
  ) {
    return `Hold ${hold.id} asks you to type the name of its tool before it can be approved.`;
  }
  return undefined;
}

interface Context {
  now: Now;
  settings: QueueSettings;
}

function verdictRecord(hold: Hold, verdict: Verdict, now: Now): HoldRecord {
  return {
    type: 'verdict',
    call: hold.held.call,
    hold: hold.id,
    verdict: verdict.verdict,
    by: verdict.by,
    ...(verdict.reason === undefined ? {} : { reason: verdict.reason }),
    waitMs: Math.round(now.mono - hold.openedMono),
    ...(verdict.dwellMs === undefined ? {} : { dwellMs: verdict.dwellMs }),
  };
}

function rejected(queue: Queue, hold: Hold, event: VerdictEvent, { now, settings }: Context): Step {
  const { verdict, ref } = event;
  const { request } = hold;
  const after: Effect[] = [
    ...(request === undefined
      ? []
      : [{ do: 'refuse' as const, request, refusal: refusals.rejected(hold.id, verdict.reason) }]),
    { do: 'closed', hold: hold.id, how: 'rejected', by: verdict.by.name },
  ];
  const reply = (message: string): Effect => ({ do: 'reply', ref, ok: true, message });
  const rest = without(queue, hold.id);
  const coolDowns = new Map(queue.coolDowns).set(coolDownKey(hold.held), now.mono + settings.coolDownMs);
  return {
    queue: { ...rest, coolDowns },
    effects: [
      {
        do: 'commit',
        records: [verdictRecord(hold, verdict, now)],
        durable: false,
        written: [...after, reply(`Rejected ${hold.id}. It was not executed.`)],
        unwritten: (cause) => [
          ...after,
          reply(`Rejected ${hold.id}, but the record could not be written: ${cause}`),
        ],
      },
    ],
  };
}

function approved(queue: Queue, hold: Hold, event: VerdictEvent, context: Context): Step {
  const { verdict, ref } = event;
  const { request, held } = hold;
  const record = verdictRecord(hold, verdict, context.now);
  const closed: Effect = { do: 'closed', hold: hold.id, how: 'approved', by: verdict.by.name };
  const rest = without(queue, hold.id);
  if (request === undefined) return passed(rest, hold, event, context);
  return {
    queue: rest,
    effects: [
      {
        do: 'commit',
        records: [record, { type: 'forward', call: held.call, hold: hold.id }],
        durable: true,
        written: [
          { do: 'forward', request, digest: verdict.digest },
          closed,
          { do: 'reply', ref, ok: true, message: `Approved ${hold.id}. The call was forwarded.` },
        ],
        unwritten: (cause) => [
          { do: 'refuse', request, refusal: refusals.auditUnwritable(cause) },
          { ...closed, how: 'refused: the approval could not be recorded' },
          {
            do: 'reply',
            ref,
            ok: false,
            message: `${hold.id} was not executed: the approval could not be recorded. ${cause}`,
          },
        ],
      },
    ],
  };
}

/** The client was told to ask again: the approval waits for it as a pass. */
function passed(rest: Queue, hold: Hold, event: VerdictEvent, { now, settings }: Context): Step {
  const { verdict, ref } = event;
  const { held } = hold;
  const pass: Pass = {
    hold: hold.id,
    call: held.call,
    callDigest: held.callDigest,
    caller: callerOf(held),
    matched: held.matched,
    obligations: held.obligations,
    expiresAt: now.wall + settings.passForMs,
    expiresMono: now.mono + settings.passForMs,
  };
  const message = `Approved ${hold.id}. Its client no longer waits; the call runs when the agent repeats it.`;
  return {
    queue: { ...rest, passes: [...rest.passes, pass] },
    effects: [
      {
        do: 'commit',
        records: [verdictRecord(hold, verdict, now)],
        durable: true,
        written: [
          {
            do: 'closed',
            hold: hold.id,
            how: 'approved; runs when the agent repeats it',
            by: verdict.by.name,
          },
          { do: 'reply', ref, ok: true, message },
        ],
        unwritten: (cause) => [
          { do: 'abandon', hold: hold.id },
          { do: 'closed', hold: hold.id, how: 'refused: the approval could not be recorded', by: undefined },
          {
            do: 'reply',
            ref,
            ok: false,
            message: `${hold.id} was not approved: it could not be recorded. ${cause}`,
          },
        ],
      },
    ],
  };
}

import * as refusals from '../../protocol/refusals.ts';
import { acceptServer, accepts, asksOfServer } from './accept-server.ts';
import { type Braking, isBraked } from './brake.ts';
import { type Given, withGrant } from './given-grant.ts';
import { callerOf, type Hold, type Now, type Pass, type Verdict } from './hold.ts';
import { objection } from './objections.ts';
import {
  brakeChange,
  coolDownKey,
  type Effect,
  type Queue,
  type QueueSettings,
  type Step,
  withHold,
  without,
} from './queue-state.ts';
import { type Context, type VerdictEvent, verdictRecord } from './verdict-record.ts';

/** A person's answer: checked against what the hold demands, recorded, and only then put into effect. */
export function judgeVerdict(queue: Queue, event: VerdictEvent, now: Now, settings: QueueSettings): Step {
  const { verdict, ref } = event;
  const hold = queue.holds.get(verdict.hold);
  const fault =
    hold === undefined
      ? gone(queue, verdict)
      : objection(hold, verdict, { ...braking(queue, event, settings), now });
  if (hold === undefined || fault !== undefined) {
    return { queue, effects: [{ do: 'reply', ref, ok: false, message: fault ?? '' }] };
  }
  const context = { queue, now, settings };
  if (verdict.verdict === 'reject') return rejected(hold, event, context);
  return hold.tally.length + 1 < hold.held.obligations.approvals
    ? counted(hold, event, context)
    : approved(hold, event, context);
}

function braking(
  { hasty }: Queue,
  { enrolled }: VerdictEvent,
  { cli }: QueueSettings,
): Braking & Pick<QueueSettings, 'cli'> {
  return { brake: isBraked(hasty), enrolled, cli };
}

function gone(queue: Queue, verdict: Verdict): string {
  if (queue.passes.some((pass) => pass.hold === verdict.hold)) {
    return `Hold ${verdict.hold} was approved already; it waits for its client to repeat the call.`;
  }
  return `Hold ${verdict.hold} no longer waits: it was decided, cancelled or ran out of time. Nothing was executed by this answer.`;
}

/** One of several approvals that a hold needs. It is recorded and shown; nothing runs yet. */
function counted(hold: Hold, event: VerdictEvent, context: Context): Step {
  const { queue } = context;
  const { verdict, ref } = event;
  const { name, key = '' } = verdict.by;
  const tally = [...hold.tally, { name, key }];
  const next: Hold = { ...hold, tally };
  const of = hold.held.obligations.approvals;
  const missing = of - tally.length;
  const message = `Approved ${hold.id} as ${tally.length} of ${of}. ${missing === 1 ? 'One more approver is' : `${missing} more approvers are`} needed before it runs.`;
  return {
    queue: withHold(queue, next),
    effects: [
      {
        do: 'commit',
        records: [verdictRecord(hold, verdict, context)],
        durable: true,
        written: [
          { do: 'show', hold: next },
          { do: 'remember', hold, verdict, whole: false },
          { do: 'reply', ref, ok: true, message },
        ],
        unwritten: (cause) => [
          { do: 'uncount', hold: hold.id, key },
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

function rejected(hold: Hold, event: VerdictEvent, context: Context): Step {
  const { queue, now, settings } = context;
  const { verdict, ref } = event;
  const { request } = hold;
  const after: Effect[] = [
    ...(request === undefined
      ? []
      : [{ do: 'refuse' as const, request, refusal: refusals.rejected(hold.id, verdict.reason) }]),
    { do: 'closed', hold: hold.id, how: 'rejected', by: verdict.by.name },
    ...brakeChange(queue.hasty, 0),
  ];
  const reply = (message: string): Effect => ({ do: 'reply', ref, ok: true, message });
  const rest = without(queue, hold.id);
  const until = now.mono + settings.coolDownMs;
  const { reason } = verdict;
  const coolDowns = new Map(queue.coolDowns).set(coolDownKey(hold.held), { until, reason });
  return {
    queue: { ...rest, coolDowns, hasty: 0 },
    effects: [
      {
        do: 'commit',
        records: [verdictRecord(hold, verdict, context)],
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

function approved(hold: Hold, event: VerdictEvent, context: Context): Step {
  const { queue } = context;
  const { verdict, ref } = event;
  const { request, held } = hold;
  if (asksOfServer(held)) return acceptServer(hold, event, context);
  const record = verdictRecord(hold, verdict, context);
  const closed: Effect = { do: 'closed', hold: hold.id, how: 'approved', by: verdict.by.name };
  const given = withGrant(without(queue, hold.id), verdict);
  if (request === undefined) return becomesPass(given, hold, event, context);
  return {
    queue: given.queue,
    effects: [
      {
        do: 'commit',
        records: [record, ...given.records, { type: 'forward', call: held.call, hold: hold.id }],
        durable: true,
        written: [
          { do: 'forward', request, digest: verdict.digest },
          closed,
          { do: 'remember', hold, verdict, whole: true },
          ...accepts(held),
          ...given.keep,
          {
            do: 'reply',
            ref,
            ok: true,
            message: `Approved ${hold.id}. The call was forwarded.${given.told}`,
          },
        ],
        unwritten: (cause) => [
          ...given.takeBack,
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
function becomesPass(given: Given, hold: Hold, event: VerdictEvent, context: Context): Step {
  const { now, settings } = context;
  const { verdict, ref } = event;
  const { held } = hold;
  const pass: Pass = {
    hold: hold.id,
    call: held.call,
    callDigest: held.callDigest,
    caller: callerOf(held),
    matched: held.matched,
    definition: held.definition,
    obligations: held.obligations,
    expiresAt: now.wall + settings.passForMs,
    expiresMono: now.mono + settings.passForMs,
  };
  const message = `Approved ${hold.id}. Its client no longer waits; the call runs when the agent repeats it.`;
  return {
    queue: { ...given.queue, passes: [...given.queue.passes, pass] },
    effects: [
      {
        do: 'commit',
        records: [verdictRecord(hold, verdict, context), ...given.records],
        durable: true,
        written: [
          { do: 'remember', hold, verdict, whole: true },
          ...accepts(held),
          ...given.keep,
          {
            do: 'closed',
            hold: hold.id,
            how: 'approved; runs when the agent repeats it',
            by: verdict.by.name,
          },
          { do: 'reply', ref, ok: true, message },
        ],
        unwritten: (cause) => [
          ...given.takeBack,
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

import { FIRST_USE } from '../../policy/decide/decide.ts';
import * as refusals from '../../protocol/refusals.ts';
import type { Hold } from './hold.ts';
import { type Effect, type Step, without } from './queue-state.ts';
import { type Context, type VerdictEvent, verdictRecord } from './verdict-record.ts';

/** Whether what is asked is about the server, and not yet about the call. */
export function asksOfServer({ rule, accepts: digest }: Hold['held']): boolean {
  return rule === FIRST_USE && digest !== null;
}

/** Tools are accepted with it: others may wait for the same. */
export function accepts({ accepts: digest }: Hold['held']): Effect[] {
  return digest === null ? [] : [{ do: 'accepted' }];
}

/** The first question about a server: what is approved is the server, and the call is decided anew as what it is. */
export function acceptServer(hold: Hold, event: VerdictEvent, context: Context): Step {
  const { verdict, ref } = event;
  const { request, held, id } = hold;
  const by = verdict.by.name;
  const when = request === undefined ? 'when the agent repeats it' : 'now';
  const accepted = `Accepted the tools of ${held.server}. The call is decided ${when}, as what it is.`;
  const failed = `The tools of ${held.server} were not accepted: it could not be recorded.`;
  const refused: Effect[] =
    request === undefined
      ? [{ do: 'abandon', hold: id }]
      : [{ do: 'refuse', request, refusal: refusals.auditUnwritable(failed) }];
  return {
    queue: without(context.queue, id),
    effects: [
      {
        do: 'commit',
        records: [verdictRecord(hold, verdict, context)],
        durable: true,
        written: [
          { do: 'closed', hold: id, how: 'approved: its server is accepted, and it is decided anew', by },
          { do: 'remember', hold, verdict, whole: false },
          ...(request === undefined ? [] : [{ do: 'again' as const, request }]),
          { do: 'accepted' },
          { do: 'reply', ref, ok: true, message: accepted },
        ],
        unwritten: (cause) => [
          ...refused,
          { do: 'closed', hold: id, how: 'refused: the approval could not be recorded', by: undefined },
          { do: 'reply', ref, ok: false, message: `${failed} ${cause}` },
        ],
      },
    ],
  };
}

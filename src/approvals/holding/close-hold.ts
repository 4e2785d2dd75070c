import type { Refusal } from '../../protocol/answers.ts';
import * as refusals from '../../protocol/refusals.ts';
import { spell } from '../../text/duration.ts';
import type { Approver, Hold, Now } from './hold.ts';
import { type Effect, type Queue, type Step, without } from './queue-state.ts';
import type { HoldRecord } from './records.ts';

/** How a hold ends without an answer. */
export interface Ending {
  verdict: 'expired' | 'withdrawn';
  reason: string;
  /** What a waiting client is told; none when it no longer listens. */
  refusal?: Refusal;
  /** What becomes of the waiting call instead of an answer. */
  instead?: Effect[];
  /** Who changed it. */
  editor?: Approver;
}

/** It waits no more: recorded, and done whether or not it can be, for nothing runs by it. */
export function close(queue: Queue, hold: Hold, now: Now, ending: Ending): Step {
  const { request } = hold;
  const waitMs = Math.round(now.mono - hold.openedMono);
  const record: HoldRecord = {
    type: 'verdict',
    call: hold.held.call,
    hold: hold.id,
    verdict: ending.verdict,
    reason: ending.reason,
    waitMs,
    ...(ending.editor && { edited: { by: ending.editor } }),
  };
  const refusal =
    ending.refusal ?? (ending.verdict === 'expired' ? refusals.expired(hold.id, spell(waitMs)) : undefined);
  const after: Effect[] = [{ do: 'closed', hold: hold.id, how: ending.reason, by: undefined }];
  if (ending.instead !== undefined) after.push(...ending.instead);
  else if (request !== undefined)
    after.unshift(refusal === undefined ? { do: 'forget', request } : { do: 'refuse', request, refusal });
  return {
    queue: without(queue, hold.id),
    effects: [{ do: 'commit', records: [record], durable: false, written: after, unwritten: () => after }],
  };
}

import { isBraked } from './brake.ts';
import type { Hold, Now, Verdict } from './hold.ts';
import type { Queue, QueueSettings } from './queue-state.ts';
import type { HoldRecord } from './records.ts';

export interface VerdictEvent {
  verdict: Verdict;
  /** Somebody's signature counts here. */
  enrolled: boolean;
  ref: number;
}

export interface Context {
  /** As it was before the answer. */
  queue: Queue;
  now: Now;
  settings: QueueSettings;
}

/** An answer as it is written down. */
export function verdictRecord(hold: Hold, verdict: Verdict, { now, queue }: Context): HoldRecord {
  const { signature } = verdict;
  return {
    type: 'verdict',
    call: hold.held.call,
    hold: hold.id,
    verdict: verdict.verdict,
    by: verdict.by,
    ...(verdict.reason === undefined ? {} : { reason: verdict.reason }),
    waitMs: Math.round(now.mono - hold.openedMono),
    ...(verdict.dwellMs === undefined ? {} : { dwellMs: verdict.dwellMs }),
    ...(verdict.rendered === undefined ? {} : { rendered: verdict.rendered }),
    ...tallyOf(hold, verdict),
    ...(verdict.verdict === 'approve' && isBraked(queue.hasty) ? { brake: true as const } : {}),
    ...(signature === undefined
      ? {}
      : { signature: { key: signature.key, statement: signature.text, value: signature.value } }),
  };
}

/** Of an approval by several: which one it is. */
function tallyOf({ held, tally }: Hold, { verdict }: Verdict): { tally?: { count: number; of: number } } {
  const of = held.obligations.approvals;
  return verdict === 'approve' && of > 1 ? { tally: { count: tally.length + 1, of } } : {};
}

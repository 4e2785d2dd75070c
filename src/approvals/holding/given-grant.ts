import { zonedTime } from '../../text/time.ts';
import { type Grant, SESSION_END } from './grant.ts';
import type { Verdict } from './hold.ts';
import type { Effect, Queue } from './queue-state.ts';
import type { HoldRecord } from './records.ts';

/** A queue with the grant that an approval asked for, and what follows from it. */
export interface Given {
  queue: Queue;
  records: HoldRecord[];
  keep: Effect[];
  takeBack: Effect[];
  told: string;
}

const saidOf = ({ scope, tool }: Grant): string =>
  ({ call: 'The same call', rule: 'Every call of its rule', tool: `Every call of ${tool}` })[scope];

export function withGrant(queue: Queue, { grant: asked }: Verdict): Given {
  if (asked === undefined) return { queue, records: [], keep: [], takeBack: [], told: '' };
  const { grant, value } = asked;
  const { id, ...terms } = grant;
  const signature = value === undefined || grant.key === null ? {} : { signature: { key: grant.key, value } };
  const kept = value !== undefined && grant.until !== SESSION_END;
  return {
    queue: { ...queue, grants: [...queue.grants, grant] },
    records: [{ type: 'grant', event: 'given', grant: id, hold: id, ...terms, ...signature }],
    keep: kept ? [{ do: 'keep', grant, value }] : [],
    takeBack: [{ do: 'ungrant', grant: id }],
    told: ` ${saidOf(grant)} now runs without asking, until ${grant.until === SESSION_END ? 'the session ends' : zonedTime(grant.until)} (holdpoint grants revoke ${id}).`,
  };
}

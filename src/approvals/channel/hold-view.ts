import type { LastApproved } from '../holding/approved-calls.ts';
import type { Hold } from '../holding/hold.ts';
import type { HoldView } from './messages.ts';

/** The arguments of an earlier call are not sent when they are longer, in characters. */
const LONGEST_BEFORE = 1024 * 1024;

/** A hold as it crosses the socket; `last`: what was approved of its tool before. */
export function holdView(hold: Hold, last?: LastApproved): HoldView {
  const { bytes: _, ...held } = hold.held;
  return {
    ...held,
    id: hold.id,
    nonce: hold.nonce,
    approvedBy: hold.tally.map((one) => one.name),
    caller: held.caller ?? null,
    client: held.client ?? null,
    openedAt: new Date(hold.openedAt).toISOString(),
    expiresAt: new Date(hold.expiresAt).toISOString(),
    answerBy: hold.answerBy === undefined ? null : new Date(hold.answerBy).toISOString(),
    before: last === undefined ? null : beforeView(last),
    state: hold.state,
  };
}

function beforeView({ approved, at, by, argumentsText }: LastApproved): HoldView['before'] {
  const sent = argumentsText !== null && argumentsText.length <= LONGEST_BEFORE;
  return { approved, at: new Date(at).toISOString(), by, argumentsText: sent ? argumentsText : null };
}

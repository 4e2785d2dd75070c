import type { Hold } from '../holding/hold.ts';
import type { HoldView } from './messages.ts';

/** A hold as it crosses the socket. */
export function holdView(hold: Hold): HoldView {
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
    state: hold.state,
  };
}

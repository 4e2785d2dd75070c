import type { Hold } from '../holding/hold.ts';
import type { HoldView } from './messages.ts';

/** A hold as it crosses the socket. */
export function holdView(hold: Hold): HoldView {
  const { held } = hold;
  return {
    id: hold.id,
    call: held.call,
    nonce: hold.nonce,
    approvedBy: hold.tally.map((one) => one.name),
    server: held.server,
    tool: held.tool,
    argumentsText: held.argumentsText,
    digest: held.digest,
    callDigest: held.callDigest,
    keyed: held.keyed,
    rule: held.rule,
    reason: held.reason,
    caller: held.caller ?? null,
    client: held.client ?? null,
    openedAt: new Date(hold.openedAt).toISOString(),
    expiresAt: new Date(hold.expiresAt).toISOString(),
    state: hold.state,
    obligations: held.obligations,
    matched: held.matched,
    definition: held.definition,
    risk: held.risk,
    accepts: held.accepts,
    ...(held.task === undefined ? {} : { task: held.task }),
    ...(held.input === undefined ? {} : { input: held.input }),
  };
}

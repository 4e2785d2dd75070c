import { notAPerson } from '../approvals/person.ts';
import { processChain } from '../approvals/process-chain.ts';
import type { SessionView, VerdictMessage } from '../approvals/wire.ts';

/** What a person says of a hold, and of which bytes. */
export interface Said {
  hold: string;
  verdict: 'approve' | 'reject';
  digest: string;
  callDigest: string;
  dwellMs?: number;
  confirmation?: string;
  reason?: string;
}

/**
 * A terminal's verdict as it goes to the proxy, or the sentence why this terminal may not give it: an approval is
 * for a person. `approvals.cli: "off"` concerns commands, so it counts here like `person`.
 */
export function answerFrom(
  session: SessionView,
  said: Said,
  here: { env: NodeJS.ProcessEnv; isTerminal: boolean },
): { verdict: Omit<VerdictMessage, 'type' | 'ref'> } | { refusal: string } {
  const chain = processChain();
  const cli = session.cli === 'off' ? 'person' : session.cli;
  const refusal = said.verdict === 'approve' ? notAPerson({ ...here, chain }, cli, [session]) : undefined;
  if (refusal !== undefined) return { refusal };
  return { verdict: { ...said, method: 'watch', chain: chain.map((link) => link.name.slice(0, 256)) } };
}

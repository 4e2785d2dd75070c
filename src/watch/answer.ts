import type { Signer } from '../approvals/approver-key.ts';
import { notAPerson } from '../approvals/person.ts';
import { processChain } from '../approvals/process-chain.ts';
import { signAnswer } from '../approvals/signed-answer.ts';
import type { HoldView, SessionView, VerdictMessage } from '../approvals/wire.ts';
import { renderedDigest } from './rendered.ts';

/** What a person says of a hold. */
export interface Said {
  verdict: 'approve' | 'reject';
  dwellMs?: number;
  /** The text typed where the tool's name is asked for. */
  confirmation?: string;
  reason?: string;
}

export interface Here {
  env: NodeJS.ProcessEnv;
  isTerminal: boolean;
  /** The unlocked key, if there is one: then every answer is signed. */
  signer: Signer | undefined;
  /** Its passphrase was typed for this very answer. */
  passphrase: boolean;
}

export type Answer = { verdict: Omit<VerdictMessage, 'type' | 'ref'> } | { refusal: string };

/**
 * A terminal's verdict as it goes to the proxy, or the sentence why this terminal may not give it: an approval is
 * for a person. `approvals.cli: "off"` concerns commands, so it counts here like `person`.
 */
export function answerFrom(session: SessionView, hold: HoldView, said: Said, here: Here): Answer {
  const chain = processChain();
  const cli = session.cli === 'off' ? 'person' : session.cli;
  const refusal = said.verdict === 'approve' ? notAPerson({ ...here, chain }, cli, [session]) : undefined;
  if (refusal !== undefined) return { refusal };
  const { id, digest, callDigest } = hold;
  const verdict = {
    ...said,
    hold: id,
    digest,
    callDigest,
    method: 'watch' as const,
    chain: chain.map((link) => link.name.slice(0, 256)),
  };
  const rendered = renderedDigest(hold);
  if (here.signer === undefined) return { verdict: { ...verdict, rendered } };
  const confirmation = here.passphrase ? 'passphrase' : said.confirmation === undefined ? 'key' : 'type';
  return signAnswer({ session, hold, verdict, confirmation, rendered, now: Date.now() }, here.signer);
}

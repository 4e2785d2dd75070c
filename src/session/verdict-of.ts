import type { VerdictMessage } from '../approvals/channel/messages.ts';
import type { Approver, Verdict } from '../approvals/holding/hold.ts';
import type { CheckedAnswer } from '../approvals/signing/signed-answer.ts';

/** Who signed an answer, or that nobody did. */
export type Signed = { signature: undefined } | CheckedAnswer;

/** An answer as the broker judges it; `unsigned`: whose it is where nobody signed. */
export function verdictOf(
  message: VerdictMessage,
  signed: Signed,
  unsigned: Approver,
): Omit<Verdict, 'definition'> {
  const { hold, verdict, digest, callDigest, confirmation, reason, dwellMs, method, chain } = message;
  const place = message.place === undefined ? {} : { place: message.place };
  const by: Approver =
    signed.signature === undefined
      ? unsigned
      : { name: signed.name, key: signed.signature.key, method, tier: 1, chain, ...place };
  const { rendered } = message;
  const said = { hold, verdict, digest, callDigest, confirmation, reason, dwellMs, rendered };
  return { ...said, by, signature: signed.signature };
}

import type { HoldView, SessionView, VerdictMessage } from '../channel/messages.ts';
import type { Seen } from '../holding/hold.ts';
import { judgePerson, surroundings } from '../person/not-a-person.ts';
import type { Signer } from '../signing/approver-key.ts';
import { type Keyed, signAnswer } from '../signing/signed-answer.ts';
import { mustReveal, renderedOf, shownHold } from './masked-view.ts';

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
  /** A digest under the home's key. */
  keyed: Keyed;
  /** What is masked was shown. */
  revealed: boolean;
  seen: Seen;
}

/** What nobody has seen nobody can have approved. */
export const REVEAL_FIRST =
  'Part of this call is masked and must be seen before it is approved: have it shown first (r, or reveal ID).';

/** `notAPerson`: because no person seems to be here. */
export interface RefusedAnswer {
  refusal: string;
  notAPerson?: true;
}

export type Answer = { verdict: Omit<VerdictMessage, 'type' | 'ref'> } | RefusedAnswer;

/**
 * A terminal's verdict as it goes to the proxy, or the sentence why this terminal may not give it: an approval is
 * for a person. `approvals.cli: "off"` concerns commands, so it counts here like `person`.
 */
export function answerFrom(session: SessionView, hold: HoldView, said: Said, here: Here): Answer {
  const place = surroundings(here.env, here.isTerminal);
  const cli = session.cli === 'off' ? 'person' : session.cli;
  const person = judgePerson(place, said.verdict === 'approve' ? cli : 'any', [session]);
  if (person.refusal !== undefined) return { refusal: person.refusal, notAPerson: true };
  const shown = shownHold(hold, session, here.revealed);
  if (said.verdict === 'approve' && mustReveal(shown)) return { refusal: REVEAL_FIRST };
  const { id, digest, callDigest } = hold;
  const verdict = {
    ...said,
    hold: id,
    digest,
    callDigest,
    method: 'watch' as const,
    chain: place.chain.map((link) => link.name.slice(0, 256)),
    ...(person.place === undefined ? {} : { place: person.place }),
  };
  const rendered = renderedOf(shown, here.seen);
  if (here.signer === undefined) return { verdict: { ...verdict, rendered } };
  const confirmation = here.passphrase ? 'passphrase' : said.confirmation === undefined ? 'key' : 'type';
  const { signer, keyed } = here;
  return signAnswer({ session, hold, verdict, confirmation, rendered, keyed, now: Date.now() }, signer);
}

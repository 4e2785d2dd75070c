import { sha256Hex } from '../../platform/digest.ts';
import type { Confirmation } from '../../policy/decide/types.ts';
import type { HoldView, SessionView, VerdictMessage } from '../channel/messages.ts';
import type { Remember } from '../holding/grant.ts';
import type { Seen } from '../holding/hold.ts';
import { type Judged, judgePerson, surroundings } from '../person/not-a-person.ts';
import type { Signer } from '../signing/approver-key.ts';
import { type Keyed, signAnswer } from '../signing/signed-answer.ts';
import { mustReveal, renderedOf, type Shown, shownHold } from './masked-view.ts';

/** What a person says of a hold. */
export interface Said {
  verdict: 'approve' | 'reject';
  dwellMs?: number;
  /** The text typed where one is asked for. */
  confirmation?: string;
  reason?: string;
  /** The approval is for later calls too. */
  remember?: Remember;
}

export interface Here {
  /** As `personHere` found it for this very answer. */
  person: Person;
  /** The unlocked key, if there is one: then every answer is signed. */
  signer: Signer | undefined;
  /** Its passphrase was typed for this very answer. */
  passphrase: boolean;
  /** A digest under the home's key. */
  keyed: Keyed;
  /** What is masked was shown. */
  revealed: boolean;
  seen: Seen;
  /** Of a command, not of the approval terminal: all that it printed of the call. */
  printed?: string;
}

/** `notAPerson`: because no person seems to be here. */
export interface RefusedAnswer {
  refusal: string;
  notAPerson?: true;
}

export type Answer = { verdict: Omit<VerdictMessage, 'type' | 'ref'> } | RefusedAnswer;

/** Where an answer is given, and whether a person may give it there. */
export type Person = Judged & Pick<VerdictMessage, 'method' | 'chain'>;

/** `command`: not the approval terminal, but a command that was typed. */
export interface Place {
  env: NodeJS.ProcessEnv;
  isTerminal: boolean;
  command?: true;
}

/**
 * Whether this is a person's place to give such an answer from: an approval is for a person. `approvals.cli: "off"`
 * concerns commands, so in the approval terminal it counts like `person`. On macOS it starts a process per ancestor.
 */
export function personHere(
  session: SessionView,
  verdict: Said['verdict'],
  { env, isTerminal, command }: Place,
): Person {
  const place = surroundings(env, isTerminal);
  const cli = session.cli === 'off' && command === undefined ? 'person' : session.cli;
  const byCommand = isTerminal ? 'cli-tty' : 'cli';
  return {
    ...judgePerson(place, verdict === 'approve' ? cli : 'any', [session]),
    method: command === undefined ? 'watch' : byCommand,
    chain: place.chain.map((link) => link.name.slice(0, 256)),
  };
}

/** What nobody has seen nobody can have approved. */
export function unseenSecrets(shown: Shown, printed: string | undefined): string | undefined {
  if (!mustReveal(shown)) return undefined;
  const way = printed === undefined ? 'have it shown first (r, or reveal ID)' : 'add --reveal';
  return `Part of this call is masked and must be seen before it is approved: ${way}.`;
}

/** A person's verdict as it goes to the proxy, or the sentence why it may not be given here. */
export function answerFrom(session: SessionView, hold: HoldView, said: Said, here: Here): Answer {
  const { person, printed, seen } = here;
  if (person.refusal !== undefined) return { refusal: person.refusal, notAPerson: true };
  const shown = shownHold(hold, session, here.revealed);
  const unseen = said.verdict === 'approve' ? unseenSecrets(shown, printed) : undefined;
  if (unseen !== undefined) return { refusal: unseen };
  const { id, digest, callDigest } = hold;
  const verdict = {
    ...said,
    hold: id,
    digest,
    callDigest,
    method: person.method,
    chain: person.chain,
    ...(person.place === undefined ? {} : { place: person.place }),
  };
  const whole = renderedOf(shown, seen);
  const rendered = printed === undefined ? whole : { ...whole, digest: sha256Hex(printed) };
  const { signer, keyed } = here;
  if (signer === undefined) return { verdict: { ...verdict, rendered } };
  const confirmation = confirmedBy(said, here);
  return signAnswer({ session, hold, verdict, confirmation, rendered, keyed, now: Date.now() }, signer);
}

function confirmedBy({ confirmation }: Said, { passphrase }: Here): Confirmation {
  if (passphrase) return confirmation === undefined ? 'passphrase' : 'both';
  return confirmation === undefined ? 'key' : 'type';
}

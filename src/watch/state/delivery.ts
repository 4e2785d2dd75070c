import { answerFrom, personHere, type RefusedAnswer } from '../../approvals/answering/answer.ts';
import type { Signer } from '../../approvals/signing/approver-key.ts';
import type { KeyRing } from './key-ring.ts';
import { seenOf } from './looked.ts';
import { remembering } from './permits.ts';
import type { Proxies } from './proxies.ts';
import type { Entry, Intent } from './screen.ts';

export interface DeliveryOptions {
  env: NodeJS.ProcessEnv;
  keys: KeyRing;
  proxies: Proxies;
  /** An approval was refused, for no person seems to be here. Throws with a sentence when that cannot be recorded. */
  refused(hold: string, refusal: string): void;
}

/** Makes answers of what the person wants, and sends them. */
export class Delivery {
  private readonly options: DeliveryOptions;

  constructor(options: DeliveryOptions) {
    this.options = options;
  }

  /**
   * Why it was not sent, as a sentence, or undefined. `passphrase`: it was typed for this answer. `counted`: called
   * when its proxy says that it counts.
   */
  send(
    intent: Intent,
    { signer, passphrase }: { signer: Signer | undefined; passphrase: boolean },
    counted?: () => void,
  ): string | undefined {
    const { keys, env, proxies } = this.options;
    const { entry, verdict, confirmation, reason, dwellMs, looked, revealed, remember } = intent;
    const { session, hold } = entry;
    const said = {
      verdict,
      dwellMs: Math.round(dwellMs),
      ...(confirmation === undefined ? {} : { confirmation }),
      ...(reason === undefined ? {} : { reason }),
      ...(remember === undefined ? {} : { remember: remembering(remember, Date.now()) }),
    };
    const answer = answerFrom(session, hold, said, {
      keyed: keys.keyed,
      revealed,
      person: personHere(session, verdict, { env, isTerminal: true }),
      signer,
      passphrase,
      seen: seenOf(looked),
    });
    if ('refusal' in answer) return this.recorded(hold.id, answer);
    const who = signer === undefined ? 'unsigned' : `signed as ${signer.name}`;
    const about = `${hold.tool}, ${hold.digest.slice(0, 8)}, ${who}`;
    const sent = proxies.send(session.session, answer.verdict, { about, counted });
    return sent ? undefined : 'Its server has ended; nothing was executed.';
  }

  /** Why changed arguments were not sent, as a sentence, or undefined. Who may not approve here may not change either. */
  edit({ session, hold }: Entry, argumentsText: string): string | undefined {
    const { env, proxies } = this.options;
    const person = personHere(session, 'approve', { env, isTerminal: true });
    if (person.refusal !== undefined)
      return this.recorded(hold.id, { refusal: person.refusal, notAPerson: true });
    const { chain, place } = person;
    const { id, digest, callDigest } = hold;
    const edit = { hold: id, digest, callDigest, argumentsText, method: 'watch' as const, chain };
    const sent = proxies.edit(session.session, { ...edit, ...(place === undefined ? {} : { place }) });
    return sent ? undefined : `Its server has ended; nothing was changed.`;
  }

  /** What is said of a refusal, once it is in the log where it must be. */
  private recorded(hold: string, { refusal, notAPerson }: RefusedAnswer): string {
    if (notAPerson !== true) return refusal;
    try {
      this.options.refused(hold, refusal);
      return refusal;
    } catch (error) {
      return `${refusal} It could not be recorded: ${(error as Error).message}`;
    }
  }
}

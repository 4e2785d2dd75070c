import type { Link } from '../../approvals/channel/channel.ts';
import type { ProxyMessage, VerdictMessage } from '../../approvals/channel/messages.ts';
import { fieldsOf } from '../../approvals/channel/wire-fields.ts';
import { openerOf, type Signer } from '../../approvals/signing/approver-key.ts';
import type { Entry, Relay } from '../relay/relay.ts';
import type { TeamTrust } from '../trust/team-trust.ts';
import { answerEnvelope, type HoldPlace, keyOf, openNote } from './envelopes.ts';
import { answerText } from './team-channel.ts';

type Message = Parameters<Link['send']>[0];
type Result = Extract<ProxyMessage, { type: 'result' }>;

export interface SenderPorts {
  relay: Relay;
  space: string;
  trust: TeamTrust;
  signer(): Signer | undefined;
}

interface Sent {
  ref: number;
  tell(result: Result): void;
  machine: string;
  timer: NodeJS.Timeout;
}

/** More than one answer of a person to a hold: the first ones were objected to. */
const MOST_ANSWERS = 9;
const WORD_WITHIN_MS = 15_000;
const SIGNED_ONLY =
  'Over the team only a signed answer counts. Unlock your approver key (u), and answer again; nothing was sent.';
const HERE_ONLY = 'This can be done on its own machine only; nothing was sent.';

/** Sends answers to other machines, and hears what became of them. */
export class AnswerSender {
  private readonly ports: SenderPorts;
  private readonly sent = new Map<string, Sent>();

  constructor(ports: SenderPorts) {
    this.ports = ports;
  }

  /** Never rejects: what is in its way is told as its result. */
  async send(message: Message, place: HoldPlace | undefined, tell: (result: Result) => void): Promise<void> {
    const { ref } = message;
    const refuse = (said: string): void => tell({ type: 'result', ref, ok: false, message: said });
    if (message.type !== 'verdict') return refuse(HERE_ONLY);
    if (place === undefined) return refuse('That call waits no longer; nothing was sent.');
    if (message.signature === undefined) return refuse(SIGNED_ONLY);
    try {
      const why = await this.put(message, place, tell);
      if (why !== undefined) refuse(why);
    } catch (error) {
      refuse(
        `Whether your answer reached the team's relay is not known: ${(error as Error).message} It counts if it did; the record of ${place.machine} tells.`,
      );
    }
  }

  private async put(
    message: VerdictMessage,
    place: HoldPlace,
    tell: (result: Result) => void,
  ): Promise<string | undefined> {
    const { relay, space, trust } = this.ports;
    const { type: _, ref, ...verdict } = message;
    const machine = trust.machine(place.machine);
    const signer = message.signature?.key ?? '';
    if (machine === undefined)
      return `The machine ${place.machine} is not known here, so nothing can be sent to it.`;
    const text = answerText(verdict);
    for (let n = 1; n <= MOST_ANSWERS; n += 1) {
      const key = `${signer}.${keyOf(place)}.${n}`;
      const at = `${keyOf(place)}.${signer}.${n}`;
      const value = await answerEnvelope(space, key, text, machine);
      const timer = setTimeout(() => this.silent(at), WORD_WITHIN_MS);
      timer.unref();
      this.sent.set(at, { ref, tell, machine: place.machine, timer });
      if (await relay.create('answers', key, value)) return undefined;
      clearTimeout(timer);
      this.sent.delete(at);
    }
    return 'You have answered this call nine times; answer it on its own machine.';
  }

  private silent(at: string): void {
    const sent = this.sent.get(at);
    if (sent === undefined) return;
    const message = `Your answer lies at the relay, and ${sent.machine} has not said yet what became of it. It counts once it arrives, if the call still waits then.`;
    sent.tell({ type: 'result', ref: sent.ref, ok: false, message });
  }

  /** What became of an answer, in its machine's words. */
  heard({ key, value }: Entry): void {
    const sent = this.sent.get(key);
    const { space, trust, signer } = this.ports;
    const [machine, own] = [trust.machine(sent?.machine ?? ''), signer()];
    if (sent === undefined || value === undefined || machine === undefined || own === undefined) return;
    const said = saidOf(openNote(space, key, value, { machine, opener: openerOf(own) }));
    if (said === undefined) return;
    clearTimeout(sent.timer);
    this.sent.delete(key);
    sent.tell({ type: 'result', ref: sent.ref, ...said });
  }
}

function saidOf(text: string | undefined): { ok: boolean; message: string } | undefined {
  const { ok, message } = fieldsOf(text ?? '') ?? {};
  return typeof ok === 'boolean' && typeof message === 'string' ? { ok, message } : undefined;
}

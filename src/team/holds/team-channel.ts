import type { Channel, Desk } from '../../approvals/channel/channel.ts';
import {
  type ProxyMessage,
  type SessionView,
  type VerdictMessage,
  wireLine,
} from '../../approvals/channel/messages.ts';
import { readApproverMessage } from '../../approvals/channel/read-approver-message.ts';
import { isNewer, newerSentence } from '../relay/newer.ts';
import type { Entry } from '../relay/relay.ts';
import type { TeamTrust } from '../trust/team-trust.ts';
import { noteEnvelope, openAnswer } from './envelopes.ts';
import { HoldPublisher, type PublisherPorts } from './hold-publisher.ts';
import { Presence } from './presence.ts';
import { Recipients } from './recipients.ts';

export interface TeamChannelPorts extends Omit<PublisherPorts, 'view'> {
  trust: TeamTrust;
  /** What members seal to each other by, 32 bytes. */
  secret: Uint8Array;
  /** Called before the relay is let go. */
  last?(): Promise<void>;
  /** Wall clock, ms. */
  now(): number;
}

/** An answer that came from elsewhere: counted by its key, once. */
const MOST_REMEMBERED = 10_000;
const FLUSH_MS = 1_500;
const BEAT_MS = 20_000;

/**
 * The proxy's end of a team's relay. What comes over it counts only under the signature of somebody on this home's own
 * list, for exactly the hold that it names; the rest is the waiting room's business, as for an answer from this machine.
 */
export class TeamChannel implements Channel {
  private readonly ports: TeamChannelPorts;
  private readonly desk: Desk;
  private readonly publisher: HoldPublisher;
  private readonly presence: Presence;
  private readonly recipients = new Recipients();
  private readonly seen = new Set<string>();
  private readonly ends: (() => void)[] = [];
  private toldNewer = false;
  private beat: NodeJS.Timeout | undefined;

  constructor(ports: TeamChannelPorts, desk: Desk) {
    this.ports = ports;
    this.desk = desk;
    this.publisher = new HoldPublisher({ ...ports, view: () => this.view() });
    this.presence = new Presence(ports);
  }

  async listen(): Promise<void> {
    const { relay, machine, session, trust } = this.ports;
    await trust.start();
    this.ends.push(
      trust.onChange(() => this.publisher.anew()),
      await this.presence.watch(),
      await relay.watch('answers', `*.${machine.name}.${session}.*.*`, (entry) => this.answered(entry)),
      relay.onReached((reached) => reached && this.publisher.anew()),
    );
    this.beat = setInterval(() => this.alive(), BEAT_MS);
    this.beat.unref();
    for (const message of this.desk.greeting()) this.broadcast(message);
  }

  /** Approvers of this home's list who are at a terminal somewhere. */
  get attending(): number {
    return this.presence.approvers().length;
  }

  broadcast(message: ProxyMessage): void {
    if (message.type === 'hold') {
      const first = this.publisher.open === 0;
      this.publisher.show(message.hold);
      if (first) this.alive();
    } else if (message.type === 'closed')
      this.publisher.end(message.hold, { how: message.how, by: message.by });
    else if (message.type === 'brake' || message.type === 'session') this.publisher.anew();
  }

  /** Nobody is known over a relay but by a signature. */
  unsigned(): undefined {
    return undefined;
  }

  close(): void {
    void this.closed();
  }

  /** Ends once those elsewhere know how each hold ended, or after a second and a half. */
  async closed(): Promise<void> {
    const { machine, session, relay, trust } = this.ports;
    clearInterval(this.beat);
    await this.publisher.settled(FLUSH_MS);
    this.publisher.stop();
    for (const end of this.ends) end();
    trust.stop();
    const gone = this.presence.gone(`session.${machine.name}.${session}`);
    await this.ports.last?.();
    await Promise.race([gone, new Promise((late) => setTimeout(late, FLUSH_MS))]);
    await relay.close();
  }

  private view(): SessionView | undefined {
    const hello = this.desk.greeting()[0];
    return hello?.type === 'hello' ? (({ type: _, v: __, ...session }) => session)(hello) : undefined;
  }

  private alive(): void {
    const { machine, session } = this.ports;
    if (this.publisher.open === 0) return;
    this.presence.say(`session.${machine.name}.${session}`, {}).catch(() => {});
  }

  private answered({ key, value }: Entry): void {
    if (value === undefined || this.seen.has(key)) return;
    const { space, machine } = this.ports;
    const [approver = '', , , hold = ''] = key.split('.');
    if (isNewer(value)) return this.newer();
    const text = openAnswer(space, key, value, machine);
    const message = text === undefined ? undefined : readApproverMessage(text);
    // Whatever is no answer of ours is a relay's noise: it is not remembered, for the right one may come yet.
    if (message?.type !== 'verdict' || message.hold !== hold || message.signature?.key !== approver) return;
    if (this.seen.size >= MOST_REMEMBERED) this.seen.clear();
    this.seen.add(key);
    const why = this.ports.trust.notVouched(approver);
    const reply = (ok: boolean, said: string): void => void this.reply(key, approver, { ok, message: said });
    if (why !== undefined) return reply(false, why);
    this.desk.verdict(message as VerdictMessage, reply);
  }

  private newer(): void {
    if (!this.toldNewer) this.ports.say(newerSentence('An answer to a call of this machine'));
    this.toldNewer = true;
  }

  private async reply(key: string, approver: string, said: { ok: boolean; message: string }): Promise<void> {
    const { space, machine, relay, enrolment } = this.ports;
    const [, ...place] = key.split('.');
    const at = `${place.slice(0, 3).join('.')}.${approver}.${place[3]}`;
    try {
      const known = enrolment().approvers.get(approver);
      const recipients = this.recipients.of(known === undefined ? [] : [known], null);
      await relay.put(
        'ends',
        at,
        await noteEnvelope(space, at, JSON.stringify(said), { machine, recipients }),
      );
    } catch (error) {
      this.ports.say((error as Error).message);
    }
  }
}

/** One line of an answer, as the proxy reads it. */
export function answerText(verdict: Omit<VerdictMessage, 'type' | 'ref'>): string {
  return wireLine({ type: 'verdict', ref: 0, ...verdict }).trim();
}

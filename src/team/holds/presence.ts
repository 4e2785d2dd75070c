import { fieldsOf } from '../../approvals/channel/wire-fields.ts';
import type { Signer } from '../../approvals/signing/approver-key.ts';
import type { Enrolment } from '../../approvals/signing/enrolment.ts';
import { isSignedBytes } from '../../approvals/signing/statement.ts';
import { isNewer, newerSentence } from '../relay/newer.ts';
import type { Entry, Relay } from '../relay/relay.ts';
import { MemberSeal } from '../sealing/member-seal.ts';

export interface PresencePorts {
  relay: Relay;
  space: string;
  /** What members seal to each other by, 32 bytes. */
  secret: Uint8Array;
  enrolment(): Enrolment;
  now(): number;
  say?(sentence: string): void;
}

/** An approver who is at a terminal. */
export interface Present {
  name: string;
  key: string;
  machine: string;
  /** The hold that is on their screen: `machine.session.hold`; null for none. */
  looking: string | null;
}

const DOMAIN = 'holdpoint-presence-v1\n';
/** Nobody is there who has not said so for so long. */
const GONE_AFTER_MS = 60_000;
/** Clocks of a team may differ by so much. */
const CLOCKS_APART_MS = 2 * 60 * 60_000;

interface Heard {
  said: Record<string, unknown>;
  /** When it was said, by the other's clock. */
  at: number;
  /** When this process heard of it. */
  heardAt: number;
}

/** Who of a space is there: said again and again, signed by whoever says it. */
export class Presence {
  private readonly ports: PresencePorts;
  private readonly seal: MemberSeal;
  private readonly heard = new Map<string, Heard>();
  private toldNewer = false;
  private readonly listeners = new Set<() => void>();

  constructor(ports: PresencePorts) {
    this.ports = ports;
    this.seal = new MemberSeal(ports.secret);
  }

  onChange(changed: () => void): void {
    this.listeners.add(changed);
  }

  watch(caughtUp?: () => void): Promise<() => void> {
    return this.ports.relay.watch('presence', '>', (entry) => this.seen(entry), caughtUp);
  }

  /** Says that a session is there, or, with a signer, an approver. */
  say(key: string, said: Record<string, unknown>, signer?: Signer): Promise<void> {
    const at = new Date(this.ports.now()).toISOString();
    const text = this.text(key, said, at);
    const signature = signer?.sign(Buffer.from(text));
    const value = this.seal.seal(`presence/${key}`, JSON.stringify({ said, at, signature }));
    return this.ports.relay.put('presence', key, value);
  }

  async gone(key: string): Promise<void> {
    await this.ports.relay.remove('presence', key).catch(() => {});
  }

  private text(key: string, said: unknown, at: string): string {
    return DOMAIN + JSON.stringify([this.ports.space, key, said, at]);
  }

  private seen({ key, value }: Entry): void {
    if (value === undefined) this.heard.delete(key);
    else this.take(key, value);
    for (const changed of this.listeners) changed();
  }

  private take(key: string, value: Uint8Array): void {
    const opened = this.seal.open(`presence/${key}`, value) ?? 'null';
    if (isNewer(opened)) return this.newer();
    const { said, at, signature } = fieldsOf(opened) ?? {};
    const [time, now] = [Date.parse(String(at)), this.ports.now()];
    if (typeof said !== 'object' || said === null || !(Math.abs(now - time) <= CLOCKS_APART_MS)) return;
    const before = this.heard.get(key);
    // What was said before is no news.
    if (before !== undefined && before.at >= time) return;
    const [kind, name] = key.split('.');
    if (kind === 'approver') {
      const approver = this.ports.enrolment().approvers.get(name ?? '');
      const text = Buffer.from(this.text(key, said, String(at)));
      if (approver === undefined || !isSignedBytes(text, approver.publicKey, String(signature))) return;
    }
    this.heard.set(key, { said: said as Record<string, unknown>, at: time, heardAt: now });
  }

  private newer(): void {
    if (!this.toldNewer) this.ports.say?.(newerSentence('That somebody is present'));
    this.toldNewer = true;
  }

  /** Whether this session or approver was heard of lately. */
  isThere(key: string): boolean {
    const heard = this.heard.get(key);
    return heard !== undefined && this.ports.now() - heard.heardAt <= GONE_AFTER_MS;
  }

  approvers(): Present[] {
    const { approvers } = this.ports.enrolment();
    return [...this.heard].flatMap(([key, { said }]) => {
      const [kind, id = ''] = key.split('.');
      const approver = approvers.get(id);
      if (kind !== 'approver' || approver === undefined || !this.isThere(key)) return [];
      const { machine, looking } = said;
      const at = typeof looking === 'string' ? looking : null;
      return [{ name: approver.name, key: id, machine: String(machine), looking: at }];
    });
  }
}

import type { Signer } from '../../approvals/signing/approver-key.ts';
import type { Enrolment } from '../../approvals/signing/enrolment.ts';
import { soundEnrolment } from '../../approvals/signing/enrolment-of.ts';
import { isNewer, newerSentence } from '../relay/newer.ts';
import type { Entry, Relay } from '../relay/relay.ts';
import { watchedWhole } from '../relay/watched-whole.ts';
import { MemberSeal } from '../sealing/member-seal.ts';
import { type FreshHead, isFreshHead, notVouched, signHead, vouchedAt } from './fresh-head.ts';
import { type KnownMachine, type Machine, readCard } from './machine.ts';
import { follow, readList } from './published-list.ts';

export interface TrustPorts {
  relay: Relay;
  space: string;
  /** The id of the key that the list of approvers begins with. */
  root: string;
  /** What members seal to each other by, 32 bytes. */
  secret: Uint8Array;
  machine: Machine;
  /** How old another approver's word for the list may be, ms. */
  freshMs: number;
  /** The signed changes of this home, as they lie there. Throws a PlainError for a file that cannot be read. */
  events(): readonly unknown[];
  /** A longer list that goes on with ours: from now on it is ours. Throws where that cannot be recorded. */
  adopt(events: readonly unknown[], from: string): void;
  /** Whether the machine has had this key since it was first seen. */
  isKnown(machine: string, key: string): boolean;
  /** Wall clock, ms. */
  now(): number;
  say(sentence: string): void;
}

interface Checked {
  /** What was checked, as JSON. */
  text: string;
  events: readonly unknown[];
  enrolment: Enrolment;
}

/** Whom a space consists of, as this home knows it, and what other members publish of it. */
export class TeamTrust {
  private readonly ports: TrustPorts;
  private readonly seal: MemberSeal;
  private readonly machines = new Map<string, KnownMachine>();
  private readonly heads = new Map<string, FreshHead>();
  private readonly told = new Set<string>();
  private readonly listeners = new Set<() => void>();
  /** The list as it was read last: checking its signatures takes longer than an answer's way. */
  private checked: Checked | undefined;
  private published: string | undefined;
  private announced = false;
  private unwatch: (() => void) | undefined;

  constructor(ports: TrustPorts) {
    this.ports = ports;
    this.seal = new MemberSeal(ports.secret);
  }

  /** Called when a machine, a list or somebody's word for it is new. */
  onChange(changed: () => void): () => void {
    this.listeners.add(changed);
    return () => this.listeners.delete(changed);
  }

  /** Resolves once all that other members published was read. Rejects with a PlainError. */
  async start(): Promise<void> {
    const { relay, machine } = this.ports;
    this.unwatch = await watchedWhole((done) => relay.watch('trust', '>', (entry) => this.seen(entry), done));
    const there = this.machines.get(machine.name)?.key ?? machine.key;
    // Another machine goes by this name: what it announced is left as it is.
    if (there !== machine.key) return;
    await this.put(`machine.${machine.name}`, JSON.stringify(machine.card));
    await this.publish();
    this.announced = true;
  }

  /** False where another machine of the space goes by this one's name. */
  get isAnnounced(): boolean {
    return this.announced;
  }

  stop(): void {
    this.unwatch?.();
  }

  /** The list of this home, for others to follow; nothing where they have it from us already. */
  async publish(): Promise<void> {
    const text = JSON.stringify({ v: 1, events: this.list().events });
    if (text === this.published) return;
    await this.put(`list.${this.ports.machine.name}`, text);
    this.published = text;
  }

  /** An approver's word that this home's list is the one. */
  async vouch(signer: Signer): Promise<void> {
    const { space } = this.ports;
    const { head, approvers } = this.enrolment();
    if (head === null || !approvers.has(signer.key)) return;
    const fresh = signHead(space, head, new Date(this.ports.now()).toISOString(), signer);
    await this.put(`head.${signer.key}`, JSON.stringify(fresh));
    this.heads.set(signer.key, fresh);
  }

  /** Whether a word of this approver's for the list is due: half of the time that it counts is over. */
  wantsWord(key: string): boolean {
    const { freshMs, now } = this.ports;
    const own = this.heads.get(key);
    return (
      own === undefined || own.head !== this.enrolment().head || now() - Date.parse(own.at) > freshMs / 2
    );
  }

  private put(key: string, text: string): Promise<void> {
    return this.ports.relay.put('trust', key, this.seal.seal(`trust/${key}`, text));
  }

  /** Throws a PlainError where this home's list cannot be relied on. */
  enrolment(): Enrolment {
    return this.list().enrolment;
  }

  private list(): Checked {
    const events = this.ports.events();
    const text = JSON.stringify(events);
    if (this.checked?.text !== text) this.checked = { text, events, enrolment: soundEnrolment(events) };
    return this.checked;
  }

  /** Why this key's answer over the relay does not count for now, as a sentence, or undefined. */
  notVouched(key: string): string | undefined {
    return notVouched(this.vouching(), key);
  }

  /** When somebody last vouched for the list; ms, or undefined. */
  get vouchedAt(): number | undefined {
    const at = vouchedAt(this.vouching(), undefined);
    return at === Number.NEGATIVE_INFINITY ? undefined : at;
  }

  private vouching(): Parameters<typeof notVouched>[0] {
    const { space, root, freshMs, now } = this.ports;
    const heads = [...this.heads.values()];
    return { space, root, enrolment: this.enrolment(), heads, freshMs, now: now() };
  }

  /** Undefined for a machine that did not announce itself, or has another key than it had. */
  machine(name: string): KnownMachine | undefined {
    return this.machines.get(name);
  }

  private seen({ key, value }: Entry): void {
    if (value === undefined) return;
    const text = this.seal.open(`trust/${key}`, value);
    if (text === undefined)
      return this.tell(`What lies at "${key}" of the team's trust was put there by no member.`);
    if (isNewer(text)) return this.tell(newerSentence(`What lies at "${key}" of the team's trust`));
    const [kind, name = ''] = [key.slice(0, key.indexOf('.')), key.slice(key.indexOf('.') + 1)];
    if (kind === 'machine') this.machineSeen(name, text);
    else if (kind === 'list') this.listSeen(name, text);
    else if (kind === 'head') this.headSeen(name, text);
    for (const changed of this.listeners) changed();
  }

  private machineSeen(name: string, text: string): void {
    const known = readCard(parsed(text));
    if (known === undefined || known.name !== name)
      return this.tell(`The machine ${name} of the team shows no sound card.`);
    if (this.ports.isKnown(name, known.key)) this.machines.set(name, known);
    else
      this.tell(
        `The machine ${name} of the team shows another key than it had before, so nothing of it counts here. If it joined anew, leave and join here too.`,
      );
  }

  private headSeen(name: string, text: string): void {
    const head = parsed(text);
    if (!isFreshHead(head) || head.key !== name) return;
    const before = this.heads.get(name);
    if (before === undefined || Date.parse(before.at) <= Date.parse(head.at)) this.heads.set(name, head);
  }

  private listSeen(name: string, text: string): void {
    const { root, machine } = this.ports;
    const list = readList(text);
    if (name === machine.name || list === undefined) return;
    try {
      const followed = follow(this.list().events, list.events, root);
      if (followed.is === 'refused')
        return this.tell(`The list of approvers of the machine ${name} is not followed: ${followed.fault}.`);
      if (followed.is !== 'ahead') return;
      this.ports.adopt(followed.events, name);
      void this.publish().catch(() => {});
    } catch (error) {
      this.tell(`The list of approvers of the machine ${name} is not followed: ${(error as Error).message}`);
    }
  }

  private tell(sentence: string): void {
    if (this.told.has(sentence)) return;
    this.told.add(sentence);
    this.ports.say(sentence);
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

import type { Link, LinkHandlers, ProxyDirectory } from '../../approvals/channel/channel.ts';
import { type ProxyMessage, WIRE_VERSION } from '../../approvals/channel/messages.ts';
import { fieldsOf } from '../../approvals/channel/wire-fields.ts';
import { openerOf, type Signer } from '../../approvals/signing/approver-key.ts';
import { isNewer, newerSentence } from '../relay/newer.ts';
import type { Entry, Relay } from '../relay/relay.ts';
import type { TeamTrust } from '../trust/team-trust.ts';
import { AnswerSender } from './answer-sender.ts';
import { type HoldPlace, openHold, openNote, placeOf, readHold } from './envelopes.ts';
import type { HoldEnd } from './hold-publisher.ts';
import type { Presence } from './presence.ts';
import { readTold, type Told } from './shown.ts';

export interface DirectoryPorts {
  relay: Relay;
  space: string;
  /** This machine: its own sessions are shown by their sockets. */
  own: string;
  trust: TeamTrust;
  presence: Presence;
  /** The unlocked key; undefined: what waits elsewhere cannot be read. */
  signer(): Signer | undefined;
  /** Wall clock, ms. */
  now(): number;
  say(sentence: string): void;
}

interface Held {
  place: HoldPlace;
  /** As it lies at the relay; kept until it can be read. */
  value: Uint8Array;
  told: Told | undefined;
  /** The value that `told` was read from. */
  read: Uint8Array | undefined;
  /** Tells what became of an answer, once the hold is closed. */
  gone?: (() => void) | undefined;
}

/** One session elsewhere, with whoever is attached to it. */
interface Elsewhere {
  holds: Map<string, Held>;
  handlers: LinkHandlers | undefined;
  /** When something of it came in; ms. */
  heardAt: number;
}

const HEAD = 'team:';
/** A proxy that holds calls is heard of every 20 seconds. */
const SILENT_MS = 60_000;
/** How it ended may come after it is gone: two buckets have no common order. */
const END_AFTER_MS = 1_000;

/** The proxies of a team on other machines, as far as something waits there for whoever is at this terminal. */
export class TeamDirectory implements ProxyDirectory {
  private readonly ports: DirectoryPorts;
  private readonly sessions = new Map<string, Elsewhere>();
  private readonly listeners = new Set<() => void>();
  private readonly ends: (() => void)[] = [];
  private readonly sender: AnswerSender;
  private caughtUp = false;
  private silence: NodeJS.Timeout | undefined;
  private readonly told = new Set<string>();
  private readonly endings = new Map<string, HoldEnd>();

  constructor(ports: DirectoryPorts) {
    this.ports = ports;
    this.sender = new AnswerSender(ports);
  }

  /** Rejects with a PlainError. */
  async start(caughtUp?: () => void): Promise<void> {
    const { relay, trust, presence } = this.ports;
    this.ends.push(
      await relay.watch('ends', '*.*.*', (entry) => this.ended(entry)),
      await relay.watch('ends', '*.*.*.*.*', (entry) => this.sender.heard(entry)),
      await relay.watch(
        'holds',
        '>',
        (entry) => this.seen(entry),
        () => {
          this.caughtUp = true;
          caughtUp?.();
        },
      ),
      trust.onChange(() => this.readAgain()),
    );
    presence.onChange(() => this.changed());
    this.silence = setInterval(() => this.leaveSilent(), SILENT_MS / 4);
    this.silence.unref();
  }

  /** Whether a session's proxy lives: a killed one leaves its holds at the relay. */
  private isAlive(name: string, { heardAt }: Elsewhere): boolean {
    return this.ports.presence.isThere(`session.${name}`) || this.ports.now() - heardAt <= SILENT_MS;
  }

  private alive(): [string, Elsewhere][] {
    return [...this.sessions].filter(([name, session]) => this.isAlive(name, session));
  }

  /** Lets go of sessions that are heard of no more; they come back when they are. */
  private leaveSilent(): void {
    for (const [name, session] of this.sessions)
      if (session.handlers !== undefined && !this.isAlive(name, session)) session.handlers.closed(undefined);
  }

  stop(): void {
    clearInterval(this.silence);
    for (const end of this.ends) end();
    for (const { handlers } of this.sessions.values()) handlers?.closed(undefined);
    this.sessions.clear();
  }

  /** A key was unlocked, or put away. */
  readAgain(): void {
    for (const [session, { holds }] of this.sessions)
      for (const held of holds.values()) if (held.read !== held.value) this.show(session, held);
    this.changed();
  }

  /** The key was put away: what was read with it is shown no more. */
  forget(): void {
    for (const session of this.sessions.values()) {
      for (const held of session.holds.values()) Object.assign(held, { told: undefined, read: undefined });
      session.handlers?.closed(undefined);
    }
    this.changed();
  }

  /** How many calls wait elsewhere that this terminal cannot read: for others, or its key is locked. */
  get unread(): number {
    return this.alive()
      .flatMap(([, { holds }]) => [...holds.values()])
      .filter(({ told }) => told === undefined).length;
  }

  list(): string[] {
    return this.alive()
      .filter(([, { holds }]) => [...holds.values()].some(({ told }) => told !== undefined))
      .map(([session]) => HEAD + session)
      .sort();
  }

  watch(changed: () => void): () => void {
    this.listeners.add(changed);
    return () => this.listeners.delete(changed);
  }

  connect(place: string, _attending: boolean, handlers: LinkHandlers): Link {
    const name = place.slice(HEAD.length);
    const session = this.sessions.get(name);
    if (session === undefined) {
      queueMicrotask(() => handlers.closed(undefined));
      return { send: () => {}, close: () => {} };
    }
    session.handlers = handlers;
    // As over a socket: not before whoever asked has it.
    queueMicrotask(() => this.greet(name, session));
    return {
      send: (message) => {
        const hold = 'hold' in message ? session.holds.get(message.hold) : undefined;
        void this.sender.send(message, hold?.place, (result) => this.counted(session, hold, result));
      },
      close: () => {
        session.handlers = undefined;
      },
    };
  }

  /** As over a socket: first that the hold is closed, then what its approver is told of their answer. */
  private counted(
    session: Elsewhere,
    held: Held | undefined,
    result: ProxyMessage & { type: 'result' },
  ): void {
    const tell = (): void => session.handlers?.message(result);
    if (!result.ok || held === undefined || session.holds.get(held.place.hold) !== held) return tell();
    const late = setTimeout(() => held.gone?.(), END_AFTER_MS);
    held.gone = () => {
      clearTimeout(late);
      held.gone = undefined;
      tell();
    };
  }

  private greet(name: string, session: Elsewhere): void {
    const holds = [...session.holds.values()].filter(({ told }) => told !== undefined);
    const [first] = holds;
    if (first?.told === undefined) return session.handlers?.closed(undefined);
    session.handlers?.message(this.hello(name, holds));
    for (const held of holds) this.tell(session, held);
    session.handlers?.message({ type: 'ready' });
  }

  /** The session, as its latest hold tells of it. */
  private hello(name: string, holds: readonly Held[]): ProxyMessage {
    const told = holds.at(-1)?.told as Told;
    const machine = name.slice(0, name.indexOf('.'));
    const notices = holds.flatMap(({ told, place }) =>
      told !== undefined && 'tooLong' in told
        ? [
            `The call ${place.hold} on ${machine} has ${told.tooLong} characters, which the relay does not carry: it waits for an answer on that machine.`,
          ]
        : [],
    );
    // Whoever reads them must know who says so.
    const theirs = told.session.notices.map((one) => `${machine} says: ${one}`);
    const session = { ...told.session, machine, notices: [...notices, ...theirs] };
    return { type: 'hello', v: WIRE_VERSION, ...session };
  }

  private tell({ handlers }: Elsewhere, { told }: Held): void {
    if (told === undefined || !('hold' in told)) return;
    const { hold, keyed } = told;
    // Over a relay only a signed answer counts, whatever that machine's policy asks for.
    const obligations = { ...hold.obligations, sign: true };
    handlers?.message({ type: 'hold', hold: { ...hold, obligations, ...(keyed && { keyedAs: keyed }) } });
  }

  private seen({ key, value }: Entry): void {
    const place = placeOf(this.ports.space, key);
    if (place === undefined || place.machine === this.ports.own) return;
    const name = `${place.machine}.${place.session}`;
    if (value === undefined) return this.gone(name, place.hold);
    const session = this.sessions.get(name) ?? { holds: new Map(), handlers: undefined, heardAt: 0 };
    // What lay there before may be left of a proxy that was killed.
    if (this.caughtUp) session.heardAt = this.ports.now();
    this.sessions.set(name, session);
    const held = session.holds.get(place.hold) ?? { place, value, told: undefined, read: undefined };
    session.holds.set(place.hold, Object.assign(held, { value }));
    this.show(name, held);
    this.changed();
  }

  /** Reads what lies there, when that can be done by now. */
  private show(name: string, held: Held): void {
    const { place, value } = held;
    const machine = this.ports.trust.machine(place.machine);
    const signer = this.ports.signer();
    if (machine === undefined || signer === undefined) return;
    const envelope = readHold(place, value, machine);
    if (envelope === undefined)
      return this.once(
        isNewer(value)
          ? newerSentence(`A call of the machine ${place.machine}`)
          : `What lies as a call of the machine ${place.machine} was not signed by it, and is not shown.`,
      );
    const text = openHold(place, envelope, openerOf(signer));
    const told = text === undefined ? undefined : readTold(text);
    if (told === undefined || ('hold' in told && told.hold.id !== place.hold)) return;
    held.read = value;
    held.told = told;
    const session = this.sessions.get(name);
    if (session?.handlers === undefined) return;
    const { type: _, v: __, ...shown } = this.hello(name, [held]) as ProxyMessage & { type: 'hello' };
    session.handlers.message({ type: 'session', session: shown, said: '' });
    this.tell(session, held);
  }

  private gone(name: string, hold: string): void {
    const session = this.sessions.get(name);
    const held = session?.holds.get(hold);
    if (session === undefined || held === undefined) return;
    session.holds.delete(hold);
    const key = `${name}.${hold}`;
    const tell = (): void => {
      const { how, by } = this.endings.get(key) ?? { how: 'ended on its machine', by: null };
      this.endings.delete(key);
      session.handlers?.message({ type: 'closed', hold, how, by });
      held.gone?.();
      this.leave(name, session);
    };
    if (this.endings.has(key)) tell();
    else setTimeout(tell, END_AFTER_MS).unref();
  }

  private leave(name: string, session: Elsewhere): void {
    if (session.holds.size > 0) return;
    this.sessions.delete(name);
    session.handlers?.closed(undefined);
  }

  private ended({ key, value }: Entry): void {
    const place = placeOf(this.ports.space, key);
    if (value !== undefined && isNewer(value))
      return this.once(newerSentence(`How a call of the machine ${place?.machine} ended`));
    const signer = this.ports.signer();
    const machine = place && this.ports.trust.machine(place.machine);
    if (value === undefined || signer === undefined || machine === undefined) return;
    const end = endOf(openNote(this.ports.space, key, value, { machine, opener: openerOf(signer) }));
    if (end !== undefined) this.endings.set(key, end);
  }

  private once(sentence: string): void {
    if (this.told.has(sentence)) return;
    this.told.add(sentence);
    this.ports.say(sentence);
  }

  private changed(): void {
    for (const changed of this.listeners) changed();
  }
}

function endOf(text: string | undefined): HoldEnd | undefined {
  const { how, by } = fieldsOf(text ?? '') ?? {};
  return typeof how === 'string' && (by === null || typeof by === 'string') ? { how, by } : undefined;
}

import type { HoldView, SessionView } from '../../approvals/channel/messages.ts';
import type { Enrolment } from '../../approvals/signing/enrolment.ts';
import { approversAt } from '../../policy/decide/approvers-at.ts';
import type { Relay } from '../relay/relay.ts';
import type { Recipient } from '../sealing/hpke.ts';
import type { Machine } from '../trust/machine.ts';
import { type HoldPlace, holdEnvelope, keyOf, noteEnvelope } from './envelopes.ts';
import { Recipients } from './recipients.ts';
import { sessionElsewhere, type Told } from './shown.ts';

export interface PublisherPorts {
  relay: Relay;
  space: string;
  machine: Machine;
  session: string;
  view(): SessionView | undefined;
  enrolment(): Enrolment;
  /** A digest under the home's key. */
  keyed(digest: string): string;
  /** Wall clock, ms. */
  now(): number;
  say(sentence: string): void;
}

/** How a hold ended, as its approvers elsewhere are told. */
export interface HoldEnd {
  how: string;
  by: string | null;
}

interface Published {
  view: HoldView;
  end: HoldEnd | undefined;
  /** Whom it was sealed to when it was last put there; undefined: it never was. */
  recipients: ReadonlyMap<string, Recipient> | undefined;
  /** What lies there is not how it is. */
  stale: boolean;
  busy: boolean;
  /** When others are asked besides. */
  later: NodeJS.Timeout | undefined;
}

const AGAIN_MS = 2_000;

/** Keeps a session's holds at the relay as they are: what cannot be put there now is put there later. */
export class HoldPublisher {
  private readonly ports: PublisherPorts;
  private readonly holds = new Map<string, Published>();
  private readonly recipients = new Recipients();
  private readonly idle = new Set<() => void>();
  private again: NodeJS.Timeout | undefined;
  private stopped = false;
  private told: string | undefined;

  constructor(ports: PublisherPorts) {
    this.ports = ports;
  }

  get open(): number {
    return [...this.holds.values()].filter(({ end }) => end === undefined).length;
  }

  private get isSettled(): boolean {
    return [...this.holds.values()].every(({ stale, busy }) => !stale && !busy);
  }

  show(view: HoldView): void {
    const known = this.holds.get(view.id);
    if (known?.end !== undefined) return;
    if (known === undefined)
      this.holds.set(view.id, {
        view,
        end: undefined,
        recipients: undefined,
        stale: true,
        busy: false,
        later: undefined,
      });
    else Object.assign(known, { view, stale: true });
    this.work(view.id);
  }

  end(hold: string, end: HoldEnd): void {
    const known = this.holds.get(hold);
    if (known === undefined || known.end !== undefined) return;
    Object.assign(known, { end, stale: true });
    this.work(hold);
  }

  /** What is shown of each has changed: the session, or who may answer. */
  anew(): void {
    for (const [id, hold] of this.holds) {
      hold.stale = true;
      this.work(id);
    }
  }

  /** Resolves when nothing is under way or waits to be put there, or after so many ms. */
  settled(withinMs: number): Promise<void> {
    if (this.isSettled) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, withinMs);
      this.idle.add(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.again);
  }

  private work(id: string): void {
    const hold = this.holds.get(id);
    if (hold === undefined || hold.busy || !hold.stale || this.stopped) return;
    hold.busy = true;
    hold.stale = false;
    this.bring(id, hold)
      .then(() => {
        this.told = undefined;
      })
      .catch((error: Error) => {
        hold.stale = true;
        this.tell(error.message);
        this.later();
      })
      .finally(() => {
        hold.busy = false;
        if (hold.stale) {
          if (this.again === undefined) this.work(id);
        } else if (hold.end !== undefined) this.holds.delete(id);
        this.tellIdle();
      });
  }

  /** Once until something was put there again. */
  private tell(sentence: string): void {
    if (sentence !== this.told) this.ports.say(sentence);
    this.told = sentence;
  }

  private later(): void {
    this.again ??= setTimeout(() => {
      this.again = undefined;
      for (const id of [...this.holds.keys()]) this.work(id);
    }, AGAIN_MS);
    this.again.unref();
  }

  private tellIdle(): void {
    if (!this.isSettled) return;
    for (const done of this.idle) done();
    this.idle.clear();
  }

  private place(hold: string): HoldPlace {
    const { space, machine, session } = this.ports;
    return { space, machine: machine.name, session, hold };
  }

  private async bring(id: string, hold: Published): Promise<void> {
    const { relay, space, machine } = this.ports;
    const place = this.place(id);
    const key = keyOf(place);
    if (hold.end !== undefined) {
      if (hold.recipients === undefined) return;
      const by = { machine, recipients: hold.recipients };
      await relay.put('ends', key, await noteEnvelope(space, key, JSON.stringify(hold.end), by));
      await relay.remove('holds', key);
      return;
    }
    const session = this.ports.view();
    const recipients = this.to(hold);
    if (session === undefined || recipients.size === 0) return;
    const value = await this.valueOf(place, hold.view, session, recipients);
    hold.recipients = recipients;
    await relay.put('holds', key, value);
  }

  /** Who may answer by now; who may later is asked then. */
  private to(hold: Published): Map<string, Recipient> {
    const { id, obligations, openedAt } = hold.view;
    const waited = this.ports.now() - Date.parse(openedAt);
    const later = obligations.next?.find(({ afterMs }) => afterMs > waited);
    clearTimeout(hold.later);
    if (later !== undefined) {
      hold.later = setTimeout(() => this.showAgain(id), later.afterMs - waited + 1);
      hold.later.unref();
    }
    return this.recipients.of(this.ports.enrolment().approvers.values(), approversAt(obligations, waited));
  }

  private showAgain(id: string): void {
    const hold = this.holds.get(id);
    if (hold === undefined || hold.end !== undefined) return;
    hold.stale = true;
    this.work(id);
  }

  /** What does not fit says so, and waits on its own machine. */
  private async valueOf(
    place: HoldPlace,
    view: HoldView,
    session: SessionView,
    recipients: ReadonlyMap<string, Recipient>,
  ): Promise<Buffer> {
    const { machine, relay } = this.ports;
    const { openedAt, expiresAt } = view;
    const told = this.toldOf(view, session);
    const sealed = async (one: Told): Promise<Buffer> =>
      Buffer.from(
        JSON.stringify(
          await holdEnvelope(place, { openedAt, expiresAt }, JSON.stringify(one), { machine, recipients }),
        ),
      );
    // Base64 makes four bytes of three.
    const long = view.argumentsText.length;
    const value = long > relay.longest ? undefined : await sealed(told);
    if (value !== undefined && value.length <= relay.longest) return value;
    return sealed({ session: told.session, tooLong: long });
  }

  private toldOf(hold: HoldView, session: SessionView): Told {
    const { keyed } = this.ports;
    const shown = sessionElsewhere(session);
    if (!hold.keyed) return { session: shown, hold };
    const digests = { digest: keyed(hold.digest), callDigest: keyed(hold.callDigest) };
    return { session: shown, hold, keyed: digests };
  }
}

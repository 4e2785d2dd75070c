import type { Edit } from '../../policy/decide/edit.ts';
import type { Terms } from '../../policy/decide/terms.ts';
import type { Decision, Obligations } from '../../policy/decide/types.ts';
import type { Refusal } from '../../protocol/answers.ts';
import { faulted } from '../../protocol/refusals.ts';
import { spell } from '../../text/duration.ts';
import type { LastApproved } from './approved-calls.ts';
import { isBraked } from './brake.ts';
import { isTimeOut } from './client-limits.ts';
import type { Asking, Grant } from './grant.ts';
import type { Approver, HeldCall, Hold, Now, Verdict } from './hold.ts';
import { notSent } from './not-sent.ts';
import { reduce } from './queue.ts';
import { type Effect, EMPTY, type Queue, type QueueEvent, type QueueSettings } from './queue-state.ts';
import type { HoldRecord } from './records.ts';

/** What the broker needs of others; the command `run` brings it. */
export interface BrokerPorts {
  now(): Now;
  newId(): string;
  /** 128 random bits in hex. */
  newNonce(): string;
  /** What grants are compared with, and the one on the disk that lets this call run. */
  grantsFor(held: HeldCall): { asking: Asking; kept: Grant | undefined };
  keepGrant(grant: Grant, value: string): void;
  /** Why these obligations cannot be met by anybody, as a sentence, or undefined. */
  unmet(obligations: Obligations): string | undefined;
  /** Why no call may run at all, as sentences; undefined: they may. Never throws. */
  stopped(): string | undefined;
  /** Writes the records in one go; throws with a sentence when they cannot be written. */
  record(records: readonly HoldRecord[], durable: boolean): void;
  /** Sends the judged bytes to the server; false when they are not those of this digest, or gone. */
  forward(request: string, digest: string): boolean;
  refuse(request: string, refusal: Refusal): void;
  forget(request: string): void;
  /** Has the call decided anew; `edit`: as a person changed it. */
  again(request: string, edit?: Edit): void;
  keepAlive(request: string, n: number, message: string): void;
  /** How many approval terminals are attached. */
  approvers(): number;
  show(hold: Hold): void;
  /** Whoever is not at a terminal may be told of it. */
  waits(hold: Hold): void;
  /** Approvals take a step more from now on, or no more. */
  brake(on: boolean): void;
  /** Whether somebody's signature counts here. */
  enrolled(): boolean;
  closed(hold: string, how: string, by: string | undefined): void;
  reply(ref: number, ok: boolean, message: string): void;
}

export interface BrokerSettings extends QueueSettings {
  answerWithinMs(client: string | undefined, hasProgressToken: boolean): number | undefined;
  /** A client gave up on a held call after so long, and said that its time was over. */
  timedOut(client: string | undefined, afterMs: number): void;
}

/** A request of which the client still waits for the answer. Times are monotonic, in ms. */
interface Awaited {
  client: string | undefined;
  since: number;
  hasProgressToken: boolean;
  /** Keep-alives sent so far. */
  sent: number;
}

const FIRST_KEEP_ALIVE_MS = 5_000;
const KEEP_ALIVE_MS = 10_000;
/** Deadlines are looked at least this often: a timer alone sleeps through a suspended machine. */
const LONGEST_SLEEP_MS = 1_000;

/** The waiting room's clockwork: owns the queue's state and timers, and carries out what the reducer asks for. */
export class Broker {
  private queue: Queue = EMPTY;
  private readonly ports: BrokerPorts;
  private settings: BrokerSettings;
  private timer: NodeJS.Timeout | undefined;
  /** How many calls that waited the stop that is now has refused. */
  private halted = 0;
  /** By request: whose client waits for its answer. */
  private readonly awaited = new Map<string, Awaited>();

  constructor(ports: BrokerPorts, settings: BrokerSettings) {
    this.ports = ports;
    this.settings = settings;
  }

  get holds(): Hold[] {
    return [...this.queue.holds.values()];
  }

  escalated(
    held: HeldCall,
    request: string,
    waits: { hasProgressToken: boolean; repeats?: number | undefined },
  ): void {
    const { hasProgressToken, repeats } = waits;
    let id: string;
    try {
      id = this.ports.newId();
    } catch (error) {
      this.ports.refuse(request, faulted(`${(error as Error).message}.`));
      return;
    }
    const { mono } = this.ports.now();
    // A call that is decided anew has been waited for before.
    const { since, sent } = this.awaited.get(request) ?? { since: mono, sent: 0 };
    this.awaited.set(request, { client: held.client, since, hasProgressToken, sent });
    const within = this.settings.answerWithinMs(held.client, hasProgressToken);
    const answerWithinMs = within === undefined ? undefined : Math.max(0, within - (mono - since));
    this.dispatch({
      type: 'escalated',
      id,
      nonce: this.ports.newNonce(),
      unmet: this.ports.unmet(held.obligations),
      ...this.ports.grantsFor(held),
      held,
      repeats,
      request,
      approvers: this.ports.approvers(),
      answerWithinMs,
    });
  }

  /** The server of an approved call asked for it again. */
  askedAgain(call: number, { matched, definition, obligations }: Terms): void {
    this.dispatch({ type: 'askedAgain', call, terms: { matched, definition, obligations } });
  }

  verdict(verdict: Verdict, ref: number): void {
    const why = this.look();
    if (why !== undefined) return this.ports.reply(ref, false, `Nothing was executed. ${why}`);
    this.dispatch({ type: 'tick' });
    this.dispatch({ type: 'verdict', verdict, enrolled: this.ports.enrolled(), ref });
  }

  /** A person gave a call that waits other arguments. */
  edited(hold: string, edit: Edit, by: Approver, ref: number): void {
    this.dispatch({ type: 'edited', hold, edit, by, ref });
  }

  revoke(grant: string, by: Approver, ref: number): void {
    this.dispatch({ type: 'revoked', grant, by, ref });
  }

  /** Whether the next approval takes a step more: those before it came faster than they can be read. */
  get braked(): boolean {
    return isBraked(this.queue.hasty);
  }

  /** What was last approved of a tool. */
  lastApproved(tool: string): LastApproved | undefined {
    return this.queue.approved.get(tool);
  }

  get grants(): readonly Grant[] {
    return this.queue.grants;
  }

  /** True when the request was held: then its cancellation concerns nobody else. */
  cancelled(request: string, reason: string): boolean {
    const held = this.holds.some((hold) => hold.request === request);
    const waits = this.awaited.get(request);
    if (held && waits !== undefined && isTimeOut(reason))
      this.settings.timedOut(waits.client, this.ports.now().mono - waits.since);
    if (held) this.dispatch({ type: 'cancelled', request });
    return held;
  }

  /** Its server answered the request before it was forwarded, so its client does not wait any more. */
  answered(request: string): boolean {
    const held = this.holds.some((hold) => hold.request === request);
    if (held)
      this.dispatch({ type: 'cancelled', request, why: 'its server answered it before it was forwarded' });
    return held;
  }

  end(why: 'client gone' | 'server gone' | 'session ended'): void {
    this.dispatch({ type: 'ended', why });
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  /** Looks whether everything is stopped: then nothing waits any more. */
  look(): string | undefined {
    const why = this.ports.stopped();
    const { holds, passes, continuations } = this.queue;
    if (why === undefined) this.halted = 0;
    else if (holds.size + passes.length + continuations.length > 0) {
      this.halted += holds.size;
      this.dispatch({ type: 'stopped', why });
    }
    return why;
  }

  /** The settings of the policy that is in force now. */
  goBy(settings: QueueSettings): void {
    this.settings = { ...this.settings, ...settings };
  }

  /** Another policy is in force: what waits is decided by it too, and never becomes less. */
  underPolicy(
    decisions: ReadonlyMap<string, Decision | undefined>,
    same: (matched: readonly string[]) => boolean,
  ): void {
    this.dispatch({ type: 'policy', decisions, same });
  }

  /** How many calls that waited were refused because everything is stopped. */
  get refusedByStop(): number {
    return this.halted;
  }

  private dispatch(event: QueueEvent): void {
    const step = reduce(this.queue, event, this.ports.now(), this.settings);
    this.queue = step.queue;
    for (const effect of step.effects) this.carryOut(effect);
    this.sleep();
  }

  private carryOut(effect: Effect): void {
    switch (effect.do) {
      case 'commit':
        return this.commit(effect);
      case 'forward':
        this.awaited.delete(effect.request);
        if (!this.ports.forward(effect.request, effect.digest)) {
          this.ports.refuse(
            effect.request,
            faulted('The bytes of the call are not those that were approved.'),
          );
        }
        return;
      case 'refuse':
        this.awaited.delete(effect.request);
        return this.ports.refuse(effect.request, effect.refusal);
      case 'forget':
        this.awaited.delete(effect.request);
        return this.ports.forget(effect.request);
      case 'again':
        return this.ports.again(effect.request, effect.edit);
      case 'show':
        this.ports.show(effect.hold);
        return this.ports.waits(effect.hold);
      case 'closed':
        return this.ports.closed(effect.hold, effect.how, effect.by);
      case 'reply':
        return this.ports.reply(effect.ref, effect.ok, effect.message);
      case 'brake':
        return this.ports.brake(effect.on);
      case 'remember':
        return this.learn({ ...effect, type: 'approved' });
      case 'accepted':
        return this.learn({ type: 'accepted' });
      case 'abandon':
        return this.takeBack({ type: 'abandoned', hold: effect.hold });
      case 'ungrant':
        return this.takeBack({ type: 'ungranted', grant: effect.grant });
      case 'keep':
        return this.ports.keepGrant(effect.grant, effect.value);
      case 'uncount':
        return this.takeBack({ type: 'uncounted', hold: effect.hold, key: effect.key });
    }
  }

  private learn(event: QueueEvent): void {
    const step = reduce(this.queue, event, this.ports.now(), this.settings);
    this.queue = step.queue;
    for (const effect of step.effects) this.carryOut(effect);
  }

  /** What could not be recorded did not happen. */
  private takeBack(event: QueueEvent): void {
    this.queue = reduce(this.queue, event, this.ports.now(), this.settings).queue;
  }

  private commit(effect: Extract<Effect, { do: 'commit' }>): void {
    let next = effect.written;
    try {
      this.ports.record(effect.records, effect.durable);
    } catch (error) {
      next = effect.unwritten((error as Error).message);
    }
    for (const one of this.unlessStopped(next, effect.records)) this.carryOut(one);
  }

  /** What was let through a moment ago is not sent if everything was stopped meanwhile, and is recorded so. */
  private unlessStopped(effects: readonly Effect[], records: readonly HoldRecord[]): readonly Effect[] {
    const why = effects.some((one) => one.do === 'forward') ? this.ports.stopped() : undefined;
    if (why === undefined) return effects;
    this.halted += 1;
    const sent = records.flatMap((one) => (one.type === 'forward' ? [one.call] : []));
    try {
      this.ports.record(
        sent.map((call) => ({ type: 'refusal', call, cause: 'stopped' })),
        false,
      );
    } catch {
      // It is not sent all the same; that it was is the most that the record can then be taken for.
    }
    return effects.map((one) => notSent(one, why));
  }

  private sleep(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    const { holds, passes } = this.queue;
    if (holds.size === 0 && passes.length === 0) return;
    const { wall, mono } = this.ports.now();
    const deadlines = [...holds.values(), ...passes].map((one) =>
      Math.min(one.expiresMono - mono, one.expiresAt - wall),
    );
    const answers = [...holds.values()].map((hold) => (hold.answerByMono ?? Number.POSITIVE_INFINITY) - mono);
    const ms = Math.min(LONGEST_SLEEP_MS, ...deadlines, ...answers);
    this.timer = setTimeout(() => this.wake(), Math.max(1, ms));
  }

  private wake(): void {
    if (this.look() !== undefined) return;
    const { mono } = this.ports.now();
    const { holds } = this;
    for (const [request, kept] of this.awaited) {
      const waited = mono - kept.since;
      const hold = holds.find((one) => one.request === request);
      // It was decided anew, and not asked about again.
      if (hold === undefined) this.awaited.delete(request);
      if (hold === undefined || !kept.hasProgressToken) continue;
      if (waited < FIRST_KEEP_ALIVE_MS + kept.sent * KEEP_ALIVE_MS) continue;
      kept.sent += 1;
      this.ports.keepAlive(
        request,
        kept.sent,
        `Waiting for the user's approval (hold ${hold.id}, ${spell(waited)})`,
      );
    }
    this.dispatch({ type: 'tick' });
  }
}

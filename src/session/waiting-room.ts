import { randomBytes } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import type { Channel, Desk } from '../approvals/channel/channel.ts';
import { holdView } from '../approvals/channel/hold-view.ts';
import {
  type Braked,
  type EditMessage,
  type HoldView,
  type Reread,
  type RevokeMessage,
  type SessionView,
  type VerdictMessage,
  WIRE_VERSION,
} from '../approvals/channel/messages.ts';
import { Broker, type BrokerPorts } from '../approvals/holding/broker.ts';
import type { ClientLimits } from '../approvals/holding/client-limits.ts';
import { type KeptGrant, untilFault } from '../approvals/holding/grant.ts';
import type { Approver, HeldCall, Hold, Verdict } from '../approvals/holding/hold.ts';
import type { QueueSettings } from '../approvals/holding/queue-state.ts';
import type { HoldRecord } from '../approvals/holding/records.ts';
import type { Notifier } from '../approvals/notifying/notifier.ts';
import type { Enrolment } from '../approvals/signing/enrolment.ts';
import { isAnybodyEnrolled, unmetBy } from '../approvals/signing/entitled.ts';
import { checkAnswer } from '../approvals/signing/signed-answer.ts';
import { holdIds } from '../platform/hold-ids.ts';
import type { Terms } from '../policy/decide/terms.ts';
import type { ApprovalSettings, Decision, Obligations } from '../policy/decide/types.ts';
import { faulted } from '../protocol/refusals.ts';
import type { Approvals, Delivery, Escalation } from '../proxy/ports.ts';
import { editOf } from './edit-call.ts';
import { heldCall } from './held-call.ts';
import type { SessionIdentity } from './identity.ts';
import { StandingGrants } from './standing-grants.ts';
import { type Signed, verdictOf } from './verdict-of.ts';

/** A call repeated after its rejection is not asked again for so long. */
const COOL_DOWN_MS = 60_000;

export interface WaitingRoomPorts {
  /** How its approvers are reached. */
  channel(desk: Desk): Channel;
  idFolder: string;
  identity: SessionIdentity;
  /** Of the policy in force at this moment. */
  settings(): ApprovalSettings;
  /** What the policy in force makes of a call that waits. Throws where it cannot be decided. */
  decideAgain(held: HeldCall): Decision;
  /** Looks whether another policy is in force. Never rejects. */
  reread(): Promise<Reread>;
  limits: ClientLimits;
  delivery: Delivery;
  record(records: readonly HoldRecord[], durable: boolean): void;
  /** An answer that did not count is recorded, a flood of them as one. */
  refusedAnswer(cause: string, message: VerdictMessage): void;
  /** Digest of a tool's definition at this moment; null when none was seen. */
  definition(tool: string): string | null;
  /** Read afresh: whoever was removed a moment ago does not count. Throws a PlainError when it cannot be relied on. */
  enrolment(): Enrolment;
  /** Whether the call is recorded by keyed digests; then it is signed by them too. */
  isKeyed(call: number): boolean;
  keyed(digest: string): string;
  /** Signed grants that lie in the home; their signatures are checked here. */
  keptGrants(): readonly KeptGrant[];
  keepGrant(kept: KeptGrant): void;
  /** In what arguments do not fit the tool's schema, as a sentence; undefined: they do, or nobody can say. Never rejects. */
  misfit(tool: string, argumentsText: string): Promise<string | undefined>;
  /** JSON source with its secrets masked. */
  masked(argumentsText: string): string;
  /** Calls whoever is not at a terminal. */
  notifier: Notifier;
  /** What a terminal is told of this session when it attaches. */
  session(): SessionView;
  /** Why no call may run at all; undefined: they may. Never throws. */
  stopped(): string | undefined;
  say(sentence: string): void;
}

/** The waiting room of one `run`: the broker, and the socket at which people answer. */
export class WaitingRoom implements Approvals {
  private readonly ports: WaitingRoomPorts;
  private readonly broker: Broker;
  private readonly channel: Channel;
  private readonly replies = new Map<number, (ok: boolean, message: string) => void>();
  private readonly grants: StandingGrants;
  private refs = 0;
  private listening: Promise<void> | undefined;
  private fault: string | undefined;

  constructor(ports: WaitingRoomPorts) {
    this.ports = ports;
    this.grants = new StandingGrants({ ...ports, command: ports.identity.commandDigest });
    this.channel = ports.channel({
      greeting: () => [
        { type: 'hello', v: WIRE_VERSION, ...ports.session(), ...this.standing() },
        ...this.broker.holds.map((hold) => ({ type: 'hold' as const, hold: this.view(hold) })),
      ],
      verdict: (message, reply) => this.verdict(message, reply),
      edit: (message, reply) => this.edit(message, reply),
      revoke: (message, reply) => this.revoke(message, reply),
      brake: () => this.brake(),
      reread: () => ports.reread(),
    });
    this.broker = new Broker(this.brokerPorts(), {
      ...brokerSettings(ports.settings()),
      answerWithinMs: (client, hasToken) =>
        ports.limits.answerWithinMs(client, hasToken, ports.settings().answerWithinMs),
      timedOut: (client, afterMs) => ports.limits.timedOut(client, afterMs),
    });
  }

  /** Opens the socket, once. Without it nobody could answer, so every escalation is then refused. */
  listen(): void {
    this.listening ??= this.channel.listen().catch((error: Error) => {
      this.fault = `The approval socket cannot be opened, so no call can be approved: ${error.message}`;
      this.ports.say(this.fault);
      this.broker.end('session ended');
    });
  }

  escalated(escalation: Escalation, request: string, hasProgressToken: boolean): void {
    this.listen();
    if (this.fault !== undefined) return this.ports.delivery.refuse(request, faulted(this.fault));
    const { server, caller } = this.ports.identity;
    const held = { ...heldCall(escalation, server, caller), keyed: this.ports.isKeyed(escalation.call) };
    // With answers it is a new question.
    const repeats = escalation.inputResponses === undefined ? escalation.continues?.call : undefined;
    this.broker.escalated(held, request, { hasProgressToken, repeats });
  }

  askedAgain(call: number, terms: Terms): void {
    this.broker.askedAgain(call, terms);
  }

  cancelled(request: string, reason: string): boolean {
    return this.broker.cancelled(request, reason);
  }

  answered(request: string): boolean {
    return this.broker.answered(request);
  }

  end(why: 'client gone' | 'server gone' | 'session ended'): void {
    this.broker.end(why);
    this.ports.notifier.end();
  }

  /** Resolves once whoever is far away was told how what waited ended. */
  async close(): Promise<void> {
    if (this.listening === undefined) return;
    if (this.channel.closed === undefined) this.channel.close();
    else await this.channel.closed();
  }

  /** The tools whose calls wait. */
  get tools(): string[] {
    return this.broker.holds.map(({ held }) => held.tool);
  }

  /**
   * Another policy is in force. What waits is decided by it too, and never becomes less; `same`: whether the items of
   * these ids say what they said. Whoever is attached is told.
   */
  underPolicy(same: (matched: readonly string[]) => boolean, said: string): void {
    const decisions = new Map(this.broker.holds.map((hold) => [hold.id, this.decidedAgain(hold.held)]));
    this.broker.goBy(brokerSettings(this.ports.settings()));
    // First, for a card is shown by what its session says.
    this.tell(said);
    this.broker.underPolicy(decisions, same);
    this.ports.notifier.goBy();
  }

  /** Tells whoever is attached what has changed about this session. */
  tell(said: string): void {
    const session = { ...this.ports.session(), ...this.standing() };
    this.channel.broadcast({ type: 'session', session, said });
  }

  private decidedAgain(held: HeldCall): Decision | undefined {
    try {
      return this.ports.decideAgain(held);
    } catch {
      return undefined;
    }
  }

  /** Somebody says that everything was stopped: what is so, this proxy reads for itself. */
  private brake(): Braked {
    const why = this.broker.look();
    const { broker, ports } = this;
    return { stopped: why !== undefined, refused: broker.refusedByStop, running: ports.delivery.running() };
  }

  private brokerPorts(): BrokerPorts {
    const { delivery, record, idFolder, notifier, stopped } = this.ports;
    return {
      now: () => ({ wall: Date.now(), mono: performance.now() }),
      newId: holdIds(idFolder, Date.now),
      newNonce: () => randomBytes(16).toString('hex'),
      unmet: (obligations) => this.unmet(obligations),
      grantsFor: (held) => this.grants.for(held, this.broker.grants),
      keepGrant: (grant, value) => this.grants.keep(grant, value),
      record,
      stopped,
      ...delivery,
      approvers: () => this.channel.attending,
      show: (hold) => this.channel.broadcast({ type: 'hold', hold: this.view(hold) }),
      waits: (hold) => notifier.waits(hold),
      brake: (on) => this.channel.broadcast({ type: 'brake', on, enrolled: this.enrolled }),
      enrolled: () => this.enrolled,
      closed: (hold, how, by) => {
        this.channel.broadcast({ type: 'closed', hold, how, by: by ?? null });
        notifier.gone(hold);
      },
      reply: (ref, ok, message) => {
        this.replies.get(ref)?.(ok, message);
        this.replies.delete(ref);
      },
    };
  }

  private view(hold: Hold): HoldView {
    return holdView(hold, this.broker.lastApproved(hold.held.tool));
  }

  /** What of a session changes with the answers that are given. */
  private standing(): Pick<SessionView, 'grants' | 'brake' | 'enrolled'> {
    return { grants: [...this.broker.grants], brake: this.broker.braked, enrolled: this.enrolled };
  }

  private get enrolled(): boolean {
    return isAnybodyEnrolled(this.ports.enrolment);
  }

  private verdict(message: VerdictMessage, reply: (ok: boolean, message: string) => void): void {
    const signed = this.signed(message);
    if ('fault' in signed) {
      this.ports.refusedAnswer(signed.cause, message);
      return reply(false, signed.fault);
    }
    const until = message.remember?.until;
    const fault = until === undefined ? undefined : untilFault(until, Date.now());
    if (fault !== undefined) return reply(false, fault);
    const unsigned = signed.signature === undefined && this.held(message.hold) !== undefined;
    if (message.verdict === 'approve' && unsigned && !this.channel.unsigned(message))
      return reply(false, UNSIGNED);
    const ref = ++this.refs;
    this.replies.set(ref, reply);
    const grant = signed.signature === undefined ? this.unsignedGrant(message) : signed.grant;
    const definition = this.definitionOf(message.hold);
    this.broker.verdict({ ...verdictOf(message, signed, this.nameOf(message)), definition, grant }, ref);
  }

  /** Whoever is known by no signature: a rejection and a revocation only tighten, so they need no name. */
  private nameOf(answer: Pick<VerdictMessage, 'method' | 'chain' | 'place'>): Approver {
    const { method, chain } = answer;
    return this.channel.unsigned(answer) ?? { name: 'unknown', method, tier: 0, chain };
  }

  private held(id: string): Hold | undefined {
    return this.broker.holds.find((one) => one.id === id);
  }

  /** Of the held tool, as its server says it now. */
  private definitionOf(id: string): string | null {
    const hold = this.held(id);
    return hold === undefined ? null : this.ports.definition(hold.held.tool);
  }

  private unsignedGrant(message: VerdictMessage): Verdict['grant'] {
    const { hold: id, remember } = message;
    const hold = this.held(id);
    return remember === undefined || hold === undefined
      ? undefined
      : {
          grant: this.grants.unsigned(holdView(hold), remember, this.nameOf(message).name),
          value: undefined,
        };
  }

  /** Whatever speaks against it is told to whoever edits, and leaves the call as it was. */
  private async edit(message: EditMessage, reply: (ok: boolean, message: string) => void): Promise<void> {
    const { misfit, masked, decideAgain, delivery } = this.ports;
    const found = await editOf(message, {
      held: (id) => this.held(id),
      editor: this.channel.unsigned(message),
      misfit,
      masked,
      decideAgain,
      respelled: delivery.respelled,
      unmet: (obligations) => this.unmet(obligations),
    });
    const why = this.broker.look();
    if (why !== undefined) return reply(false, `Nothing was changed. ${why}`);
    if ('fault' in found) return reply(false, found.fault);
    const ref = ++this.refs;
    this.replies.set(ref, reply);
    this.broker.edited(message.hold, found.edit, found.by, ref);
  }

  private revoke(
    { grant, method, chain }: RevokeMessage,
    reply: (ok: boolean, message: string) => void,
  ): void {
    const ref = ++this.refs;
    this.replies.set(ref, reply);
    this.broker.revoke(grant, this.nameOf({ method, chain }), ref);
  }

  /** Who signed, nobody, or why the signature does not count: then the answer counts for nothing at all. */
  private signed(message: VerdictMessage): Signed | { cause: string; fault: string } {
    const hold = this.held(message.hold);
    // Of a hold that is gone the broker says so.
    if (message.signature === undefined || hold === undefined) return { signature: undefined };
    try {
      const { enrolment, session, keyed } = this.ports;
      // Only a socket of this machine knows whose an unsigned answer would be.
      const elsewhere = this.channel.unsigned(message) === undefined;
      const context = { session: session(), enrolment: enrolment(), keyed, now: Date.now(), elsewhere };
      return checkAnswer(message, holdView(hold), context);
    } catch (error) {
      return { cause: 'no-approvers', fault: (error as Error).message };
    }
  }

  /** A list of approvers that cannot be relied on entitles nobody. */
  private unmet(obligations: Obligations): string | undefined {
    if (!obligations.sign) return undefined;
    try {
      return unmetBy(obligations, [...this.ports.enrolment().approvers.values()]);
    } catch (error) {
      return (error as Error).message;
    }
  }
}

function brokerSettings({ maxLive, passForMs, headless, cli }: ApprovalSettings): QueueSettings {
  return { maxLive, passForMs, headless, cli, coolDownMs: COOL_DOWN_MS };
}

const UNSIGNED =
  'An approval that nobody signed counts for nothing here: unlock your approver key and answer again.';

import type { Channel, Desk } from '../approvals/channel/channel.ts';
import type { Reread } from '../approvals/channel/messages.ts';
import { socketPath } from '../approvals/channel/socket-path.ts';
import { SocketServer } from '../approvals/channel/socket-server.ts';
import type { HeldCall } from '../approvals/holding/hold.ts';
import { isAnybodyEnrolled } from '../approvals/signing/entitled.ts';
import type { UsageLog } from '../audit/limits/usage.ts';
import { Redactor } from '../audit/writing/redact.ts';
import type { Home } from '../platform/home.ts';
import { type ChainLink, processChain } from '../platform/process-chain.ts';
import { awaitedBy, mayAwait } from '../policy/decide/awaited.ts';
import { decide, FIRST_USE, NEW_TOOL } from '../policy/decide/decide.ts';
import { type Decimal, minus, ZERO } from '../policy/decide/decimal.ts';
import { namesOtherServersOnly } from '../policy/decide/names-server.ts';
import type { Over, Spent } from '../policy/decide/over.ts';
import type { Call, Decision } from '../policy/decide/types.ts';
import type { OwnPlaces } from '../policy/paths/own-places.ts';
import type { Hidden } from '../protocol/hidden-tools.ts';
import { JsonSource } from '../protocol/json/json-source.ts';
import type { Governed } from '../proxy/governed.ts';
import type { Delivery } from '../proxy/ports.ts';
import { definitionsDigest } from '../tools/pin-record.ts';
import type { ToolSet } from '../tools/pins-file.ts';
import type { SeenTools } from '../tools/seen-tools.ts';
import type { SessionTools } from '../tools/session-tools.ts';
import { Copied } from './copied.ts';
import type { Accepted, DecisionLog } from './decision-log.ts';
import { maskedBy, misfitOf } from './edit-help.ts';
import type { HomeState } from './from-home.ts';
import type { SessionIdentity } from './identity.ts';
import { sameItems } from './next-policy.ts';
import { openLimits } from './open-limits.ts';
import { openNotifier } from './open-notifier.ts';
import { openRecord } from './open-record.ts';
import { hiddenTools, openTools } from './open-tools.ts';
import { ignoredIn, policyEntry, startEntry } from './session-entries.ts';
import { sessionView } from './session-view.ts';
import { aboutOf } from './told-of-tool.ts';
import { WaitingRoom } from './waiting-room.ts';
import { WithTeam } from './with-team.ts';

/** What of a session its records and its terminals are told. */
export interface RulesParts {
  identity: SessionIdentity;
  /** The first whole list of tools counts as accepted. */
  trustFirst: boolean;
  home: Home;
  /** Where the server's relative paths begin; null where nobody can say. */
  folder: string | null;
  /** The process that started this one. */
  parentPid: number;
  delivery: Delivery;
  /** The server's lists of tools, as they pass. */
  tools: SeenTools;
  places: OwnPlaces;
  /** Looks whether another policy is in force. Never rejects. */
  reread(): Promise<Reread>;
  /** Why no call may run at all; undefined: they may. */
  stopped(): string | undefined;
  say(sentence: string): void;
}

/** What a session goes by once its policy is loaded: the record, the waiting room, and what both say of it. */
export class PolicySession {
  readonly recorder: DecisionLog;
  readonly approvals: WaitingRoom;
  private readonly parts: RulesParts;
  private state: HomeState;
  private readonly startedAt = new Date().toISOString();
  /** What limits have used up; undefined for a policy that has none. */
  private spent: UsageLog | undefined;
  private tools: SessionTools;
  /** Why it goes by an earlier policy than the one in force. */
  private keeps: string | undefined;
  /** Digest over the definitions that were accepted before this session. */
  private readonly pinned: string | undefined;
  private latest = 0;
  /** Undefined where the team gets no copy of the log. */
  private readonly copied: Copied | undefined;
  private ancestors: ChainLink[] | undefined;

  constructor(parts: RulesParts, state: HomeState) {
    this.parts = parts;
    this.state = state;
    const { server } = parts.identity;
    const { policy } = state.inForce;
    this.tellOf(state, []);
    this.spent = this.openLimits(state);
    const pins = state.pins.of(server);
    this.pinned = pins && definitionsDigest(pins);
    if (policy.team !== undefined && policy.audit.mirror !== 'off') this.copied = new Copied();
    const redactor = new Redactor(state.maskKey, policy.audit.redact);
    this.recorder = openRecord({
      identity: parts.identity,
      home: parts.home,
      audit: policy.audit,
      redactor,
      spent: this.spent,
      begin: () => startEntry(parts.identity, this.state, parts.home, this.pinned),
      accepted: (what) => this.accept(what),
      sink: this.copied,
      say: parts.say,
    });
    this.approvals = this.openRoom(this.recorder, redactor);
    this.tools = openTools({ ...parts, now: () => this.now() }, state, this.recorder);
    this.recorder.policies(ignoredIn(state));
    if (this.copied !== undefined) this.approvals.listen();
  }

  /** Adds what this server should know of its policy, and says what was not said before. */
  private tellOf({ inForce: { policy, notices } }: HomeState, told: readonly string[]): void {
    const { say, identity } = this.parts;
    if (namesOtherServersOnly(policy, identity.server)) {
      notices.push(
        `The policy names other servers only; this one is called "${identity.server}" (run --server gives another name).`,
      );
    }
    if (policy.mode === 'observe') {
      notices.push(
        'The policy only observes: every call is recorded and forwarded, nothing is held or denied.',
      );
    }
    for (const notice of notices) if (!told.includes(notice)) say(notice);
  }

  /**
   * Goes by what is in force now: recorded before it counts, from the next call on. Says whether that is something
   * new. Rejects with what keeps it from that; then it goes by what it had.
   */
  async goBy(next: HomeState): Promise<'new' | 'same'> {
    const { policy, digest } = next.inForce;
    for (const tool of this.approvals.tools) await awaitedBy(policy, this.parts.identity.server, tool);
    const before = this.state;
    const redactor = new Redactor(next.maskKey, policy.audit.redact);
    const spent = this.spent ?? this.openLimits(next);
    const same = digest === before.inForce.digest;
    const { arguments: keep, durability } = policy.audit;
    const by = { secrets: { redactor, keep }, spent, disk: durability === 'disk', changes: ignoredIn(next) };
    if (!same) this.recorder.policy(policyEntry(next), by);
    this.spent = spent;
    this.state = next;
    this.keeps = undefined;
    this.tellOf(next, before.inForce.notices);
    this.tools = openTools({ ...this.parts, now: () => this.now() }, next, this.recorder);
    const file = next.inForce.file === null ? 'another policy' : `the policy ${next.inForce.file}`;
    const said = `${this.parts.identity.server} goes by ${file} as it was applied now, from its next call on.`;
    if (same) this.approvals.tell('');
    else this.approvals.underPolicy(sameItems(before.inForce.policy, policy), said);
    return same ? 'same' : 'new';
  }

  /** Why it goes on with the policy that it has, as a sentence; told once. */
  goesOn(why: string): void {
    if (this.keeps === why) return;
    this.keeps = why;
    this.parts.say(why);
    this.approvals.tell(why);
  }

  /** What of the home it goes by. */
  get goesBy(): HomeState {
    return this.state;
  }

  /** What the policy in force makes of a call that waits: what it has used up of a limit itself does not speak against it. */
  private decideAgain({
    call: number,
    server,
    tool,
    argumentsText,
    input,
    caller,
    client,
  }: HeldCall): Decision {
    const call: Call = { server, tool, arguments: JsonSource.of(argumentsText), caller, client };
    if (input !== undefined) call.inputResponses = JsonSource.of(input.answers);
    return this.decide(call, (over) => minus(this.spentOf(over), this.spent?.openUse(number, over) ?? ZERO));
  }

  private readonly spentOf = (over: Over): Decimal => {
    if (this.spent === undefined) throw new Error('what was used up of limits was not loaded');
    return this.spent.spent(over);
  };

  private openLimits(state: HomeState): UsageLog | undefined {
    const { home, identity } = this.parts;
    return openLimits(state, { home, session: identity.session, now: () => this.now() });
  }

  /** Wall time that never runs backwards: a limit must not begin anew because a clock was set. */
  private now(): number {
    this.latest = Math.max(this.latest, Date.now());
    return this.latest;
  }

  /** Decides a call by the policy in force. May throw, which the enforcement point refuses. */
  decide(call: Call, spent: Spent = this.spentOf): Decision {
    const { policy } = this.state.inForce;
    const { places } = this.parts;
    const tool = this.tools.facts(call.tool);
    const { enrolled } = this;
    const decision = decide(call, policy, { places, now: this.now(), spent, tool, enrolled });
    decision.about = aboutOf(tool);
    // Only who is told of it accepts it.
    if (tool.offers !== undefined && (decision.rule === FIRST_USE || decision.rule === NEW_TOOL)) {
      const { offers, offered = [] } = tool;
      decision.offers = { ...offers, digest: definitionsDigest(offers), offered };
      // What is accepted by it is in force later too, so it needs the same hand as a policy.
      if (this.state.sealed !== undefined && decision.obligations !== undefined)
        decision.obligations = { ...decision.obligations, sign: true };
    }
    if (policy.mode === 'observe') decision.observed = true;
    return decision;
  }

  private readonly enrolled = (): boolean => isAnybodyEnrolled(this.state.enrolment);

  /** Settles once what is recorded is copied, where the policy wants that first. */
  copying(): Promise<void> | undefined {
    const { mirror } = this.state.inForce.policy.audit;
    if (mirror !== 'required') return undefined;
    return this.copied?.acknowledged() ?? Promise.reject(new Error(NO_COPY));
  }

  /** What must be loaded before a call of a tool can be decided: a kept policy comes without the engine of conditions. */
  get awaits(): Governed['awaits'] {
    const { policy } = this.state.inForce;
    if (!mayAwait(policy)) return undefined;
    return (tool) => awaitedBy(policy, this.parts.identity.server, tool);
  }

  /** Which tools leave the server's list; undefined: none do. */
  get hidden(): Hidden | undefined {
    return hiddenTools(this.state.inForce.policy, this.parts.identity.server);
  }

  /** A person approved a call that asks for it: the tools that they were told of are accepted. Never throws: the call runs all the same. */
  private accept({ offers, by, seal }: Accepted): void {
    try {
      this.tools.accepted(offers as ToolSet, by, seal);
    } catch (error) {
      this.parts.say(
        `The tools of ${this.parts.identity.server} could not be accepted (${(error as Error).message}): its next call is asked about again.`,
      );
    }
  }

  private openRoom(recorder: DecisionLog, redactor: Redactor): WaitingRoom {
    const { identity, home, delivery, say, stopped } = this.parts;
    const { limits, enrolment } = this.state;
    return new WaitingRoom({
      channel: (desk) => this.channelFor(desk, redactor),
      idFolder: `${home.run}/ids`,
      identity,
      settings: () => this.state.inForce.policy.approvals,
      decideAgain: (held) => this.decideAgain(held),
      reread: () => this.parts.reread(),
      limits,
      delivery,
      record: (records, durable) => recorder.holds(records, durable),
      refusedAnswer: (cause, message) => recorder.answer(cause, message.signature?.value ?? ''),
      enrolment,
      definition: (tool) => this.tools.definition(tool) ?? null,
      misfit: (tool, argumentsText) => misfitOf(this.parts.tools, tool, argumentsText),
      masked: (argumentsText) => maskedBy(this.state, argumentsText),
      isKeyed: (call) => recorder.isKeyed(call),
      keyed: (digest) => redactor.keyed(digest),
      keptGrants: () => this.state.grants.read(),
      keepGrant: (kept) => this.state.grants.add(kept),
      notifier: openNotifier(() => this.state.inForce.policy.approvals.notify, {
        folder: home.root,
        record: (entry) => recorder.notified(entry),
        failed: (sentence) => {
          say(sentence);
          // For whoever opens a terminal later: nobody reads what a client logs.
          this.state.inForce.notices.push(sentence);
        },
      }),
      session: () =>
        sessionView({
          identity,
          inForce: this.state.inForce,
          folder: this.parts.folder,
          startedAt: this.startedAt,
          ancestors: this.startedBy(),
          keeps: this.keeps,
        }),
      stopped,
      say,
    });
  }

  /** The socket of this machine and, where the policy it began with names a team, that one's relay. */
  private channelFor(desk: Desk, redactor: Redactor): Channel {
    const { identity, home, say } = this.parts;
    const { team } = this.state.inForce.policy;
    const local = new SocketServer(socketPath(home.run, identity.session), desk);
    if (team === undefined) return local;
    const keyed = (digest: string): string => redactor.keyed(digest);
    const reread = (): void => void this.parts.reread();
    const both: WithTeam = new WithTeam(local, async () => {
      const { openTeam } = await import('./open-team.ts');
      return openTeam(
        { home, team, session: identity.session, keyed, reread, copied: this.copied, say },
        both.deskOf(desk),
      );
    });
    return both;
  }

  /** Looked up when a terminal first asks, not at the start: on macOS it takes a process per ancestor. */
  private startedBy(): ChainLink[] {
    this.ancestors ??= processChain();
    return this.ancestors;
  }
}

const NO_COPY =
  'The policy wants each record copied to the team first ("audit.mirror": "required"), and this session has no team: it began without one. Name a "team" in the policy and start the server anew.';

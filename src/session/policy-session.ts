import { performance } from 'node:perf_hooks';
import type { Reread, SessionView } from '../approvals/channel/messages.ts';
import { socketPath } from '../approvals/channel/socket-path.ts';
import { SocketServer } from '../approvals/channel/socket-server.ts';
import type { HeldCall } from '../approvals/holding/hold.ts';
import { isAnybodyEnrolled } from '../approvals/signing/entitled.ts';
import type { UsageLog } from '../audit/limits/usage.ts';
import type { SessionEntry, Tip } from '../audit/log/entry.ts';
import { tipFields } from '../audit/log/previous-tip.ts';
import { CheckpointSink } from '../audit/writing/checkpoint-sink.ts';
import { openJournal } from '../audit/writing/journal.ts';
import { Redactor } from '../audit/writing/redact.ts';
import { Counted, SessionCounter } from '../audit/writing/session-counter.ts';
import type { Sink } from '../audit/writing/sink.ts';
import type { InForce } from '../config/in-force.ts';
import type { PolicyChange } from '../config/layer-in-force.ts';
import type { Home } from '../platform/home.ts';
import { type ChainLink, controllingTerminal, processChain } from '../platform/process-chain.ts';
import { VERSION } from '../platform/this-machine.ts';
import { awaitedBy, mayAwait } from '../policy/decide/awaited.ts';
import type { CallFacts } from '../policy/decide/call-facts.ts';
import { decide, FIRST_USE, NEW_TOOL } from '../policy/decide/decide.ts';
import { type Decimal, minus, ZERO } from '../policy/decide/decimal.ts';
import { namesOtherServersOnly } from '../policy/decide/names-server.ts';
import { longestWindow, type Over, type Spent } from '../policy/decide/over.ts';
import type { Call, Decision } from '../policy/decide/types.ts';
import type { OwnPlaces } from '../policy/paths/own-places.ts';
import type { Hidden } from '../protocol/hidden-tools.ts';
import { JsonSource } from '../protocol/json/json-source.ts';
import type { Governed } from '../proxy/governed.ts';
import type { Delivery } from '../proxy/ports.ts';
import { definitionsDigest } from '../tools/pin-record.ts';
import type { ToolSet } from '../tools/pins-file.ts';
import type { SeenTools } from '../tools/seen-tools.ts';
import type { KnownTool, SessionTools } from '../tools/session-tools.ts';
import { type Accepted, DecisionLog } from './decision-log.ts';
import type { HomeState } from './from-home.ts';
import type { SessionIdentity } from './identity.ts';
import { limitsIndex } from './limits-index.ts';
import { sameItems } from './next-policy.ts';
import { openNotifier } from './open-notifier.ts';
import { hiddenTools, openTools } from './open-tools.ts';
import { WaitingRoom } from './waiting-room.ts';

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
  private ancestors: ChainLink[] | undefined;

  constructor(parts: RulesParts, state: HomeState) {
    this.parts = parts;
    this.state = state;
    const { server } = parts.identity;
    const { policy } = state.inForce;
    this.tellOf(state, []);
    this.spent = this.openLimits();
    const pins = state.pins.of(server);
    this.pinned = pins && definitionsDigest(pins);
    const redactor = new Redactor(state.maskKey, policy.audit.redact);
    this.recorder = this.openRecord(redactor);
    this.approvals = this.openRoom(this.recorder, redactor);
    this.tools = openTools({ ...parts, now: () => this.now() }, state, this.recorder);
    this.recorder.policies(ignoredIn(state));
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
    if (!same) this.recorder.policy(this.changeEntry(next), by);
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

  private changeEntry({ inForce }: HomeState): SessionEntry {
    return {
      type: 'session',
      kind: 'run',
      event: 'policy',
      policy: policyField(inForce),
      versions: { holdpoint: VERSION, node: process.version },
    };
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

  private openLimits(state = this.state): UsageLog | undefined {
    const { home, identity } = this.parts;
    const { inForce, maskKey, usageLog } = state;
    if (usageLog === undefined) return undefined;
    const counter = new SessionCounter(home);
    const longestMs = longestWindow([...inForce.policy.deny, ...inForce.policy.escalate]);
    const spent = new usageLog({
      folder: home.audit,
      session: identity.session,
      now: () => this.now(),
      wall: Date.now,
      counted: () => counter.read()?.sessions ?? [],
      longestMs,
      index: { file: limitsIndex(home), key: maskKey },
    });
    spent.prepare();
    return spent;
  }

  private openRecord(redactor: Redactor): DecisionLog {
    const { parts, state } = this;
    const { durability, checkpoint, arguments: keep } = state.inForce.policy.audit;
    const clock = { wall: Date.now, mono: () => performance.now() };
    const sinks = this.sinks(checkpoint, (cause, what) => log.fault(cause, what));
    const { identity, home } = parts;
    const { session } = identity;
    const journal = openJournal({ folder: home.audit, session, clock, durability, sinks });
    const counted = new Counted(home, journal.name, parts.say);
    const begins = {
      start: () => ({ ...this.sessionEntry(), nth: counted.begin(), maskKey: redactor.keyName }),
      ended: (tip: Tip | undefined) => counted.end(tip),
    };
    const accepted = (what: Accepted): void => this.accept(what);
    const beside = { spent: this.spent, accepted };
    const log: DecisionLog = new DecisionLog(journal, { identity, ...begins }, { redactor, keep }, beside);
    return log;
  }

  private openRoom(recorder: DecisionLog, redactor: Redactor): WaitingRoom {
    const { identity, home, delivery, say, stopped } = this.parts;
    const { limits, enrolment } = this.state;
    return new WaitingRoom({
      channel: (desk) => new SocketServer(socketPath(home.run, identity.session), desk),
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
      misfit: (tool, argumentsText) => this.misfit(tool, argumentsText),
      masked: (argumentsText) => this.masked(argumentsText),
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
      session: () => this.view(),
      stopped,
      say,
    });
  }

  /** The engine of schemas is loaded for who edits a call alone. What it cannot use says nothing against a call. */
  private async misfit(tool: string, argumentsText: string): Promise<string | undefined> {
    const listed = this.parts.tools.current?.find(({ name }) => name === tool);
    if (listed === undefined) return undefined;
    try {
      const { misfit } = await import('./fits-schema.ts');
      const how = misfit(listed.source.text, argumentsText);
      return how === undefined ? undefined : `The arguments do not fit the schema of ${tool}: ${how}.`;
    } catch {
      return undefined;
    }
  }

  private masked(argumentsText: string): string {
    const { maskKey, inForce } = this.state;
    const redactor = new Redactor(maskKey, inForce.policy.audit.redact);
    return redactor.json(JsonSource.of(argumentsText)) ?? argumentsText;
  }

  /** A copy of the log's ends, where the policy wants one; what fails is recorded and said. */
  private sinks(file: string | undefined, fault: (cause: string, what: string) => void): Sink[] {
    if (file === undefined) return [];
    const failed = (cause: string): void => {
      fault('checkpoint', `It cannot be written: ${cause}`);
      this.parts.say(
        `the checkpoint file ${file} cannot be written (${cause}): what is cut from the audit log now would not be noticed by it.`,
      );
    };
    return [new CheckpointSink(file, failed)];
  }

  private sessionEntry(): SessionEntry {
    const { session, server, caller, client, commandDigest } = this.parts.identity;
    const { policy } = this.state.inForce;
    return {
      type: 'session',
      kind: 'run',
      event: 'start',
      server,
      command: commandDigest,
      client,
      caller: caller === undefined ? undefined : { as: caller },
      policy: policyField(this.state.inForce),
      ...(this.pinned === undefined ? {} : { pins: this.pinned }),
      approvers: this.approversHead(),
      tier: policy.approvals.sign === 'required' ? 1 : 0,
      versions: { holdpoint: VERSION, node: process.version },
      ...tipFields(this.parts.home.audit, session),
    };
  }

  /** Which list of approvers this session begins with; undefined when it cannot be relied on. */
  private approversHead(): string | null | undefined {
    try {
      return this.state.enrolment().head;
    } catch {
      return undefined;
    }
  }

  /** Looked up when a terminal first asks, not at the start: on macOS it takes a process per ancestor. */
  private startedBy(): ChainLink[] {
    this.ancestors ??= processChain();
    return this.ancestors;
  }

  private view(): SessionView {
    const { session, server, client, commandDigest } = this.parts.identity;
    const { policy, digest, notices } = this.state.inForce;
    return {
      session,
      server,
      pid: process.pid,
      ancestors: this.startedBy(),
      terminal: controllingTerminal() ?? null,
      client: client?.name ?? null,
      startedAt: this.startedAt,
      version: VERSION,
      folder: this.parts.folder,
      cli: policy.approvals.cli,
      command: commandDigest,
      policy: digest,
      redact: policy.audit.redact,
      grants: [],
      brake: false,
      enrolled: false,
      ...(this.keeps === undefined ? {} : { keeps: this.keeps }),
      notices: this.keeps === undefined ? notices : [this.keeps, ...notices],
    };
  }
}

const ignoredIn = ({ inForce }: HomeState): PolicyChange[] =>
  inForce.changes.filter(({ event }) => event === 'ignored');

/** What a record says of the policy in force. */
function policyField({ file, digest, policy, layers, compiled }: InForce): SessionEntry['policy'] {
  const several = layers.map((one) => ({ layer: one.name, file: one.file, digest: one.digest }));
  return {
    file,
    digest,
    mode: policy.mode,
    ...(several.length > 1 ? { layers: several } : {}),
    ...(compiled === undefined ? {} : { compiled }),
  };
}

const known = new WeakMap<KnownTool, CallFacts>();

/** What is told of a tool with a call: the same as long as the same is known of it. */
function aboutOf(tool: KnownTool): CallFacts {
  const found = known.get(tool);
  if (found !== undefined) return found;
  const about: CallFacts = {
    definition: tool.definition,
    risk: tool.risk,
    ...(tool.risk !== undefined && !tool.sure && { unsure: true }),
    ...(tool.risk !== undefined && { reversibility: tool.reversibility ?? 'unknown' }),
    ...(tool.risk === 'read' && tool.sure && !tool.plainRead && { free: true }),
    ...(tool.unlisted === true && { unlisted: true }),
    ...(tool.absent === true && { absent: true }),
  };
  known.set(tool, about);
  return about;
}

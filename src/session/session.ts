import { performance } from 'node:perf_hooks';
import type { Reread } from '../approvals/channel/messages.ts';
import { mayHide } from '../config/may-hide.ts';
import type { Home } from '../platform/home.ts';
import { PlainError } from '../platform/plain-error.ts';
import { StopFile, stopWords } from '../platform/stop-file.ts';
import type { ClientInfo } from '../protocol/client-info.ts';
import type { Hidden } from '../protocol/hidden-tools.ts';
import { commandDigest } from '../proxy/call-digest.ts';
import type { ClientInput } from '../proxy/client-input.ts';
import { ClientOutput } from '../proxy/client-output.ts';
import { Enforcer } from '../proxy/enforce.ts';
import type { Decide, Delivery } from '../proxy/ports.ts';
import { relay, ServerInput } from '../proxy/relay.ts';
import { ServerLines, type ServerLinesWay } from '../proxy/server-lines.ts';
import type { Ending } from '../proxy/upstream/server-process.ts';
import type { Ender, Upstream } from '../proxy/upstream/upstream.ts';
import { SeenTools } from '../tools/seen-tools.ts';
import { AppliedWatch, appliedStamp } from './applied-watch.ts';
import type { HomeState } from './from-home.ts';
import type { SessionIdentity } from './identity.ts';
import { Looking } from './looking.ts';
import { ownPlaces } from './own-places.ts';
import type { PolicySession } from './policy-session.ts';
import type { RunOptions } from './run-options.ts';
import { serverFolder } from './server-folder.ts';

/** A throw-away instance (SDK v2 probes with one) is gone before this and leaves no socket behind. */
const LISTEN_AFTER_MS = 1_500;
/** A client asks for the tools right after the server's first answer. */
const AFTER_FIRST_WORDS_MS = 100;
const POLICY_AFTER_MS = 1_000;
const RETAIN_AFTER_MS = 30_000;
const LIST_CHANGED = `${JSON.stringify({ jsonrpc: '2.0', method: 'notifications/tools/list_changed' })}\n`;

export interface SessionParts {
  session: string;
  options: RunOptions;
  name: string;
  home: Home;
  server: Upstream;
  stopper: Ender;
  /** The process that started this one. */
  parentPid: number;
  say(sentence: string): void;
}

/** One `run` from its first byte to its exit code: puts the rooms together and nothing more. */
export class Session {
  private readonly parts: SessionParts;
  private readonly stopper: Ender;
  private readonly output = new ClientOutput(process.stdout);
  private readonly enforcer: Enforcer;
  private readonly toServer: ServerInput;
  private readonly identity: SessionIdentity;
  private readonly brake: StopFile;
  private client: ClientInfo | undefined;
  private readonly tools = new SeenTools();
  /** Undefined until the policy is loaded: then calls wait. */
  private rules: PolicySession | undefined;
  private policy: Promise<void> | undefined;
  /** Not where --policy names a file: it goes by that one to its end. */
  private applied: AppliedWatch | undefined;
  private exitCode: number | undefined;
  private finished = false;
  private input: ClientInput | undefined;
  private lines: ServerLines | undefined;
  private way: ServerLinesWay | undefined;

  constructor(parts: SessionParts) {
    const { server } = parts;
    this.parts = parts;
    this.stopper = parts.stopper;
    this.brake = new StopFile(parts.home);
    this.identity = this.identify();
    this.toServer = new ServerInput(server);
    this.enforcer = new Enforcer(this.identity, {
      tools: this.tools,
      toServer: (bytes) => this.toServer.add(bytes),
      flush: () => this.toServer.flush(),
      toClient: (line) => this.output.own(line),
      policyWanted: () => this.wantPolicy(),
      settled: () => this.input?.policySettled(),
      client: (info) => {
        this.client = info;
      },
      mono: () => performance.now(),
      stopped: () => this.stopped(),
      copied: () => this.rules?.copying(),
    });
  }

  start(): void {
    this.lines = this.serverLines();
    this.input = relay({
      lines: this.lines,
      client: { input: process.stdin, output: process.stdout },
      server: this.parts.server,
      output: this.output,
      enforcer: this.enforcer,
      policyWanted: () => this.wantPolicy(),
      clientGone: (reads) => {
        this.enforcer.clientGone(reads, () => this.stopper.inputEnded());
      },
    });
    // Loading it costs as much processor time as a server's start, so it waits for the server's first words or a call.
    const soon = (): void => void setTimeout(() => this.wantPolicy(), AFTER_FIRST_WORDS_MS);
    this.parts.server.onFirstBytes(soon);
    this.parts.server.onUnanswered?.((request) => this.enforcer.open.unanswered(request));
    setTimeout(() => this.wantPolicy(), POLICY_AFTER_MS);
  }

  /** Asked before each call, and each second while calls wait: for what was applied too, so that what waits knows. */
  private stopped(): string | undefined {
    void this.applied?.look();
    const stop = this.brake.read();
    return stop && stopWords(stop, this.brake.path);
  }

  private wantPolicy(): void {
    this.policy ??= this.loadPolicy();
  }

  /** holdpoint was told to end: what waits for a person is answered now. */
  ending(): void {
    this.rules?.approvals.end('session ended');
  }

  /** The server has ended and all it wrote has been passed on. */
  async finish(how: Ending): Promise<void> {
    this.finished = true;
    this.input?.serverEnded();
    this.lines?.end();
    this.output.serverEnded();
    this.enforcer.serverGone(how.how);
    this.rules?.recorder.end(how.how);
    await this.rules?.approvals.close();
    await this.output.drained(this.stopper.hurried);
    process.exit(this.exitCode ?? how.code);
  }

  /** Only calls wait for it. */
  private async loadPolicy(): Promise<void> {
    const { home, options, say } = this.parts;
    try {
      const { loadHome } = await import('./from-home.ts');
      const { PolicySession } = await import('./policy-session.ts');
      const before = appliedStamp(home);
      const state = await loadHome(home, options, say);
      // The first start of a home writes it itself.
      if (!this.finished) this.governed(state, PolicySession, before ?? appliedStamp(home));
    } catch (error) {
      if (error instanceof PlainError) this.exitCode = error.exitCode;
      const cause =
        error instanceof PlainError ? error.message : `the policy could not be loaded: ${String(error)}`;
      say(cause);
      this.enforcer.unusable(cause);
      this.lines?.release();
      this.enforcer.open.abandon(`It does not start without a policy. ${cause}`);
      this.stopper.stop();
    }
  }

  private governed(state: HomeState, Rules: typeof PolicySession, stamp: string | undefined): void {
    const { policy } = state.inForce;
    const { options, home, parentPid, say } = this.parts;
    const { trustFirst } = options;
    const folder = serverFolder(options.command, process.cwd());
    const stopped = (): string | undefined => this.stopped();
    const places = ownPlaces(this.parts.home, process.cwd());
    const looking = new Looking(() => this.reread(rules));
    const reread = (): Promise<Reread> => looking.look();
    const told = { parentPid, say, stopped, places, reread };
    const parts = { identity: this.identity, trustFirst, home, folder, ...told };
    const rules: PolicySession = new Rules({ ...parts, delivery: this.delivery(), tools: this.tools }, state);
    this.rules = rules;
    if (options.policy === undefined) this.applied = new AppliedWatch(home, stamp, reread);
    setTimeout(() => rules.approvals.listen(), LISTEN_AFTER_MS).unref();
    setTimeout(() => void this.retain(policy.audit.keepDays), RETAIN_AFTER_MS).unref();
    this.govern(rules);
    this.lines?.release();
  }

  private govern(rules: PolicySession): void {
    const { recorder, approvals } = rules;
    const decide: Decide = (call) => rules.decide(call);
    const { awaits } = rules;
    const awaited = (tool: string): Promise<void> | undefined => this.applied?.look() ?? awaits?.(tool);
    this.enforcer.ready({ decide, awaits: awaited, recorder, approvals });
  }

  /** Reads what is in force as at the start, and goes by it from the next call on; else says why it does not. */
  private async reread(rules: PolicySession): Promise<Reread> {
    const { home, options, say } = this.parts;
    const { server } = this.identity;
    this.applied?.noted();
    const kept = (why: string): Reread => {
      const said = `${server} goes on with the policy that it had: ${why}`;
      rules.goesOn(said);
      return { took: 'kept', said };
    };
    if (options.policy !== undefined) return kept(`it was started with --policy ${options.policy}.`);
    try {
      const { loadHome } = await import('./from-home.ts');
      const { whyNotTaken } = await import('./next-policy.ts');
      const before = rules.goesBy;
      const next = await loadHome(home, options, say, 'leave');
      const same = next.inForce.digest === before.inForce.digest;
      const why = same ? undefined : whyNotTaken(home, next, before);
      if (why !== undefined) return kept(why);
      const hidden = this.hiddenNow();
      const took = await rules.goBy(next);
      this.govern(rules);
      this.hideAnew(hidden);
      return { took, said: `${server} goes by the policy in force.` };
    } catch (error) {
      return kept((error as Error).message);
    }
  }

  /** Names of the server's tools that its client is not shown. */
  private hiddenNow(): string {
    const hidden = this.rules?.hidden;
    const names = (this.tools.current ?? []).map(({ name }) => name);
    return JSON.stringify(hidden === undefined ? [] : names.filter((name) => hidden(name)));
  }

  /** Its client has another list of tools now, and is told to ask for it. */
  private hideAnew(before: string): void {
    if (this.rules?.hidden !== undefined && this.way !== undefined) this.way.hidden = this.hidden;
    if (this.hiddenNow() !== before) this.output.own(LIST_CHANGED);
  }

  private identify(): SessionIdentity {
    const { session, name, options } = this.parts;
    const run = this;
    return {
      session,
      server: name,
      commandDigest: commandDigest(options.command),
      address: options.remote && options.command[1],
      caller: options.as,
      get client() {
        return run.client;
      },
    };
  }

  /** A list of tools waits for the policy where that may hide some: later would be too late. */
  private serverLines(): ServerLines {
    const { home, options, server } = this.parts;
    this.way = {
      hidden: mayHide(home, options.policy) ? this.hidden : undefined,
      relay: (bytes) => {
        if (!this.output.relay(bytes)) server.pause();
      },
    };
    return new ServerLines(this.enforcer.open, this.way);
  }

  private readonly hidden = (): Hidden | 'unknown' | undefined => {
    if (this.rules !== undefined) return this.rules.hidden;
    if (this.exitCode !== undefined) return undefined;
    this.wantPolicy();
    return 'unknown';
  };

  /** Housekeeping, long after the start and never on a call's way. */
  private async retain(keepDays: number): Promise<void> {
    const { retain } = await import('./retention.ts');
    const fault = retain(this.parts.home, keepDays, Date.now());
    if (fault !== undefined) this.parts.say(fault);
  }

  /** A client that does not read is not kept waiting by more lines to read. */
  private delivery(): Delivery {
    const { open } = this.enforcer;
    return {
      forward: (request, digest) => {
        const forwarded = open.forward(request, digest);
        this.toServer.flush();
        return forwarded;
      },
      refuse: (request, refusal) => open.refuse(request, refusal),
      forget: (request) => open.forget(request),
      running: () => open.running,
      again: (request, edit) => this.enforcer.again(request, edit),
      respelled: (request, argumentsText) => this.enforcer.respelled(request, argumentsText),
      keepAlive: (request, n, message) => {
        if (!this.output.busy) open.keepAlive(request, n, message);
      },
    };
  }
}

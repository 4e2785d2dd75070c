import { performance } from 'node:perf_hooks';
import type { ClientLimits } from '../approvals/client-limits.ts';
import type { Enrolment } from '../approvals/enrolment.ts';
import { clientPid, processChain } from '../approvals/process-chain.ts';
import { socketPath } from '../approvals/socket-path.ts';
import type { SessionView } from '../approvals/wire.ts';
import { Checkpoints } from '../audit/checkpoint.ts';
import type { SessionEntry } from '../audit/entry.ts';
import { openJournal } from '../audit/journal.ts';
import { tipFields } from '../audit/previous-tip.ts';
import { Redactor } from '../audit/redact.ts';
import type { InForce, PolicyChange } from '../config/applied-policy.ts';
import type { Home } from '../config/home.ts';
import { namesOtherServersOnly } from '../policy/decide/concerns.ts';
import { decide } from '../policy/decide/decide.ts';
import type { ClientInfo } from '../protocol/call-message.ts';
import { PlainError } from '../protocol/plain-error.ts';
import type { Ending, ServerProcess } from '../proxy/child.ts';
import type { ClientInput } from '../proxy/client-input.ts';
import { ClientOutput } from '../proxy/client-output.ts';
import { commandDigest } from '../proxy/digests.ts';
import { Enforcer } from '../proxy/enforce.ts';
import type { Approvals, Delivery, Recorder } from '../proxy/ports.ts';
import { relay, ServerInput } from '../proxy/relay.ts';
import type { Stopper } from '../proxy/stopper.ts';
import { RunApprovals } from './run-approvals.ts';
import type { RunOptions } from './run-options.ts';
import { type Copies, RunRecorder } from './run-recorder.ts';
import { userHome, VERSION } from './surroundings.ts';

/** A throw-away instance (SDK v2 probes with one) is gone before this and leaves no socket behind. */
const LISTEN_AFTER_MS = 1_500;
/** A client asks for the tools right after the server's first answer. */
const AFTER_FIRST_WORDS_MS = 100;
const POLICY_AFTER_MS = 1_000;
const RETAIN_AFTER_MS = 30_000;

export interface RunParts {
  session: string;
  options: RunOptions;
  name: string;
  home: Home;
  server: ServerProcess;
  stopper: Stopper;
  /** The process that started this one. */
  parentPid: number;
  say(sentence: string): void;
}

/** What the home keeps beside the policy. */
interface HomeState {
  limits: ClientLimits;
  enrolment: () => Enrolment;
  /** Of masks. */
  key: Uint8Array;
}

/** One `run` from its first byte to its exit code: puts the rooms together and nothing more. */
export class RunSession {
  private readonly parts: RunParts;
  private readonly id: string;
  private readonly startedAt = new Date().toISOString();
  private readonly stopper: Stopper;
  private readonly output = new ClientOutput(process.stdout);
  private readonly enforcer: Enforcer;
  private readonly toServer: ServerInput;
  private readonly digest: string;
  private client: ClientInfo | undefined;
  private recorder: RunRecorder | undefined;
  private approvals: RunApprovals | undefined;
  private policy: Promise<void> | undefined;
  private inForce: InForce | undefined;
  private enrolment: (() => Enrolment) | undefined;
  private clientProcess: number | undefined;
  private exitCode: number | undefined;
  private finished = false;
  private input: ClientInput | undefined;

  constructor(parts: RunParts) {
    const { server, name, options } = parts;
    this.parts = parts;
    this.id = parts.session;
    this.stopper = parts.stopper;
    this.digest = commandDigest(options.command);
    this.toServer = new ServerInput(server.stdin);
    this.enforcer = new Enforcer(
      { server: name, commandDigest: this.digest, caller: options.as },
      {
        recorder: this.recording(),
        approvals: this.approving(),
        toServer: (bytes) => this.toServer.add(bytes),
        flush: () => this.toServer.flush(),
        toClient: (line) => this.output.own(line),
        policyWanted: () => this.wantPolicy(),
        client: (info) => {
          this.client = info;
        },
        mono: () => performance.now(),
        wall: Date.now,
      },
    );
  }

  start(): void {
    this.input = relay({
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
    this.parts.server.stdout.once('data', soon);
    setTimeout(() => this.wantPolicy(), POLICY_AFTER_MS);
  }

  private wantPolicy(): void {
    this.policy ??= this.loadPolicy();
  }

  /** holdpoint was told to end: what waits for a person is answered now. */
  ending(): void {
    this.approvals?.end('session ended');
  }

  /** The server has ended and all it wrote has been passed on. */
  async finish(how: Ending): Promise<void> {
    this.finished = true;
    this.input?.serverEnded();
    this.output.serverEnded();
    this.enforcer.serverGone(how.how);
    this.recorder?.end(how.how);
    this.approvals?.close();
    await this.output.drained(this.stopper.hurried);
    process.exit(this.exitCode ?? how.code);
  }

  /** Only calls wait for it. */
  private async loadPolicy(): Promise<void> {
    const { home, options, say } = this.parts;
    try {
      const { loadPolicy } = await import('../config/applied-policy.ts');
      const { clientLimits } = await import('./run-limits.ts');
      const { enrolmentOf } = await import('./enrolment-of.ts');
      const { recordCommand } = await import('./cli-session.ts');
      const { redactionKey } = await import('../config/redaction-key.ts');
      if (this.finished) return;
      const enrolment = (): Enrolment => enrolmentOf(home);
      // In a file of its own: this session has none before its first call, and the policy is in force from now on.
      const record = (change: PolicyChange): void =>
        recordCommand(home, { type: 'policy', ...change, by: { name: 'first start' } });
      const inForce = loadPolicy(home, options.policy, { firstSeen: 'apply', record });
      const state = { limits: clientLimits(home, say), enrolment, key: redactionKey(home) };
      this.policyLoaded(inForce, state);
    } catch (error) {
      if (error instanceof PlainError) this.exitCode = error.exitCode;
      const cause =
        error instanceof PlainError ? error.message : `the policy could not be loaded: ${String(error)}`;
      say(cause);
      this.enforcer.unusable(cause);
      this.input?.policySettled();
      this.enforcer.open.abandon(`It does not start without a policy. ${cause}`);
      this.stopper.stop();
    }
  }

  private policyLoaded(inForce: InForce, { limits, enrolment, key }: HomeState): void {
    const { home, options, name, say } = this.parts;
    const { policy } = inForce;
    this.inForce = inForce;
    this.enrolment = enrolment;
    if (namesOtherServersOnly(policy, name)) {
      inForce.notices.push(
        `The policy names other servers only; this one is called "${name}" (run --server gives another name).`,
      );
    }
    for (const notice of inForce.notices) say(notice);
    const clock = { wall: Date.now, mono: () => performance.now() };
    const { durability } = policy.audit;
    const journal = openJournal({ folder: home.audit, session: this.id, clock, durability });
    const session = this;
    const facts = {
      server: name,
      caller: options.as,
      get client() {
        return session.client;
      },
      start: () => this.sessionEntry(),
    };
    const { arguments: keep, redact, checkpoint } = policy.audit;
    const redactor = new Redactor(key, redact);
    const recorder = new RunRecorder(journal, facts, { redactor, keep }, this.copies(checkpoint));
    this.recorder = recorder;
    this.approvals = new RunApprovals({
      socket: socketPath(home.run, this.id),
      idFolder: `${home.run}/ids`,
      server: name,
      caller: options.as,
      settings: policy.approvals,
      limits,
      delivery: this.delivery(),
      record: (records, durable) => recorder.holds(records, durable),
      refusedAnswer: (cause, message) => recorder.answer(cause, message.signature?.value ?? ''),
      enrolment,
      isKeyed: (call) => recorder.isKeyed(call),
      keyed: (digest) => redactor.keyed(digest),
      session: () => this.view(),
      say,
    });
    if (inForce.change?.event === 'ignored') recorder.policy(inForce.change);
    setTimeout(() => this.approvals?.listen(), LISTEN_AFTER_MS).unref();
    setTimeout(() => void this.retain(policy.audit.keepDays), RETAIN_AFTER_MS).unref();
    const places = { holdpointHome: home.root, userHome: userHome(), workingFolder: process.cwd() };
    this.enforcer.ready((call) => decide(call, policy, { places }));
    this.input?.policySettled();
  }

  /** Housekeeping, long after the start and never on a call's way. */
  private async retain(keepDays: number): Promise<void> {
    const { retain } = await import('./retention.ts');
    const fault = retain(this.parts.home, keepDays, Date.now());
    if (fault !== undefined) this.parts.say(fault);
  }

  private copies(file: string | undefined): Copies | undefined {
    if (file === undefined) return undefined;
    const failed = (cause: string): void =>
      this.parts.say(
        `the checkpoint file ${file} cannot be written (${cause}): what is cut from the audit log now would not be noticed by it.`,
      );
    return { checkpoints: new Checkpoints(file), failed };
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
      keepAlive: (request, n, message) => {
        if (!this.output.busy) open.keepAlive(request, n, message);
      },
    };
  }

  /** Before the policy is there nothing is recorded: the enforcer keeps calls and bad lines waiting. */
  private recording(): Recorder {
    return {
      decision: (record) => this.recorder?.decision(record),
      continued: (call, of) => this.recorder?.continued(call, of),
      refusal: (cause, digest, bytes) => this.recorder?.refusal(cause, digest, bytes),
      serverLine: (cause, digest, bytes) => this.recorder?.serverLine(cause, digest, bytes),
      outcome: (record) => this.recorder?.outcome(record),
      commit: () => this.recorder?.commit(),
    };
  }

  private approving(): Approvals {
    return {
      escalated: (escalation, request, hasToken) => this.approvals?.escalated(escalation, request, hasToken),
      cancelled: (request, reason) => this.approvals?.cancelled(request, reason) ?? false,
      end: (why) => this.approvals?.end(why),
    };
  }

  private sessionEntry(): SessionEntry {
    const { name, options, home } = this.parts;
    const { file = null, digest = '' } = this.inForce ?? {};
    return {
      type: 'session',
      kind: 'run',
      event: 'start',
      server: name,
      command: this.digest,
      client: this.client,
      caller: options.as === undefined ? undefined : { as: options.as },
      policy: { file, digest, mode: 'enforce' },
      approvers: this.approversHead(),
      tier: this.inForce?.policy.approvals.sign === 'required' ? 1 : 0,
      versions: { holdpoint: VERSION, node: process.version },
      ...tipFields(home.audit, this.id),
    };
  }

  /** Which list of approvers this session begins with; undefined when it cannot be relied on. */
  private approversHead(): string | null | undefined {
    try {
      return this.enrolment?.().head;
    } catch {
      return undefined;
    }
  }

  /** Looked up when a terminal first asks, not at the start: on macOS it takes a process per ancestor. */
  private clientPid(): number {
    this.clientProcess ??= clientPid(processChain(), this.parts.parentPid);
    return this.clientProcess;
  }

  private view(): SessionView {
    const { name } = this.parts;
    return {
      session: this.id,
      server: name,
      pid: process.pid,
      clientPid: this.clientPid(),
      client: this.client?.name ?? null,
      startedAt: this.startedAt,
      cli: this.inForce?.policy.approvals.cli ?? 'person',
      command: this.digest,
      policy: this.inForce?.digest ?? '',
      redact: this.inForce?.policy.audit.redact ?? [],
      notices: this.inForce?.notices ?? [],
    };
  }
}

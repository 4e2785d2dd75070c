import type { HoldRecord } from '../approvals/holding/records.ts';
import type { UsageLog } from '../audit/limits/usage.ts';
import type {
  Caller,
  ChangeEntry,
  DecisionEntry,
  NotifyEntry,
  SessionEntry,
  Tip,
} from '../audit/log/entry.ts';
import { recordedArguments } from '../audit/writing/arguments.ts';
import type { Journal } from '../audit/writing/journal.ts';
import type { Redactor } from '../audit/writing/redact.ts';
import { RefusalRecords, type Refused, SERVER } from '../audit/writing/refusal-records.ts';
import type { PolicyChange } from '../config/layer-in-force.ts';
import type { Seal } from '../config/seals.ts';
import { sha256Hex } from '../platform/digest.ts';
import type { AuditSettings, Decision } from '../policy/decide/types.ts';
import type { DigestedCall, OutcomeRecord, Recorder } from '../proxy/ports.ts';
import type { SessionIdentity } from './identity.ts';

/** An outcome rides on the next write, or goes alone after this long. */
const OUTCOME_WITHIN_MS = 50;
/** Lines of the server that are no messages, before there is a session to record them in. */
const MOST_EARLY = 20;

export interface LogSubject {
  identity: SessionIdentity;
  /** The first record of the file; made when there is first something to record. */
  start(): SessionEntry;
  /** It ended with `tip`; without one it has left no record. */
  ended(tip: Tip | undefined): void;
}

/** What of the arguments is kept, and how secrets are taken out of it. */
export interface Secrets {
  redactor: Redactor;
  keep: AuditSettings['arguments'];
}

/** What goes with another policy. */
export interface NextPolicy {
  secrets: Secrets;
  spent: UsageLog | undefined;
  /** Every write is synced from then on. */
  disk: boolean;
  /** Policy files that were left aside. */
  changes: readonly PolicyChange[];
}

/** What is told beside the log what the log is told. */
export interface Beside {
  spent: UsageLog | undefined;
  /** A call was approved, and with it the tools that its decision offers. */
  accepted(what: Accepted): void;
}

/** Tools that a person accepted with a call: which, who, and under which signature. */
export interface Accepted {
  offers: object;
  by: string;
  seal: Seal | undefined;
}

/** Puts what the proxy and the waiting room do into the session's journal. */
export class DecisionLog implements Recorder {
  private readonly journal: Journal;
  private readonly session: LogSubject;
  private secrets: Secrets;
  private readonly keyedCalls = new Set<number>();
  private readonly refusals: RefusalRecords;
  private started = false;
  private onDisk = false;
  /** What is staged permits something, so it must be on disk for good. */
  private durable = false;
  private changes: readonly PolicyChange[] = [];
  private spent: UsageLog | undefined;
  private readonly accepted: Beside['accepted'];
  /** By call: the tools that a person accepts by approving it. */
  private readonly offers = new Map<number, object>();
  /** Calls with counts whose records are staged and not on disk yet. */
  private counting: number[] = [];
  private early: Refused[] = [];
  private timer: NodeJS.Timeout | undefined;
  private asked: { client: string | undefined; caller: Caller } | undefined;

  constructor(journal: Journal, session: LogSubject, secrets: Secrets, { spent, accepted }: Beside) {
    this.journal = journal;
    this.spent = spent;
    this.accepted = accepted;
    this.secrets = secrets;
    this.session = session;
    this.refusals = new RefusalRecords(
      (entry) => this.journal.stage(entry),
      () => this.soon(),
    );
  }

  decision(judged: DigestedCall, decision: Decision): void {
    const { call, tool, digest, callDigest, bytes, inputResponses, edited } = judged;
    const { diagnostics, counted } = decision;
    this.begin();
    // Nothing runs by a denial, so a flood of one may be counted; what is let through or held is always written.
    const refused = decision.effect === 'deny' && decision.observed !== true;
    if (refused && !this.refusals.alone({ cause: `denied:${decision.rule}`, digest, bytes })) return;
    const { redactor, keep } = this.secrets;
    const args = recordedArguments(judged.arguments, redactor, keep);
    const input = inputResponses && recordedArguments(inputResponses, redactor, keep);
    // A plain digest would let anybody try out what a mask stands for.
    const keyed = args.keyed || input?.keyed === true;
    if (keyed && decision.effect === 'escalate') this.keyedCalls.add(call);
    const entry: DecisionEntry = {
      type: 'decision',
      call,
      server: this.session.identity.server,
      tool,
      arguments: args.field,
      input: input?.field,
      digest: keyed ? redactor.keyed(digest) : digest,
      callDigest: keyed ? redactor.keyed(callDigest) : callDigest,
      bytes,
      about: decision.about,
      caller: this.caller(),
      effect: decision.effect,
      rule: decision.rule,
      reason: decision.reason,
      diagnostics: diagnostics.length > 0 ? diagnostics : undefined,
      counted: counted.length > 0 ? counted : undefined,
      edited: edited && { call: edited.call, hold: edited.hold, by: edited.by },
    };
    this.journal.stage(entry);
    if (decision.offers !== undefined && decision.effect === 'escalate')
      this.offers.set(call, decision.offers);
    // At once: the next call of the same chunk is decided before this one is on disk.
    if (entry.counted === undefined) return;
    this.spent?.note(entry);
    this.counting.push(call);
  }

  /** Whether an escalated call is recorded by keyed digests; asked once. */
  isKeyed(call: number): boolean {
    return this.keyedCalls.delete(call);
  }

  refusal(cause: string, digest: string | undefined, bytes: number): void {
    this.begin();
    this.refusals.take({ cause, digest, bytes });
  }

  /** Before the first call a session leaves no trace: what a server says until then waits for one. */
  serverLine(cause: string, digest: string | undefined, bytes: number): void {
    const line = { cause: `${SERVER}${cause}`, digest, bytes };
    if (this.started) {
      this.refusals.take(line);
      this.soon();
    } else if (this.early.length < MOST_EARLY) this.early.push(line);
  }

  outcome({ call, outcome, durationMs, result, isError }: OutcomeRecord): void {
    this.begin();
    // Of a call that nobody was asked about, what came back is nobody's question.
    const held = result !== undefined;
    const resultDigest = held ? this.keyedOf(result.digest) : undefined;
    const resultBytes = held ? result.bytes : undefined;
    const said = held ? isError : undefined;
    this.journal.stage({
      type: 'outcome',
      call,
      outcome,
      durationMs,
      resultDigest,
      resultBytes,
      isError: said,
    });
    this.soon();
  }

  /** What a server answers may be a secret, and a short one: a plain digest would let anybody try it out. */
  private keyedOf(digest: string | undefined): string | undefined {
    return digest === undefined ? undefined : this.secrets.redactor.keyed(digest);
  }

  commit(): void {
    this.write(this.durable);
  }

  /** Policy files that this start left aside: told with the session's first record, not before. */
  policies(changes: readonly PolicyChange[]): void {
    this.changes = changes;
  }

  /**
   * The session goes by another policy from here on: on disk when this returns. Without a record so far there is
   * nothing to say: the first one will name it. Throws a JournalError; then nothing has changed.
   */
  policy(entry: SessionEntry, by: NextPolicy): void {
    if (this.started) {
      this.journal.stage(entry);
      this.stageChanges(by.changes);
      this.write(true);
    } else this.changes = by.changes;
    this.secrets = by.secrets;
    this.spent = by.spent;
    if (by.disk) this.journal.syncEach();
  }

  /** The waiting room's records, on disk when this returns. Throws a JournalError. */
  holds(records: readonly HoldRecord[], durable: boolean): void {
    this.begin();
    for (const record of records) this.journal.stage(record);
    this.write(durable);
    for (const record of records) {
      this.spent?.note(record);
      this.approved(record);
    }
  }

  private approved(record: HoldRecord): void {
    const offers = record.type === 'verdict' ? this.offers.get(record.call) : undefined;
    if (record.type !== 'verdict' || offers === undefined) return;
    const { verdict, tally, by, signature } = record;
    // One approval among several leaves the call waiting.
    if (verdict === 'approve' && tally !== undefined && tally.count < tally.of) return;
    this.offers.delete(record.call);
    if (verdict !== 'approve') return;
    const seal = signature && { statement: signature.statement, value: signature.value };
    this.accepted({ offers, by: by?.name ?? '', seal });
  }

  /** What is known of the server's tools changed: on disk when this returns. Throws a JournalError. */
  pins(entry: ChangeEntry): void {
    this.begin();
    this.journal.stage(entry);
    this.write(true);
  }

  /** An approver's answer that did not count; `text` tells one from another. Never throws: nothing runs by it. */
  answer(cause: string, text: string): void {
    const bytes = Buffer.from(text);
    this.refusal(`answer:${cause}`, sha256Hex(bytes), bytes.length);
    this.soon();
  }

  /** Whether anything was recorded: a session that saw no call leaves no file. */
  get active(): boolean {
    return this.started;
  }

  end(exit: string): void {
    clearTimeout(this.timer);
    this.refusals.end();
    if (this.started) this.journal.stage({ type: 'session', kind: 'run', event: 'stop', exit });
    this.journal.close();
    this.session.ended(this.journal.tip);
    this.spent?.end();
  }

  private begin(): void {
    if (this.started) return;
    this.started = true;
    this.journal.stage(this.session.start());
    this.stageChanges(this.changes);
    for (const line of this.early) this.refusals.take(line);
  }

  private stageChanges(changes: readonly PolicyChange[]): void {
    for (const change of changes) this.journal.stage({ type: 'policy', ...change, by: { name: 'start' } });
  }

  private soon(): void {
    this.timer ??= setTimeout(() => this.settle(), OUTCOME_WITHIN_MS);
  }

  private write(durable: boolean): void {
    this.durable = false;
    if (this.journal.staged === 0) return;
    try {
      this.journal.commit({ durable });
    } catch (error) {
      // Nothing is in the file yet: the next record must begin it again.
      if (!this.onDisk) this.started = false;
      for (const call of this.counting) this.spent?.undo(call);
      this.counting = [];
      throw error;
    }
    this.counting = [];
    this.onDisk = true;
    this.early = [];
  }

  /** What went wrong beside the log: told with its next record. */
  fault(cause: string, what: string): void {
    this.journal.stage({ type: 'fault', cause, what });
  }

  /** A run of the notifier. Nothing waits for it: it rides on the next write. */
  notified(entry: NotifyEntry): void {
    this.begin();
    this.journal.stage(entry);
    this.soon();
  }

  /** Outcomes alone: losing one is an unknown outcome, which `audit verify` names. */
  private settle(): void {
    this.timer = undefined;
    try {
      this.write(false);
    } catch {
      // The next decision meets the same fault and is refused with its cause.
    }
  }

  /** Made once for each client that names itself. */
  private caller(): Caller {
    const { caller, client } = this.session.identity;
    if (this.asked?.client === client?.name && this.asked !== undefined) return this.asked.caller;
    let made: Caller = { unknown: true };
    if (caller !== undefined) made = { as: caller };
    else if (client !== undefined) made = { client: client.name, claimed: true };
    this.asked = { client: client?.name, caller: made };
    return made;
  }
}

import type { HoldRecord } from '../approvals/records.ts';
import { argumentsField } from '../audit/arguments.ts';
import type { Caller, SessionEntry } from '../audit/entry.ts';
import type { Journal } from '../audit/journal.ts';
import type { ClientInfo } from '../protocol/call-message.ts';
import type { DecisionRecord, OutcomeRecord, Recorder } from '../proxy/ports.ts';

/** An outcome rides on the next write, or goes alone after this long (DESIGN 7). */
const OUTCOME_WITHIN_MS = 50;

export interface SessionFacts {
  server: string;
  caller: string | undefined;
  client: ClientInfo | undefined;
  /** The first record of the file; made when there is first something to record. */
  start(): SessionEntry;
}

/** What a start did with the policy file it found. */
export interface PolicyChange {
  event: 'applied' | 'ignored';
  file: string;
  digest: string;
  previousDigest?: string;
}

/** Puts what the proxy and the waiting room do into the session's journal. */
export class RunRecorder implements Recorder {
  private readonly journal: Journal;
  private readonly session: SessionFacts;
  private started = false;
  private onDisk = false;
  private change: PolicyChange | undefined;
  private timer: NodeJS.Timeout | undefined;

  constructor(journal: Journal, session: SessionFacts) {
    this.journal = journal;
    this.session = session;
  }

  decision(record: DecisionRecord): void {
    const { call, tool, digest, callDigest, bytes, decision } = record;
    this.begin();
    this.journal.stage({
      type: 'decision',
      call,
      server: this.session.server,
      tool,
      arguments: argumentsField(record.argumentsText),
      digest,
      callDigest,
      bytes,
      caller: this.caller(),
      effect: decision.effect,
      rule: decision.rule,
      reason: decision.reason,
      ...(decision.diagnostics.length > 0 ? { diagnostics: decision.diagnostics } : {}),
    });
  }

  refusal(cause: string, digest: string, bytes: number): void {
    this.begin();
    this.journal.stage({ type: 'refusal', cause, digest, bytes });
  }

  outcome({ call, outcome, durationMs, result, isError }: OutcomeRecord): void {
    this.begin();
    const held =
      result === undefined ? {} : { resultDigest: result.digest, resultBytes: result.bytes, isError };
    this.journal.stage({ type: 'outcome', call, outcome, durationMs, ...held });
    this.timer ??= setTimeout(() => this.settle(), OUTCOME_WITHIN_MS);
  }

  commit(): void {
    this.write(false);
  }

  /** What this start did with the policy file: told with the session's first record, not before. */
  policy(change: PolicyChange): void {
    this.change = change;
  }

  /** The waiting room's records, on disk when this returns. Throws a JournalError. */
  holds(records: readonly HoldRecord[], durable: boolean): void {
    this.begin();
    for (const record of records) this.journal.stage(record);
    this.write(durable);
  }

  /** Whether anything was recorded: a session that saw no call leaves no file. */
  get active(): boolean {
    return this.started;
  }

  end(exit: string): void {
    clearTimeout(this.timer);
    if (this.started) this.journal.stage({ type: 'session', kind: 'run', event: 'stop', exit });
    this.journal.close();
  }

  private begin(): void {
    if (this.started) return;
    this.started = true;
    this.journal.stage(this.session.start());
    if (this.change !== undefined)
      this.journal.stage({ type: 'policy', ...this.change, by: { name: 'first start' } });
  }

  private write(durable: boolean): void {
    if (this.journal.staged === 0) return;
    try {
      this.journal.commit({ durable });
    } catch (error) {
      // Nothing is in the file yet: the next record must begin it again.
      if (!this.onDisk) this.started = false;
      throw error;
    }
    this.onDisk = true;
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

  private caller(): Caller {
    const { caller, client } = this.session;
    if (caller !== undefined) return { as: caller };
    return client === undefined ? { unknown: true } : { client: client.name, claimed: true };
  }
}

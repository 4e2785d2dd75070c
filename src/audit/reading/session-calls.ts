import type { EntryType } from '../log/entry.ts';
import type { ReadRecord } from '../log/read-record.ts';
import { byOf, type CallRecord, decidedCall, set, VERDICTS, type Verdict } from './call-record.ts';

/** What a call is told by that rests on another one's approval. */
const APPROVAL = ['hold', 'verdict', 'by', 'verdictReason', 'waitMs'] as const;
type Approval = Pick<CallRecord, (typeof APPROVAL)[number]>;

function approvalOf({ hold, verdict, by, verdictReason, waitMs }: CallRecord): Approval {
  return { hold, verdict, by, verdictReason, waitMs } as Approval;
}

/** Puts the records of one session together into calls. Unusual values are left out, never trusted. */
export class SessionCalls {
  readonly calls = new Map<number, CallRecord>();
  /** By hold id, the approval that a later pass rests on. */
  private readonly decided = new Map<string, Approval>();
  private observing = false;
  /** Calls that rest on an approval of which nothing was read. */
  readonly unfounded = new Set<CallRecord>();
  private readonly settled = new NumberSet();
  /** Of the settled ones, those whose approval a later call may go on under. */
  private readonly origins = new Map<number, Approval>();
  /** The number of the call that was decided first. */
  private first: number | undefined;
  /** A record came about a call that was settled: what was handed on of it is void. */
  late = false;

  /** False when the record belongs to a call of which no decision was read. */
  add(record: ReadRecord): boolean {
    const { type, fields } = record;
    if (type === 'session') {
      const policy = fields['policy'] as { mode?: unknown } | null | undefined;
      if (policy !== undefined && policy !== null) this.observing = policy.mode === 'observe';
    }
    if (type === 'decision') return this.decision(record);
    if (!['hold', 'verdict', 'forward', 'outcome', 'refusal'].includes(type)) return true;
    if (type === 'refusal' && fields['call'] === undefined) return true;
    const call = this.calls.get(fields['call'] as number);
    if (call === undefined) return this.isLate(fields['call']);
    if (type === 'hold') {
      set(call, 'hold', fields['hold'], 'string');
      if (fields['event'] === 'detached') {
        call.detached = true;
        call.givenBack ??= record.time;
      }
    } else if (type === 'refusal') {
      set(call, 'refused', fields['cause'], 'string');
      if (fields['cause'] === 'stopped') call.forwarded = false;
      call.givenBack ??= record.time;
    } else if (type === 'verdict') {
      if (fields['verdict'] !== 'approve') call.givenBack ??= record.time;
      this.verdict(call, fields);
    } else if (type === 'forward') this.forward(call, fields);
    else {
      set(call, 'outcome', fields['outcome'], 'string');
      set(call, 'durationMs', fields['durationMs'], 'number');
    }
    return true;
  }

  private decision(record: ReadRecord): boolean {
    const call = decidedCall(record, this.observing);
    if (call === undefined) return false;
    this.isLate(call.call);
    this.first ??= call.call;
    this.calls.set(call.call, call);
    return true;
  }

  /** Whether the decision of a record's call is surely not before what was read: calls are numbered in their order. */
  isMissing({ fields }: ReadRecord): boolean {
    return this.first !== undefined && !((fields['call'] as number) < this.first);
  }

  private isLate(call: unknown): boolean {
    const late = this.settled.has(call);
    this.late ||= late;
    return late;
  }

  /**
   * The call that this record, which was just added, is the last one about; it is forgotten then. No holdpoint writes
   * another one behind it: whoever settles looks at `late`.
   */
  settle({ type, fields }: ReadRecord): CallRecord | undefined {
    const call = this.calls.get(fields['call'] as number);
    if (call === undefined || !isLast(type, call) || !this.settled.add(call.call)) return undefined;
    this.calls.delete(call.call);
    if (call.hold !== undefined || call.verdict !== undefined) this.origins.set(call.call, approvalOf(call));
    return call;
  }

  private verdict(call: CallRecord, fields: Record<string, unknown>): void {
    if (!VERDICTS.includes(fields['verdict'])) return;
    set(call, 'hold', fields['hold'], 'string');
    const by = byOf(fields['by']);
    const tally = fields['tally'] as { count?: unknown; of?: unknown } | undefined;
    if (tally !== undefined && by !== undefined) call.approvals = [...(call.approvals ?? []), by];
    // One approval among several decides nothing yet.
    if (tally !== undefined && tally.count !== tally.of) return;
    call.verdict = fields['verdict'] as Verdict;
    if (by !== undefined) call.by = by;
    set(call, 'verdictReason', fields['reason'], 'string');
    set(call, 'waitMs', fields['waitMs'], 'number');
    if (call.hold !== undefined && call.verdict === 'approve') this.decided.set(call.hold, approvalOf(call));
  }

  private forward(call: CallRecord, fields: Record<string, unknown>): void {
    call.forwarded = true;
    set(call, 'hold', fields['hold'], 'string');
    set(call, 'pass', fields['pass'], 'string');
    set(call, 'grant', fields['grant'], 'string');
    set(call, 'continues', fields['continues'], 'number');
    const origin = this.originOf(call);
    const rests = call.pass !== undefined || call.continues !== undefined;
    if (rests && (origin === undefined || this.unfounded.has(origin as CallRecord))) this.unfounded.add(call);
    if (origin === undefined || call.verdict !== undefined) return;
    for (const key of APPROVAL) set(call, key, origin[key], typeof origin[key]);
  }

  /** Whose approval a call without one of its own rests on. */
  private originOf({ pass, continues }: CallRecord): Approval | undefined {
    if (pass !== undefined) return this.decided.get(pass);
    if (continues === undefined) return undefined;
    return this.calls.get(continues) ?? this.origins.get(continues);
  }
}

function isLast(type: EntryType, { effect, forwarded }: CallRecord): boolean {
  if (type === 'decision') return effect === 'deny' && !forwarded;
  return type === 'outcome' || type === 'refusal';
}

const MOST_SETTLED = 1 << 26;

/** A set of small whole numbers, a bit each: a session may have a million calls. */
class NumberSet {
  private bits = new Uint8Array(1024);

  /** False for a number that it cannot hold. */
  add(value: number): boolean {
    if (!Number.isInteger(value) || value < 0 || value >= MOST_SETTLED) return false;
    const at = value >> 3;
    if (at >= this.bits.length) {
      const bits = new Uint8Array(Math.max(at + 1, this.bits.length * 2));
      bits.set(this.bits);
      this.bits = bits;
    }
    this.bits[at] = (this.bits[at] ?? 0) | (1 << (value & 7));
    return true;
  }

  has(value: unknown): boolean {
    if (typeof value !== 'number' || !Number.isInteger(value) || value < 0) return false;
    return ((this.bits[Math.floor(value / 8)] ?? 0) & (1 << (value % 8))) !== 0;
  }
}

import type { ReadRecord } from '../log/read-record.ts';
import { byOf, type CallRecord, decidedCall, set, VERDICTS, type Verdict } from './call-record.ts';

/** Puts the records of one session together into calls. Unusual values are left out, never trusted. */
export class SessionCalls {
  readonly calls = new Map<number, CallRecord>();
  /** By hold id, the call whose verdict a later pass rests on. */
  private readonly decided = new Map<string, CallRecord>();
  private observing = false;

  /** False when the record belongs to a call of which no decision was read. */
  add(record: ReadRecord): boolean {
    const { type, fields } = record;
    if (type === 'session') {
      const policy = fields['policy'] as { mode?: unknown } | null | undefined;
      if (policy?.mode === 'observe') this.observing = true;
    }
    if (type === 'decision') return this.decision(record);
    if (!['hold', 'verdict', 'forward', 'outcome', 'refusal'].includes(type)) return true;
    if (type === 'refusal' && fields['call'] === undefined) return true;
    const call = this.calls.get(fields['call'] as number);
    if (call === undefined) return false;
    if (type === 'hold') {
      set(call, 'hold', fields['hold'], 'string');
      if (fields['event'] === 'detached') {
        call.detached = true;
        call.givenBack ??= record.time;
      }
    } else if (type === 'refusal') {
      set(call, 'refused', fields['cause'], 'string');
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
    this.calls.set(call.call, call);
    return true;
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
    if (call.hold !== undefined && call.verdict === 'approve') this.decided.set(call.hold, { ...call });
  }

  private forward(call: CallRecord, fields: Record<string, unknown>): void {
    call.forwarded = true;
    set(call, 'hold', fields['hold'], 'string');
    set(call, 'pass', fields['pass'], 'string');
    set(call, 'grant', fields['grant'], 'string');
    set(call, 'continues', fields['continues'], 'number');
    const origin = this.originOf(call);
    if (origin === undefined || call.verdict !== undefined) return;
    for (const key of ['hold', 'verdict', 'by', 'verdictReason', 'waitMs'] as const) {
      set(call, key, origin[key], typeof origin[key]);
    }
  }

  /** Whose approval a call without one of its own rests on. */
  private originOf({ pass, continues }: CallRecord): CallRecord | undefined {
    if (pass !== undefined) return this.decided.get(pass);
    return continues === undefined ? undefined : this.calls.get(continues);
  }
}

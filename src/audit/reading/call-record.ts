import type { Caller, VerdictBy } from '../log/entry.ts';
import { type RawJson, rawJson } from '../log/raw-json.ts';
import { type ReadRecord, sourceOf } from '../log/read-record.ts';

/** One call as its records tell it, in the order in which `--json` prints it. Texts are foreign: show them by `visible`. */
export interface CallRecord {
  session: string;
  call: number;
  /** When it was decided, ISO 8601. */
  time: string;
  server: string;
  tool: string;
  /** The recorded source text, perhaps cut or masked. */
  arguments: RawJson;
  caller: Caller | null;
  effect: 'allow' | 'deny' | 'escalate';
  rule: string;
  reason: string;
  digest: string;
  callDigest: string;
  risk?: unknown;
  /** Something spoke against the class. */
  unsure?: true;
  /** Nothing was known of the tool. */
  unlisted?: true;
  definition?: string;
  diagnostics?: string[];
  /** What it used up of limits; amounts as decimal text. */
  counted?: { item: string; amount: string }[];
  /** The hold that a person decided; of a call that spent a pass, the hold that the pass was born of. */
  hold?: string;
  verdict?: Verdict;
  by?: VerdictBy;
  verdictReason?: string;
  waitMs?: number;
  /** Who approved it, where several had to; it has a verdict once all of them did. */
  approvals?: VerdictBy[];
  pass?: string;
  /** The client's answers to a server's questions, as recorded. */
  input?: RawJson;
  /** The call that its server asked to be repeated, and under whose approval this one ran. */
  continues?: number;
  /** Why nobody was asked: `cool-down`, `flood`, `no-approver`. */
  refused?: string;
  /** Its client was told to repeat the call, which is then a call of its own. */
  detached?: boolean;
  /** When it was known that it would not run (for now), and what it used up of limits was given back. */
  givenBack?: string;
  grant?: string;
  /** Whether its bytes went to the server. */
  forwarded: boolean;
  outcome?: string;
  durationMs?: number;
}

export type Verdict = 'approve' | 'reject' | 'expired' | 'withdrawn';
const VERDICTS: readonly unknown[] = ['approve', 'reject', 'expired', 'withdrawn'];
const EFFECTS: readonly unknown[] = ['allow', 'deny', 'escalate'];

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

function set<K extends keyof CallRecord>(call: CallRecord, key: K, value: unknown, kind: string): void {
  if (typeof value === kind && value !== null) call[key] = value as CallRecord[K];
}

function callerOf(value: unknown): Caller | null {
  if (typeof value !== 'object' || value === null) return null;
  const { as, client } = value as { as?: unknown; client?: unknown };
  if (typeof as === 'string') return { as };
  return typeof client === 'string' ? { client, claimed: true } : { unknown: true };
}

function countedIn(value: unknown): { item: string; amount: string }[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((one: unknown) => {
    const { item, amount } = (one ?? {}) as { item?: unknown; amount?: unknown };
    return typeof item === 'string' && typeof amount === 'string' ? [{ item, amount }] : [];
  });
}

function byOf(value: unknown): VerdictBy | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { name, key, method, tier, chain } = value as Record<string, unknown>;
  if (typeof name !== 'string') return undefined;
  const by: VerdictBy = { name, method: text(method), tier: typeof tier === 'number' ? tier : 0 };
  if (typeof key === 'string') by.key = key;
  if (Array.isArray(chain)) by.chain = chain.map(String);
  return by;
}

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
    const { fields, session, time } = record;
    const { call: number, effect } = fields;
    if (typeof number !== 'number' || !EFFECTS.includes(effect)) return false;
    const call: CallRecord = {
      session,
      call: number,
      time,
      server: text(fields['server']),
      tool: text(fields['tool']),
      arguments: rawJson(sourceOf(record, 'arguments') ?? 'null'),
      caller: callerOf(fields['caller']),
      effect: effect as CallRecord['effect'],
      rule: text(fields['rule']),
      reason: text(fields['reason']),
      digest: text(fields['digest']),
      callDigest: text(fields['callDigest']),
      forwarded: effect === 'allow' || this.observing,
    };
    if (fields['risk'] !== undefined) call.risk = fields['risk'];
    if (fields['unsure'] === true) call.unsure = true;
    if (fields['unlisted'] === true) call.unlisted = true;
    const input = sourceOf(record, 'input');
    if (input !== undefined) call.input = rawJson(input);
    set(call, 'definition', fields['definition'], 'string');
    const counted = countedIn(fields['counted']);
    if (counted.length > 0) call.counted = counted;
    if (Array.isArray(fields['diagnostics'])) call.diagnostics = fields['diagnostics'].map(String);
    this.calls.set(number, call);
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

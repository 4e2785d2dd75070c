import { type Caller, NEVER_SENT, type VerdictBy } from '../log/entry.ts';
import { lateJson, type RawJson, rawJson } from '../log/raw-json.ts';
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
  /** Whether what the tool does can be taken back, as its definition told then; absent in earlier records. */
  reversibility?: unknown;
  /** Surely a read, and no plain one. */
  free?: true;
  /** Nothing was known of the tool. */
  unlisted?: true;
  /** Its server had listed its tools, and it was none of them. */
  absent?: true;
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
export const VERDICTS: readonly unknown[] = ['approve', 'reject', 'expired', 'withdrawn'];
const EFFECTS: readonly unknown[] = ['allow', 'deny', 'escalate'];

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Sets a field to a value of the right kind, and leaves any other out. */
export function set<K extends keyof CallRecord>(
  call: CallRecord,
  key: K,
  value: unknown,
  kind: string,
): void {
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

export function byOf(value: unknown): VerdictBy | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { name, key, method, tier, chain } = value as Record<string, unknown>;
  if (typeof name !== 'string') return undefined;
  const by: VerdictBy = { name, method: text(method), tier: typeof tier === 'number' ? tier : 0 };
  if (typeof key === 'string') by.key = key;
  if (Array.isArray(chain)) by.chain = chain.map(String);
  return by;
}

/** The call of a decision's record; undefined when it is none that can be read. */
export function decidedCall(record: ReadRecord, observing: boolean): CallRecord | undefined {
  const { fields, session, time, text: line } = record;
  const { call: number, effect } = fields;
  if (typeof number !== 'number' || !EFFECTS.includes(effect)) return undefined;
  const call: CallRecord = {
    session,
    call: number,
    time,
    server: text(fields['server']),
    tool: text(fields['tool']),
    // Scanned when it is looked at: most calls are only counted or passed over.
    arguments: lateJson(() => sourceOf({ text: line }, 'arguments') ?? 'null'),
    caller: callerOf(fields['caller']),
    effect: effect as CallRecord['effect'],
    rule: text(fields['rule']),
    reason: text(fields['reason']),
    digest: text(fields['digest']),
    callDigest: text(fields['callDigest']),
    forwarded: effect === 'allow' || (observing && !NEVER_SENT.has(fields['rule'])),
  };
  if (fields['risk'] !== undefined) call.risk = fields['risk'];
  if (fields['unsure'] === true) call.unsure = true;
  if (fields['reversibility'] !== undefined) call.reversibility = fields['reversibility'];
  if (fields['free'] === true) call.free = true;
  if (fields['unlisted'] === true) call.unlisted = true;
  if (fields['absent'] === true) call.absent = true;
  const input = fields['input'] === undefined ? undefined : sourceOf(record, 'input');
  if (input !== undefined) call.input = rawJson(input);
  set(call, 'definition', fields['definition'], 'string');
  const counted = countedIn(fields['counted']);
  if (counted.length > 0) call.counted = counted;
  if (Array.isArray(fields['diagnostics'])) call.diagnostics = fields['diagnostics'].map(String);
  return call;
}

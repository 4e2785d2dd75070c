import type { ReadRecord } from '../log/read-record.ts';

/** A key that could sign approvals at some time. Times are ISO 8601. */
export interface ApproverKey {
  name: string;
  key: string;
  publicKey: string;
  since: string;
  until: string | null;
}

/** What the `approver` records of a log say, once their signatures were checked. */
export interface ApproverHistory {
  keys: ReadonlyMap<string, ApproverKey>;
  heads: ReadonlySet<string>;
  roots: readonly ApproverKey[];
  faults: readonly string[];
}

/** How signatures are checked: brought by the command, for this room knows no keys. */
export interface Signatures {
  history(changes: readonly unknown[]): ApproverHistory;
  isSigned(statement: string, publicKey: string, signature: string): boolean;
  /** The same of a recorded grant: its fields are what was signed. */
  isGrantSigned(fields: Record<string, unknown>, publicKey: string, signature: string): boolean;
}

/** The records that a signed verdict must agree with. */
export interface Grounds {
  session: Record<string, unknown> | undefined;
  decision: Record<string, unknown> | undefined;
  hold: Record<string, unknown> | undefined;
}

/** The record is written a moment after the signature, on the same machine. */
const CLOCK_SLACK_MS = 120_000;

const memberOf = (value: unknown, key: string): unknown =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined;

function parsed(text: unknown): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(String(text));
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

/** Why a grant's signature proves nothing, ending a sentence; undefined when it does. */
export function grantFault(
  { fields }: ReadRecord,
  history: ApproverHistory,
  signatures: Signatures,
): string | undefined {
  const { signature, by } = fields;
  const key = history.keys.get(String(memberOf(signature, 'key')));
  if (key === undefined) return 'it is by a key that this log never enrolled';
  if (by !== key.name || fields['key'] !== key.key)
    return `it is by the key of ${key.name}, whom it does not name`;
  const value = String(memberOf(signature, 'value'));
  return signatures.isGrantSigned(fields, key.publicKey, value)
    ? undefined
    : `it is not the signature of ${key.name} under this grant`;
}

/** Both as the log has them: the keys of an object in one order. */
const same = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

/** What a statement must say for its verdict's record to be true. */
function expectedOf({ fields, session }: ReadRecord, { session: start, decision, hold }: Grounds) {
  return {
    session,
    call: fields['call'],
    hold: fields['hold'],
    server: decision?.['server'],
    tool: decision?.['tool'],
    digest: decision?.['digest'],
    callDigest: decision?.['callDigest'],
    rule: decision?.['rule'],
    definition: decision?.['definition'] ?? null,
    command: start?.['command'],
    policy: memberOf(start?.['policy'], 'digest'),
    expiresAt: hold?.['expiresAt'],
    verdict: fields['verdict'],
    approver: memberOf(fields['signature'], 'key'),
    method: memberOf(fields['by'], 'method'),
    rendered: memberOf(fields['rendered'], 'digest'),
    seen: memberOf(fields['rendered'], 'seen'),
    reason: fields['reason'] ?? null,
  };
}

/** Why a verdict's signature proves nothing, ending a sentence; undefined when it does prove it. */
export function signatureFault(
  record: ReadRecord,
  grounds: Grounds,
  history: ApproverHistory,
  signatures: Signatures,
): string | undefined {
  const { signature, by } = record.fields;
  const key = history.keys.get(String(memberOf(signature, 'key')));
  if (key === undefined) return 'it is by a key that this log never enrolled';
  if (memberOf(by, 'name') !== key.name)
    return `it is by the key of ${key.name}, whom the record does not name`;
  const text = memberOf(signature, 'statement');
  if (!signatures.isSigned(String(text), key.publicKey, String(memberOf(signature, 'value')))) {
    return `it is not the signature of ${key.name} under this statement`;
  }
  const statement = parsed(text);
  if (statement === undefined) return 'its statement cannot be read';
  const expected = expectedOf(record, grounds);
  const wrong = Object.entries(expected).find(([name, value]) => !same(statement[name], value));
  if (wrong !== undefined) return `its statement says another ${wrong[0]} than the records`;
  return timeFault(String(statement['decidedAt']), record, key);
}

function timeFault(decidedAt: string, record: ReadRecord, key: ApproverKey): string | undefined {
  const at = Date.parse(decidedAt);
  if (!(Math.abs(at - record.at) <= CLOCK_SLACK_MS)) return 'it was given at another time than the record';
  if (at < Date.parse(key.since)) return `${key.name} was not enrolled yet`;
  return key.until !== null && at > Date.parse(key.until) ? `${key.name} was no longer enrolled` : undefined;
}

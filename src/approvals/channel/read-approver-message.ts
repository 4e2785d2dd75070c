import { CONFIRMATIONS } from '../../policy/decide/types.ts';
import { SESSION_END } from '../holding/grant.ts';
import {
  type ApproverMessage,
  type EditMessage,
  LONGEST_EDIT,
  type LookMessage,
  type RevokeMessage,
  type VerdictMessage,
} from './messages.ts';
import { type Fields, fieldsOf, isCount, isText, optional } from './wire-fields.ts';

const HEX64 = /^[0-9a-f]{64}$/;
const KEY_ID = /^[0-9a-f]{32}$/;
/** 64 bytes in base64url. */
const SIGNATURE = /^[A-Za-z0-9_-]{86}$/;
const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;
const VERDICT_KEYS = new Set(
  'type ref hold verdict digest callDigest method chain place confirmation reason dwellMs rendered remember signature'.split(
    ' ',
  ),
);

const isMethod = (value: unknown): boolean => value === 'watch' || value === 'cli-tty' || value === 'cli';
const isChain = (value: unknown): boolean =>
  Array.isArray(value) && value.length <= 32 && value.every((name) => isText(name, 256));

function isVerdict(fields: Fields): boolean {
  const { chain, verdict, method } = fields;
  return (
    Object.keys(fields).every((key) => VERDICT_KEYS.has(key)) &&
    isCount(fields['ref']) &&
    isText(fields['hold'], 32) &&
    (verdict === 'approve' || verdict === 'reject') &&
    [fields['digest'], fields['callDigest']].every((digest) => isText(digest, 64) && HEX64.test(digest)) &&
    isMethod(method) &&
    isChain(chain) &&
    optional(fields['place'], (value) => isText(value, 64)) &&
    optional(fields['confirmation'], (value) => isText(value, 1024)) &&
    optional(fields['reason'], (value) => isText(value, 4096)) &&
    optional(fields['dwellMs'], isCount) &&
    optional(fields['rendered'], isRendered) &&
    optional(fields['remember'], isRemember) &&
    optional(fields['signature'], isAnswerSignature)
  );
}

const LONGEST_RULE = 8 * 1024;

function isRemember(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { scope, until, rule, ...more } = value as Fields;
  const scoped = scope === 'rule' ? isText(rule, LONGEST_RULE) : rule === undefined;
  return (
    Object.keys(more).length === 0 &&
    scoped &&
    (scope === 'call' || scope === 'rule' || scope === 'tool') &&
    isText(until, 24) &&
    (until === SESSION_END || TIME.test(until))
  );
}

const EDIT_KEYS = new Set('type ref hold digest callDigest argumentsText method chain place'.split(' '));

function isEdit(fields: Fields): boolean {
  const { ref, hold, argumentsText, method, chain, place } = fields;
  return (
    Object.keys(fields).every((key) => EDIT_KEYS.has(key)) &&
    isCount(ref) &&
    isText(hold, 32) &&
    [fields['digest'], fields['callDigest']].every((digest) => isText(digest, 64) && HEX64.test(digest)) &&
    isText(argumentsText, LONGEST_EDIT) &&
    method === 'watch' &&
    isChain(chain) &&
    optional(place, (value) => isText(value, 64))
  );
}

function isRevoke(fields: Fields): boolean {
  const { ref, grant, method, chain } = fields;
  return (
    Object.keys(fields).length === 5 &&
    isCount(ref) &&
    isText(grant, 32) &&
    isMethod(method) &&
    isChain(chain)
  );
}

function isLook({ ref, at, ...rest }: Fields): boolean {
  return isCount(ref) && (at === 'stop' || at === 'policy') && Object.keys(rest).length === 1;
}

function isRendered(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Object.keys(value).length !== 4) return false;
  const { digest, masked, revealed, seen } = value as Fields;
  return (
    isText(digest, 64) &&
    HEX64.test(digest) &&
    isCount(masked) &&
    typeof revealed === 'boolean' &&
    (seen === 'printed' || isSeen(seen))
  );
}

function isSeen(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Object.keys(value).length !== 3) return false;
  const { lines, of, digest } = value as Fields;
  return isCount(lines) && isCount(of) && lines <= of && isText(digest, 64) && HEX64.test(digest);
}

function isAnswerSignature(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Object.keys(value).length > 6) return false;
  const { key, value: bytes, confirmation, decidedAt, grant, call, ...rest } = value as Fields;
  return (
    isText(key, 32) &&
    KEY_ID.test(key) &&
    isText(bytes, 86) &&
    SIGNATURE.test(bytes) &&
    CONFIRMATIONS.some((one) => one === confirmation) &&
    isText(decidedAt, 24) &&
    TIME.test(decidedAt) &&
    [grant, call].every((one) => optional(one, (text) => isText(text, 86) && SIGNATURE.test(text))) &&
    Object.keys(rest).length === 0
  );
}

/** An approver's line, or undefined for anything that is not exactly one of its messages. */
export function readApproverMessage(line: string): ApproverMessage | undefined {
  const fields = fieldsOf(line);
  if (fields === undefined) return undefined;
  if (fields['type'] === 'hello') {
    const ok =
      Object.keys(fields).length === 3 && isCount(fields['v']) && typeof fields['attending'] === 'boolean';
    return ok ? (fields as unknown as ApproverMessage) : undefined;
  }
  if (fields['type'] === 'revoke') return isRevoke(fields) ? (fields as unknown as RevokeMessage) : undefined;
  if (fields['type'] === 'edit') return isEdit(fields) ? (fields as unknown as EditMessage) : undefined;
  if (fields['type'] === 'look') return isLook(fields) ? (fields as unknown as LookMessage) : undefined;
  return fields['type'] === 'verdict' && isVerdict(fields)
    ? (fields as unknown as VerdictMessage)
    : undefined;
}

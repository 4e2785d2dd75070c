import { holdsFacts } from '../../policy/decide/call-facts.ts';
import { CONFIRMATIONS } from '../../policy/decide/types.ts';
import { SESSION_END } from '../holding/grant.ts';
import {
  type ApproverMessage,
  type EditMessage,
  LONGEST_EDIT,
  type LookMessage,
  type ProxyMessage,
  type RevokeMessage,
  type VerdictMessage,
  WIRE_VERSION,
} from './messages.ts';

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

type Fields = Record<string, unknown>;

function fieldsOf(line: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Fields)
      : undefined;
  } catch {
    return undefined;
  }
}

const isText = (value: unknown, max: number): value is string =>
  typeof value === 'string' && value.length <= max;
const isCount = (value: unknown): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
const optional = (value: unknown, ok: (value: unknown) => boolean): boolean =>
  value === undefined || ok(value);

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
  if (typeof value !== 'object' || value === null || Object.keys(value).length > 5) return false;
  const { key, value: bytes, confirmation, decidedAt, grant, ...rest } = value as Fields;
  return (
    isText(key, 32) &&
    KEY_ID.test(key) &&
    isText(bytes, 86) &&
    SIGNATURE.test(bytes) &&
    CONFIRMATIONS.some((one) => one === confirmation) &&
    isText(decidedAt, 24) &&
    TIME.test(decidedAt) &&
    optional(grant, (one) => isText(one, 86) && SIGNATURE.test(one)) &&
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

function isHoldView(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const view = value as Fields;
  const texts = [
    'id',
    'server',
    'tool',
    'argumentsText',
    'digest',
    'callDigest',
    'rule',
    'reason',
    'openedAt',
    'expiresAt',
  ];
  return (
    texts.every((key) => typeof view[key] === 'string') &&
    typeof view['nonce'] === 'string' &&
    typeof view['keyed'] === 'boolean' &&
    isCount(view['call']) &&
    isCount(view['lines']) &&
    Array.isArray(view['matched']) &&
    holdsFacts(view) &&
    (view['accepts'] === null || typeof view['accepts'] === 'string') &&
    isOffers(view['offers']) &&
    (view['answerBy'] === null || typeof view['answerBy'] === 'string') &&
    isBefore(view['before']) &&
    Array.isArray(view['approvedBy']) &&
    view['approvedBy'].every((name) => typeof name === 'string') &&
    (view['state'] === 'live' || view['state'] === 'detached') &&
    isObligations(view['obligations']) &&
    optional(view['task'], (task) => typeof task === 'string') &&
    optional(view['input'], isHeldInput) &&
    optional(view['edited'], isEditedFrom)
  );
}

/** What decides how an answer is asked for; the rest is shown as it comes. */
function isObligations(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { confirm, expected, seen, level, large } = value as Fields;
  return (
    CONFIRMATIONS.some((one) => one === confirm) &&
    typeof expected === 'string' &&
    (seen === 'all' || seen === 'told') &&
    (level === 'low' || level === 'high' || level === 'critical') &&
    typeof large === 'boolean'
  );
}

function isHeldInput(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { answers, questions, continues } = value as Fields;
  return (
    typeof answers === 'string' &&
    (questions === null || typeof questions === 'string') &&
    (continues === null || isCount(continues))
  );
}

function isEditedFrom(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { call, hold, by, before } = value as Fields;
  return isCount(call) && [hold, by, before].every((text) => typeof text === 'string');
}

function isOffers(value: unknown): boolean {
  if (value === null) return true;
  return (
    Array.isArray(value) &&
    value.every((one: Fields | null) => {
      const { name, risk, unsure } = one ?? {};
      return typeof name === 'string' && typeof risk === 'string' && typeof unsure === 'boolean';
    })
  );
}

function isBefore(value: unknown): boolean {
  if (value === null) return true;
  if (typeof value !== 'object') return false;
  const { approved, at, by, argumentsText } = value as Fields;
  return (
    isCount(approved) &&
    typeof at === 'string' &&
    typeof by === 'string' &&
    (argumentsText === null || typeof argumentsText === 'string')
  );
}

function isStanding({ brake, enrolled, folder }: Fields): boolean {
  const flags = typeof brake === 'boolean' && typeof enrolled === 'boolean';
  return flags && (folder === null || typeof folder === 'string');
}

function isAncestors(value: unknown): boolean {
  return (
    Array.isArray(value) &&
    value.every((one) => isCount((one as Fields | null)?.['pid']) && typeof one.name === 'string')
  );
}

function isBraked({ ref, stopped, refused, running }: Fields): boolean {
  return isCount(ref) && typeof stopped === 'boolean' && isCount(refused) && isCount(running);
}

const TOOK: readonly unknown[] = ['new', 'same', 'kept'];

function isReread({ ref, took, said }: Fields): boolean {
  return isCount(ref) && TOOK.includes(took) && typeof said === 'string';
}

function isSession(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const session = value as Fields;
  return (
    typeof session['session'] === 'string' &&
    Array.isArray(session['notices']) &&
    Array.isArray(session['grants']) &&
    isAncestors(session['ancestors']) &&
    isStanding(session)
  );
}

/** A proxy's line, or undefined for anything that is not one of its messages. */
export function readProxyMessage(line: string): ProxyMessage | undefined {
  const fields = fieldsOf(line);
  if (fields === undefined) return undefined;
  const ok = ((): boolean => {
    switch (fields['type']) {
      case 'hello':
        return (
          isCount(fields['v']) &&
          typeof fields['session'] === 'string' &&
          Array.isArray(fields['notices']) &&
          // Another version's greeting is read for its number alone.
          (fields['v'] !== WIRE_VERSION ||
            (Array.isArray(fields['grants']) && isAncestors(fields['ancestors']) && isStanding(fields)))
        );
      case 'hold':
        return isHoldView(fields['hold']);
      case 'closed':
        return typeof fields['hold'] === 'string' && typeof fields['how'] === 'string';
      case 'brake':
        return typeof fields['on'] === 'boolean' && typeof fields['enrolled'] === 'boolean';
      case 'ready':
      case 'busy':
        return true;
      case 'result':
        return (
          isCount(fields['ref']) && typeof fields['ok'] === 'boolean' && typeof fields['message'] === 'string'
        );
      case 'reread':
        return isReread(fields);
      case 'session':
        return typeof fields['said'] === 'string' && isSession(fields['session']);
      case 'braked':
        return isBraked(fields);
      default:
        return false;
    }
  })();
  return ok ? (fields as unknown as ProxyMessage) : undefined;
}

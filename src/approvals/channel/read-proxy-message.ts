import { holdsFacts } from '../../policy/decide/call-facts.ts';
import { CONFIRMATIONS } from '../../policy/decide/types.ts';
import { type ProxyMessage, WIRE_VERSION } from './messages.ts';
import { type Fields, fieldsOf, isCount, optional } from './wire-fields.ts';

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

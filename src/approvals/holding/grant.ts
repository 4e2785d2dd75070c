import { sameGround, type Terms } from '../../policy/decide/terms.ts';
import { CONFIRMATIONS, type Obligations } from '../../policy/decide/types.ts';
import { isOfferedFor, type Offering } from '../../policy/offers/offers.ts';
import { JsonSource } from '../../protocol/json/json-source.ts';
import { callerOf, type HeldCall, type Now } from './hold.ts';

/** What an approver asks to be remembered: this very call, calls of a rule, or the tool with whatever arguments. */
export interface Remember {
  scope: 'call' | 'rule' | 'tool';
  /** Of a rule its text, as it was offered for this call. */
  rule?: string;
  /** ISO 8601, or the end of the session. */
  until: string;
}

export const SESSION_END = 'session';

/** A standing permission born of a verdict. */
export interface Grant extends Terms {
  /** The hold that it was born of. */
  id: string;
  server: string;
  /** The digest of the server's command. */
  command: string;
  tool: string;
  scope: Remember['scope'];
  /** The keyed digest of the call; null for the tool as a whole. */
  call: string | null;
  /** The rule's text; null for the other scopes. */
  rule: string | null;
  caller: string;
  until: string;
  /** ISO 8601. */
  at: string;
  by: string;
  /** Of a signed one: the key's id. */
  key: string | null;
}

/** A grant as it is signed and kept. */
export interface KeptGrant {
  /** JSON of the grant, the very text that was signed. */
  statement: string;
  value: string;
}

const DOMAIN = 'holdpoint-grant-v1\n';

export function grantBytes(statement: string): Buffer {
  return Buffer.from(DOMAIN + statement);
}

const KEYS: readonly (keyof Grant)[] = [
  'id',
  'server',
  'command',
  'tool',
  'definition',
  'scope',
  'call',
  'rule',
  'caller',
  'matched',
  'obligations',
  'until',
  'at',
  'by',
  'key',
];

/** The grant as the text that is signed: its keys in one order. */
export function grantText(grant: Grant): string {
  return JSON.stringify(Object.fromEntries(KEYS.map((key) => [key, grant[key]])));
}

export function isOver({ until }: Pick<Grant, 'until'>, now: Now): boolean {
  return until !== SESSION_END && !(Date.parse(until) > now.wall);
}

/** A grant lasts no longer than this, however long it is asked for. */
export const LONGEST_MS = 30 * 24 * 60 * 60 * 1000;

/** Why a time cannot be remembered until, as a sentence, or undefined. */
export function untilFault(until: string, now: number): string | undefined {
  if (until === SESSION_END) return undefined;
  const ms = Date.parse(until) - now;
  return ms > 0 && ms <= LONGEST_MS ? undefined : 'An approval is remembered for 30 days at most.';
}

/** What of an approved call a grant is made of. */
export interface Approved extends Terms {
  id: string;
  server: string;
  tool: string;
  caller: string | null;
  client: string | null;
  callDigest: string;
}

/** What a grant is made of: both ends make it from what they hold themselves. */
export interface GrantParts {
  command: string;
  hold: Approved;
  remember: Remember;
  /** ISO 8601. */
  at: string;
  by: string;
  key: string | null;
  keyed(digest: string): string;
}

export function grantOf({ command, hold, remember, at, by, key, keyed }: GrantParts): Grant {
  const { id, server, tool, definition, caller, client, callDigest, matched, obligations } = hold;
  const { scope, until, rule } = remember;
  return {
    id,
    server,
    command,
    tool,
    definition,
    scope,
    call: scope === 'call' ? keyed(callDigest) : null,
    rule: scope === 'rule' ? (rule ?? '') : null,
    caller: callerOf({ caller: caller ?? undefined, client: client ?? undefined }),
    matched,
    // What is typed is of one call, and it is written nowhere.
    obligations: { ...obligations, expected: '' },
    until,
    at,
    by,
    key,
  };
}

/** A kept grant's text; undefined for anything else. Its signature is not checked here. */
export function readGrant(statement: string): Grant | undefined {
  try {
    const grant = JSON.parse(statement) as Partial<Grant> | null;
    const texts = [
      grant?.id,
      grant?.server,
      grant?.command,
      grant?.tool,
      grant?.caller,
      grant?.until,
      grant?.by,
    ];
    const fine =
      texts.every((one) => typeof one === 'string') &&
      typeof grant?.key === 'string' &&
      isScope(grant) &&
      Array.isArray(grant.matched) &&
      typeof grant.obligations === 'object' &&
      grant.obligations !== null;
    return fine ? (grant as Grant) : undefined;
  } catch {
    return undefined;
  }
}

const isScope = ({ scope, call, rule }: Partial<Grant>): boolean =>
  scope === 'tool' ||
  (scope === 'call' && typeof call === 'string') ||
  (scope === 'rule' && typeof rule === 'string');

/** How many calls a grant lets through in an hour of one session. */
export function mostAnHour({ rule }: Pick<Grant, 'rule'>): number {
  const over = rule == null ? undefined : /"over":"(\d{1,6})\/hour"/.exec(rule)?.[1];
  return over === undefined ? Number.POSITIVE_INFINITY : Number(over);
}

/** What a call is compared with. */
export interface Asking {
  held: HeldCall;
  command: string;
  /** The keyed digest of the call. */
  call: string;
  /** Keys that are enrolled now: what another one signed counts no more. */
  keys: ReadonlySet<string>;
}

/** Whether a grant lets this call run: it must be what the person had before them, and ask for nothing more. */
export function grants(grant: Grant, { held, command, call, keys }: Asking, now: Now): boolean {
  return (
    !isOver(grant, now) &&
    (grant.key === null || keys.has(grant.key)) &&
    grant.server === held.server &&
    grant.command === command &&
    grant.tool === held.tool &&
    grant.caller === callerOf(held) &&
    isInScope(grant, held, call) &&
    // Answers to a server's questions are judged one by one.
    held.input === undefined &&
    sameGround(grant, held) &&
    isCoveredBy(held.obligations, grant)
  );
}

function isInScope({ scope, call: of, rule }: Grant, held: HeldCall, call: string): boolean {
  if (scope === 'rule') return rule !== null && isOfferedFor(rule, offeringOf(held));
  return scope === 'tool' || of === call;
}

/** A held call as one that a person may permit more of. A class that is guessed permits nothing but the call itself. */
export function offeringOf({
  server,
  tool,
  argumentsText,
  risk,
  unsure,
  obligations,
}: OfferedCall): Offering {
  return {
    server,
    tool,
    arguments: JsonSource.of(argumentsText),
    risk: risk === null || unsure ? 'unknown' : risk,
    obligations,
  };
}

type OfferedCall = Pick<HeldCall, 'server' | 'tool' | 'argumentsText' | 'risk' | 'unsure' | 'obligations'>;

const rank = (obligations: Obligations): number => CONFIRMATIONS.indexOf(obligations.confirm);

function isCoveredBy(asked: Obligations, { obligations: met, by, key }: Grant): boolean {
  return (
    asked.remember &&
    asked.approvals === 1 &&
    rank(asked) <= rank(met) &&
    (!asked.sign || key !== null) &&
    (asked.approvers === null || asked.approvers.includes(by))
  );
}

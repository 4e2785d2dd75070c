import type { Confirmation } from '../../policy/decide/types.ts';
import type { HoldView, SessionView, VerdictMessage } from '../channel/messages.ts';
import { type Grant, grantBytes, grantOf, grantText, type Remember } from '../holding/grant.ts';
import type { CheckedSignature, Rendered } from '../holding/hold.ts';
import type { Signer } from './approver-key.ts';
import type { Enrolled, Enrolment } from './enrolment.ts';
import {
  isCallOf,
  isSigned,
  isSignedBytes,
  type Statement,
  signedBytes,
  statementText,
} from './statement.ts';

/** What of a session stands in a statement. */
export type SignedSession = Pick<SessionView, 'session' | 'command' | 'policy'>;

/** A digest under the home's key: what is recorded of a call with secrets, and signed. */
export type Keyed = (digest: string) => string;

/** The answer's own part of a statement. */
type Answer = Pick<
  Statement,
  'verdict' | 'approver' | 'method' | 'confirmation' | 'rendered' | 'seen' | 'decidedAt'
> & {
  reason: string | undefined;
  remember: Remember | undefined;
};

/** Both ends build the statement from what they hold themselves: nothing of it crosses the socket to be believed. */
function statementOf(
  { session, command, policy }: SignedSession,
  hold: HoldView,
  answer: Answer,
  keyed: Keyed,
): Statement {
  const { nonce, call, id, server, tool, definition, rule, openedAt, expiresAt, accepts } = hold;
  const as = keyedOf(hold, keyed);
  const [digest, callDigest] = [hold.digest, hold.callDigest].map((one) => (hold.keyed ? as(one) : one)) as [
    string,
    string,
  ];
  const question = {
    nonce,
    session,
    call,
    hold: id,
    server,
    command,
    tool,
    digest,
    callDigest,
    policy,
    rule,
  };
  const { reason = null, remember, ...rest } = answer;
  const remembered = remember === undefined ? null : rememberedWords(remember);
  return { ...question, definition, accepts, openedAt, expiresAt, ...rest, reason, remember: remembered };
}

/** A call of another machine comes with its digests under that one's key. */
function keyedOf({ digest, callDigest, keyedAs }: HoldView, keyed: Keyed): Keyed {
  if (keyedAs === undefined) return keyed;
  const known = new Map([
    [digest, keyedAs.digest],
    [callDigest, keyedAs.callDigest],
  ]);
  return (one) => known.get(one) ?? keyed(one);
}

export interface ToSign {
  session: SignedSession;
  hold: HoldView;
  verdict: Omit<VerdictMessage, 'type' | 'ref' | 'signature'>;
  confirmation: Confirmation;
  rendered: Rendered;
  keyed: Keyed;
  /** Wall clock, ms. */
  now: number;
}

/**
 * A verdict with its signature, or the sentence why it must not be signed: what the person saw is not the call that
 * the proxy names.
 */
export function signAnswer(
  { session, hold, verdict, confirmation, rendered, keyed, now }: ToSign,
  signer: Signer,
): { verdict: Omit<VerdictMessage, 'type' | 'ref'> } | { refusal: string } {
  if (!isCallOf(hold, session.command, hold.callDigest)) {
    return {
      refusal: `Not signed: what the proxy of ${hold.server} shows is not the call that it names. Do not trust this session; look into the audit log.`,
    };
  }
  const decidedAt = new Date(now).toISOString();
  const { verdict: said, method, reason, remember } = verdict;
  const answer = {
    verdict: said,
    method,
    reason,
    approver: signer.key,
    confirmation,
    rendered: rendered.digest,
    seen: rendered.seen,
    decidedAt,
    remember,
  };
  const value = signer.sign(signedBytes(statementText(statementOf(session, hold, answer, keyed))));
  const grantSignature = (): { grant?: string } => {
    if (remember === undefined) return {};
    const by = signer.name;
    const grant = grantOf({
      command: session.command,
      hold,
      remember,
      at: decidedAt,
      by,
      key: signer.key,
      keyed: keyedOf(hold, keyed),
    });
    return { grant: signer.sign(grantBytes(grantText(grant))) };
  };
  const callSignature = (): { call?: string } =>
    hold.keyedAs === undefined ? {} : { call: signer.sign(callBytes(hold)) };
  return {
    verdict: {
      ...verdict,
      rendered,
      signature: { key: signer.key, value, confirmation, decidedAt, ...grantSignature(), ...callSignature() },
    },
  };
}

const CALL_DOMAIN = 'holdpoint-shown-call-v1\n';

/**
 * What was shown, by its plain digests. An approver elsewhere cannot work out keyed ones: they come with the call, and
 * whoever made them up would have a signature under a call that nobody saw. It is checked, and never recorded.
 */
function callBytes({ nonce, digest, callDigest }: HoldView): Buffer {
  return Buffer.from(CALL_DOMAIN + JSON.stringify([nonce, digest, callDigest]));
}

function rememberedWords({ scope, until, rule }: Remember): string {
  return scope === 'rule' ? `rule until ${until}: ${rule ?? ''}` : `${scope} until ${until}`;
}

/** A clock that is read in two processes of one machine. */
const CLOCK_SLACK_MS = 60_000;
/** Clocks of two machines: the hold's nonce binds the answer to it, and the proxy's own clock ends it. */
const CLOCKS_APART_MS = 24 * 60 * 60_000;

export interface AnswerContext {
  session: SignedSession;
  enrolment: Enrolment;
  keyed: Keyed;
  /** Wall clock, ms. */
  now: number;
  /** It was given on another machine. */
  elsewhere?: boolean;
}

/**
 * The proxy's check of a signed answer against its own hold: an enrolled key, this very statement, a time within the
 * hold's. Gives who signed, or `fault`: the cause for the record and the sentence for the person.
 */
export function checkAnswer(
  message: VerdictMessage,
  hold: HoldView,
  context: AnswerContext,
): CheckedAnswer | { cause: string; fault: string } {
  const { signature, rendered } = message;
  if (signature === undefined || rendered === undefined) {
    return { cause: 'unsigned', fault: 'The answer carries no signature.' };
  }
  const { key, value, confirmation, decidedAt } = signature;
  const approver = context.enrolment.approvers.get(key);
  if (approver === undefined) {
    return {
      cause: 'unknown-key',
      fault: `The key ${key.slice(0, 8)} is not enrolled here, so its answer does not count. See "holdpoint approver list".`,
    };
  }
  const at = Date.parse(decidedAt);
  const slack = context.elsewhere === true ? CLOCKS_APART_MS : CLOCK_SLACK_MS;
  if (!(at >= Date.parse(hold.openedAt) - slack && at <= context.now + slack)) {
    return { cause: 'wrong-time', fault: 'The answer was signed at another time than this hold was open.' };
  }
  const { verdict, method, reason, remember } = message;
  const answer = {
    verdict,
    method,
    reason,
    approver: key,
    confirmation,
    rendered: rendered.digest,
    seen: rendered.seen,
    decidedAt,
    remember,
  };
  const text = statementText(statementOf(context.session, hold, answer, context.keyed));
  if (!isSigned(text, approver.publicKey, value)) {
    return {
      cause: 'bad-signature',
      fault: 'The signature is not one over this call and this answer, so it does not count.',
    };
  }
  const unshown = context.elsewhere === true && hold.keyed;
  if (unshown && !isSignedBytes(callBytes(hold), approver.publicKey, signature.call ?? '')) {
    return {
      cause: 'other-call',
      fault: 'What was shown on the other machine is not this call, so the answer does not count.',
    };
  }
  const grant = signedGrant(message, hold, approver, context);
  if (grant === 'false') {
    return {
      cause: 'bad-grant',
      fault: 'The signature under the grant is false, so nothing of the answer counts.',
    };
  }
  return { name: approver.name, signature: { key, text, value, confirmation }, grant };
}

/** A signed answer that counts. */
export interface CheckedAnswer {
  name: string;
  signature: CheckedSignature;
  grant: { grant: Grant; value: string } | undefined;
}

function signedGrant(
  { remember, signature }: VerdictMessage,
  hold: HoldView,
  approver: Enrolled,
  { session, keyed }: AnswerContext,
): CheckedAnswer['grant'] | 'false' {
  if (remember === undefined || signature === undefined) return undefined;
  const { key, decidedAt: at, grant: value = '' } = signature;
  const grant = grantOf({ command: session.command, hold, remember, at, by: approver.name, key, keyed });
  return isSignedBytes(grantBytes(grantText(grant)), approver.publicKey, value) ? { grant, value } : 'false';
}

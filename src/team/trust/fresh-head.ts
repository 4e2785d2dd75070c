import type { Signer } from '../../approvals/signing/approver-key.ts';
import type { Enrolment } from '../../approvals/signing/enrolment.ts';
import { isSignedBytes } from '../../approvals/signing/statement.ts';

/** An approver's word that this is the list of approvers now. */
export interface FreshHead {
  head: string;
  /** ISO 8601. */
  at: string;
  /** Whose word it is: a key's id. */
  key: string;
  signature: string;
}

const DOMAIN = 'holdpoint-fresh-v1\n';
/** Clocks of a team may differ by so much; whatever is signed later than that is not believed yet. */
const CLOCKS_APART_MS = 2 * 60 * 60_000;

const textOf = (space: string, head: string, at: string): string =>
  DOMAIN + JSON.stringify([space, head, at]);

export function signHead(space: string, head: string, at: string, signer: Signer): FreshHead {
  const signature = signer.sign(Buffer.from(textOf(space, head, at)));
  return { head, at, key: signer.key, signature };
}

export function isFreshHead(value: unknown): value is FreshHead {
  if (typeof value !== 'object' || value === null) return false;
  const { head, at, key, signature } = value as Record<string, unknown>;
  return (
    [head, at, key, signature].every((one) => typeof one === 'string') &&
    !Number.isNaN(Date.parse(String(at)))
  );
}

/** What is needed to judge whether a list is vouched for. */
export interface Vouching {
  space: string;
  /** The id of the key that the list begins with. */
  root: string;
  enrolment: Enrolment;
  heads: readonly FreshHead[];
  /** How old a word may be, ms. */
  freshMs: number;
  /** This machine's wall clock. */
  now: number;
}

/** The latest word, not of `but`, that this list is the one; ms. */
export function vouchedAt({ space, enrolment, heads, now }: Vouching, but: string | undefined): number {
  let latest = Number.NEGATIVE_INFINITY;
  for (const { head, at, key, signature } of heads) {
    const approver = enrolment.approvers.get(key);
    const time = Date.parse(at);
    if (key === but || head !== enrolment.head || approver === undefined) continue;
    if (time > now + CLOCKS_APART_MS || time <= latest) continue;
    if (isSignedBytes(Buffer.from(textOf(space, head, at)), approver.publicKey, signature)) latest = time;
  }
  return latest;
}

/**
 * Why an answer of this key does not count for now, as a sentence, or undefined. Nobody but the root vouches for
 * themselves: who was removed, and has a relay that hides it, could do so for ever.
 */
export function notVouched(vouching: Vouching, key: string): string | undefined {
  const { root, freshMs, now } = vouching;
  const at = vouchedAt(vouching, key === root ? undefined : key);
  if (now - at <= freshMs) return undefined;
  const since = at === Number.NEGATIVE_INFINITY ? 'yet' : `since ${new Date(at).toISOString()}`;
  return `No other approver has vouched for the list of approvers ${since}, and this machine takes team answers only while somebody did within the team's "fresh": open holdpoint watch with another approver's key, or answer on the machine itself.`;
}

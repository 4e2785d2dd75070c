import { verify } from 'node:crypto';
import { sha256Hex } from '../../platform/digest.ts';
import { APPROVER_NAME } from '../../policy/decide/types.ts';
import { keyId, publicKeyOf, type Signer } from './approver-key.ts';

/**
 * A change of who may approve, signed by one who may. The first one of a home signs for itself. `sealing`: somebody who
 * is enrolled already is given the key that is sealed to.
 */
export interface EnrolmentEvent {
  event: 'enrolled' | 'removed' | 'sealing';
  name: string;
  /** base64url. */
  publicKey: string;
  /** The X25519 key that is sealed to, base64url; those of before 0.2 have none. */
  encryption?: string;
  /** ISO 8601. */
  at: string;
  /** The key id of who signed. */
  by: string;
  /** The digest of the event before; null for the first. */
  prev: string | null;
  signature: string;
}

/** Somebody whose signature counts. */
export interface Enrolled {
  name: string;
  key: string;
  publicKey: string;
  /** base64url; without it nothing can be sealed to them. */
  encryption?: string | undefined;
  since: string;
}

const DOMAIN = 'holdpoint-approvers-v1\n';
/** A person's proof that the key in a `.pub` file is theirs. */
const PROOF_DOMAIN = 'holdpoint-approver-v1\n';

type Unsigned = Omit<EnrolmentEvent, 'signature'>;

function eventText({ event, name, publicKey, at, by, prev, encryption }: Unsigned): string {
  const more = encryption === undefined ? [] : [encryption];
  return JSON.stringify([event, name, publicKey, at, by, prev, ...more]);
}

/** Names an event, signature included: the next one builds on it. */
export function eventDigest(event: EnrolmentEvent): string {
  return sha256Hex(`${eventText(event)}\n${event.signature}`);
}

export function signEvent(event: Unsigned, signer: Signer): EnrolmentEvent {
  return { ...event, signature: signer.sign(Buffer.from(DOMAIN + eventText(event))) };
}

function isSignedBy(domain: string, text: string, publicKey: string, signature: string): boolean {
  try {
    return verify(
      null,
      Buffer.from(domain + text),
      publicKeyOf(publicKey),
      Buffer.from(signature, 'base64url'),
    );
  } catch {
    return false;
  }
}

/** 32 bytes in base64url. */
const KEY_TEXT = /^[A-Za-z0-9_-]{43}$/;

function mayEncrypt(event: unknown, encryption: unknown): boolean {
  const isKey = typeof encryption === 'string' && KEY_TEXT.test(encryption);
  return event === 'sealing' ? isKey : encryption === undefined || (event === 'enrolled' && isKey);
}

function isShaped(value: unknown): value is EnrolmentEvent {
  if (typeof value !== 'object' || value === null) return false;
  const { event, name, publicKey, at, by, prev, signature, encryption } = value as Record<string, unknown>;
  return (
    (event === 'enrolled' || event === 'removed' || event === 'sealing') &&
    mayEncrypt(event, encryption) &&
    typeof name === 'string' &&
    APPROVER_NAME.test(name) &&
    [publicKey, at, by, signature].every((one) => typeof one === 'string') &&
    (prev === null || typeof prev === 'string')
  );
}

/** Why an event does not follow from those before it, or undefined. */
export function eventFault(
  event: unknown,
  before: ReadonlyMap<string, Enrolled>,
  prev: string | null,
): string | undefined {
  if (!isShaped(event)) return 'an entry is not one of ours';
  if (event.prev !== prev) return `an entry before "${event.name}" was taken out or put in`;
  const own = keyId(event.publicKey);
  const signer = before.get(event.by);
  // Whoever enrols the first key of a home is the root of all later ones.
  const first = before.size === 0 && prev === null && event.event === 'enrolled' && event.by === own;
  const publicKey = first ? event.publicKey : signer?.publicKey;
  if (publicKey === undefined) return `"${event.name}" was ${event.event} by a key that is not enrolled`;
  if (!isSignedBy(DOMAIN, eventText(event), publicKey, event.signature)) {
    return `the signature under "${event.name}" is false`;
  }
  const namesake = [...before.values()].find((one) => one.name === event.name);
  if (event.event !== 'enrolled')
    return namesake?.key === own ? undefined : `"${event.name}" was not enrolled`;
  return namesake === undefined && !before.has(own) ? undefined : `"${event.name}" is enrolled twice`;
}

export interface Enrolment {
  /** By key id. */
  approvers: ReadonlyMap<string, Enrolled>;
  /** The digest of the last event; null when nobody was ever enrolled. */
  head: string | null;
}

export const NOBODY: Enrolment = { approvers: new Map(), head: null };

/**
 * Who may approve after these events. A list of which any part was changed, left out or signed by a stranger counts
 * for nothing: `fault` then ends a sentence.
 */
export function replay(events: readonly unknown[]): Enrolment | { fault: string } {
  const approvers = new Map<string, Enrolled>();
  let head: string | null = null;
  for (const event of events) {
    const fault = eventFault(event, approvers, head);
    if (fault !== undefined) return { fault };
    change(approvers, event as EnrolmentEvent);
    head = eventDigest(event as EnrolmentEvent);
  }
  return { approvers, head };
}

/** Puts a checked change into effect. */
export function change(approvers: Map<string, Enrolled>, event: EnrolmentEvent): void {
  const { event: kind, name, publicKey, at, encryption } = event;
  const key = keyId(publicKey);
  if (kind === 'removed') approvers.delete(key);
  else approvers.set(key, { name, key, publicKey, encryption, since: approvers.get(key)?.since ?? at });
}

/** What a person hands over to be enrolled: their name, public key, and the proof that they hold the private one. */
export interface PublicIdentity {
  holdpointApprover: 1;
  name: string;
  publicKey: string;
  /** Those of before 0.2 have none. */
  encryption?: string;
  proof: string;
}

function proofText({
  name,
  publicKey,
  encryption,
}: Omit<PublicIdentity, 'proof' | 'holdpointApprover'>): string {
  return JSON.stringify(encryption === undefined ? [name, publicKey] : [name, publicKey, encryption]);
}

export function publicIdentity(publicKey: string, signer: Signer): PublicIdentity {
  const said = { name: signer.name, publicKey, encryption: encryptionOf(signer) };
  const proof = signer.sign(Buffer.from(PROOF_DOMAIN + proofText(said)));
  return { holdpointApprover: 1, ...said, proof };
}

/** The public key that is sealed to, as it stands in an event. */
export function encryptionOf(signer: Signer): string {
  return signer.encryption.raw.toString('base64url');
}

/** Reads a `.pub` file's text; undefined for anything else, or when the proof is false. */
export function readPublicIdentity(text: string): PublicIdentity | undefined {
  let value: Partial<PublicIdentity> | null;
  try {
    value = JSON.parse(text) as Partial<PublicIdentity> | null;
  } catch {
    return undefined;
  }
  const { holdpointApprover, name, publicKey, proof, encryption } = value ?? {};
  const fine =
    holdpointApprover === 1 &&
    typeof name === 'string' &&
    APPROVER_NAME.test(name) &&
    typeof publicKey === 'string' &&
    typeof proof === 'string' &&
    mayEncrypt('enrolled', encryption) &&
    isSignedBy(
      PROOF_DOMAIN,
      proofText({ name, publicKey, ...(encryption && { encryption }) }),
      publicKey,
      proof,
    );
  return fine ? (value as PublicIdentity) : undefined;
}

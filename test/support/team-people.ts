import { createPrivateKey, createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import { keyId, type Signer } from '../../src/approvals/signing/approver-key.ts';
import {
  type EnrolmentEvent,
  encryptionOf,
  eventDigest,
  signEvent,
} from '../../src/approvals/signing/enrolment.ts';
import { encryptionKeyOf } from '../../src/team/sealing/encryption-key.ts';

/** An approver's key without its lock: that costs a second a guess, and is tested elsewhere. */
export interface Person extends Signer {
  publicKey: string;
}

export function person(name: string): Person {
  const { privateKey } = generateKeyPairSync('ed25519');
  const der = privateKey.export({ format: 'der', type: 'pkcs8' });
  const spki = createPublicKey(createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }));
  const publicKey = spki.export({ format: 'der', type: 'spki' }).subarray(-32).toString('base64url');
  return {
    name,
    publicKey,
    key: keyId(publicKey),
    encryption: encryptionKeyOf(der.subarray(-32)),
    sign: (bytes) => sign(null, bytes, privateKey).toString('base64url'),
  };
}

/** The list on which each of them is, the first vouching for all. */
export function enrolled(root: Person, ...others: Person[]): EnrolmentEvent[] {
  const events: EnrolmentEvent[] = [];
  for (const one of [root, ...others]) events.push(enrolment(events, one, root));
  return events;
}

export function enrolment(events: readonly EnrolmentEvent[], one: Person, by: Person): EnrolmentEvent {
  return change(events, 'enrolled', one, by);
}

export function removal(events: readonly EnrolmentEvent[], one: Person, by: Person): EnrolmentEvent {
  return change(events, 'removed', one, by);
}

function change(
  events: readonly EnrolmentEvent[],
  event: 'enrolled' | 'removed',
  one: Person,
  by: Person,
): EnrolmentEvent {
  const last = events.at(-1);
  const prev = last === undefined ? null : eventDigest(last);
  const { name, publicKey } = one;
  const keys = event === 'enrolled' ? { publicKey, encryption: encryptionOf(one) } : { publicKey };
  return signEvent({ event, name, ...keys, at: new Date().toISOString(), by: by.key, prev }, by);
}

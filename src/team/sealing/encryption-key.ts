import { createPrivateKey, createPublicKey, hkdfSync, type KeyObject } from 'node:crypto';
import { rawPublicKey } from './hpke.ts';

/** DER before the 32 bytes of an X25519 private key (RFC 8410). */
const PKCS8_HEAD = Buffer.from('302e020100300506032b656e04220420', 'hex');
const DOMAIN = 'holdpoint-encryption-v1';

/** The pair that is sealed to: another key than the one that signs. */
export interface EncryptionKey {
  privateKey: KeyObject;
  /** The 32 bytes of the public key. */
  raw: Buffer;
}

/**
 * The encryption key beside a signing key: its X25519 secret is drawn by HKDF from the Ed25519 seed, so that one file
 * and one passphrase keep both, and a key that was made before it had one has one too.
 */
export function encryptionKeyOf(seed: Uint8Array): EncryptionKey {
  const secret = Buffer.from(hkdfSync('sha256', seed, Buffer.alloc(0), DOMAIN, 32));
  const der = Buffer.concat([PKCS8_HEAD, secret]);
  const privateKey = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  secret.fill(0);
  der.fill(0);
  return { privateKey, raw: rawPublicKey(createPublicKey(privateKey)) };
}

import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  scrypt,
  sign,
} from 'node:crypto';
import { PlainError } from '../../platform/plain-error.ts';
import { APPROVER_NAME } from '../../policy/decide/types.ts';
import { type EncryptionKey, encryptionKeyOf } from '../../team/sealing/encryption-key.ts';
import type { Opener } from '../../team/sealing/sealed.ts';

/** An approver's private key as it lies on the disk: of no use without its passphrase. Bytes are base64url. */
export interface LockedKey {
  holdpointKey: 1;
  name: string;
  publicKey: string;
  kdf: { name: 'scrypt'; N: number; r: number; p: number; salt: string };
  cipher: { name: 'aes-256-gcm'; iv: string; tag: string };
  locked: string;
}

/** An unlocked key. The private part stays in the system's memory of this process. */
export interface Signer {
  name: string;
  key: string;
  /** base64url. */
  sign(bytes: Uint8Array): string;
  /** What is sealed to this approver opens with it. */
  encryption: EncryptionKey;
}

/** What opens what was sealed to this approver. */
export function openerOf({ key, encryption }: Signer): Opener {
  return { id: key, ...encryption };
}

/** About 0.6 s and 128 MiB a guess (measured); Node's own PKCS8 locking takes 1.5 ms. */
const SCRYPT = { N: 2 ** 17, r: 8, p: 1 };
/** A file that asks for more than this is no key of ours. */
const MOST_N = 2 ** 20;
const MAX_MEMORY = 2 ** 31 - 1;
const SHORTEST_PASSPHRASE = 10;
const SEED_BYTES = 32;
/** DER before the 32 bytes of an Ed25519 public key (RFC 8410). */
const SPKI_HEAD = Buffer.from('302a300506032b6570032100', 'hex');

/** Names a key: the first 128 bits of the SHA-256 of its 32 bytes, in hex. */
export function keyId(publicKey: string): string {
  return createHash('sha256').update(Buffer.from(publicKey, 'base64url')).digest('hex').slice(0, 32);
}

/** Throws for anything but the 32 bytes of an Ed25519 key in base64url. */
export function publicKeyOf(publicKey: string): KeyObject {
  const raw = Buffer.from(publicKey, 'base64url');
  if (raw.length !== 32) throw new TypeError('not an Ed25519 public key');
  return createPublicKey({ key: Buffer.concat([SPKI_HEAD, raw]), format: 'der', type: 'spki' });
}

/** Why a passphrase is not good enough, as a sentence, or undefined. */
export function passphraseFault(passphrase: string): string | undefined {
  return [...passphrase].length < SHORTEST_PASSPHRASE
    ? `The passphrase is shorter than ${SHORTEST_PASSPHRASE} characters. Take a longer one: several words do well.`
    : undefined;
}

/** The locked form's header is under the lock's seal, so that no part of it can be changed. */
function seal({ holdpointKey, name, publicKey, kdf }: Omit<LockedKey, 'cipher' | 'locked'>): Buffer {
  const { N, r, p, salt } = kdf;
  return Buffer.from(JSON.stringify([holdpointKey, name, publicKey, N, r, p, salt]));
}

function derive(passphrase: string, kdf: LockedKey['kdf']): Promise<Buffer> {
  const { N, r, p } = kdf;
  const salt = Buffer.from(kdf.salt, 'base64url');
  return new Promise((resolve, reject) => {
    scrypt(passphrase.normalize('NFC'), salt, 32, { N, r, p, maxmem: MAX_MEMORY }, (error, key) => {
      if (error === null) resolve(key);
      else reject(error);
    });
  });
}

/** Makes a new Ed25519 key, locked by the passphrase. */
export async function makeKey(name: string, passphrase: string): Promise<LockedKey> {
  if (!APPROVER_NAME.test(name)) throw new PlainError(nameFault(name), 2);
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const raw = publicKey.export({ format: 'der', type: 'spki' }).subarray(SPKI_HEAD.length);
  const header = {
    holdpointKey: 1 as const,
    name,
    publicKey: raw.toString('base64url'),
    kdf: { name: 'scrypt' as const, ...SCRYPT, salt: randomBytes(16).toString('base64url') },
  };
  const secret = await derive(passphrase, header.kdf);
  const plain = privateKey.export({ format: 'der', type: 'pkcs8' });
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', secret, iv).setAAD(seal(header));
  const locked = Buffer.concat([cipher.update(plain), cipher.final()]);
  const tag = cipher.getAuthTag();
  plain.fill(0);
  secret.fill(0);
  return {
    ...header,
    cipher: { name: 'aes-256-gcm', iv: iv.toString('base64url'), tag: tag.toString('base64url') },
    locked: locked.toString('base64url'),
  };
}

export function nameFault(name: string): string {
  return `${JSON.stringify(name.slice(0, 64))} cannot be an approver's name: use up to 32 letters, digits, ".", "_" and "-", the first one a letter or digit.`;
}

/** Unlocks a key; undefined for a wrong passphrase (or a file that somebody changed: the two cannot be told apart). */
export async function unlockKey(key: LockedKey, passphrase: string): Promise<Signer | undefined> {
  const secret = await derive(passphrase, key.kdf);
  let plain: Buffer | undefined;
  try {
    const decipher = createDecipheriv('aes-256-gcm', secret, Buffer.from(key.cipher.iv, 'base64url'), {
      authTagLength: 16,
    })
      .setAAD(seal(key))
      .setAuthTag(Buffer.from(key.cipher.tag, 'base64url'));
    plain = Buffer.concat([decipher.update(Buffer.from(key.locked, 'base64url')), decipher.final()]);
    const privateKey = createPrivateKey({ key: plain, format: 'der', type: 'pkcs8' });
    return {
      name: key.name,
      key: keyId(key.publicKey),
      // A PKCS8 form of Ed25519 ends with its seed (RFC 8410).
      encryption: encryptionKeyOf(plain.subarray(-SEED_BYTES)),
      sign: (bytes) => sign(null, bytes, privateKey).toString('base64url'),
    };
  } catch {
    return undefined;
  } finally {
    secret.fill(0);
    plain?.fill(0);
  }
}

const B64 = /^[A-Za-z0-9_-]+$/;

/** A key file's text. Throws a PlainError that names the file. */
export function readLockedKey(text: string, file: string): LockedKey {
  const key = objectOf(text) as Partial<LockedKey> | undefined;
  const { kdf, cipher } = key ?? {};
  const texts = [key?.publicKey, key?.locked, kdf?.salt, cipher?.iv, cipher?.tag];
  const numbers = [kdf?.N, kdf?.r, kdf?.p];
  const fine =
    key?.holdpointKey === 1 &&
    APPROVER_NAME.test(String(key.name)) &&
    kdf?.name === 'scrypt' &&
    cipher?.name === 'aes-256-gcm' &&
    texts.every((one) => typeof one === 'string' && B64.test(one)) &&
    numbers.every((one) => Number.isSafeInteger(one) && Number(one) > 0) &&
    Number(kdf.N) <= MOST_N &&
    Number(kdf.r) <= 16 &&
    Number(kdf.p) <= 4;
  if (fine) return key as LockedKey;
  throw new PlainError(`${file} is not an approver's key. Restore it from a copy, or make a new one.`);
}

function objectOf(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

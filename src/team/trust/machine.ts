import { createPrivateKey, createPublicKey, sign } from 'node:crypto';
import { keyId } from '../../approvals/signing/approver-key.ts';
import { isSignedBytes } from '../../approvals/signing/statement.ts';
import { encryptionKeyOf } from '../sealing/encryption-key.ts';
import { type Recipient, recipientOf } from '../sealing/hpke.ts';
import type { Opener } from '../sealing/sealed.ts';

/** DER before the 32 bytes of an Ed25519 private key (RFC 8410). */
const PKCS8_HEAD = Buffer.from('302e020100300506032b657004220420', 'hex');
const SPKI_HEAD_BYTES = 12;
const CARD_DOMAIN = 'holdpoint-machine-v1\n';

/** This machine as its space knows it: what signs its holds, and what answers are sealed to. */
export interface Machine {
  name: string;
  /** The id of its key. */
  key: string;
  opener: Opener;
  /** Under a domain of its own for each use; base64url. */
  sign(text: string): string;
  /** What others know it by. */
  card: MachineCard;
}

/** Keys are base64url. */
export interface MachineCard {
  machine: string;
  publicKey: string;
  encryption: string;
  signature: string;
}

const cardText = ({ machine, publicKey, encryption }: Omit<MachineCard, 'signature'>): string =>
  CARD_DOMAIN + JSON.stringify([machine, publicKey, encryption]);

/** `seed`: 32 bytes, base64url. */
export function machineOf(name: string, seed: string): Machine {
  const bytes = Buffer.from(seed, 'base64url');
  const privateKey = createPrivateKey({
    key: Buffer.concat([PKCS8_HEAD, bytes]),
    format: 'der',
    type: 'pkcs8',
  });
  const spki = createPublicKey(privateKey).export({ format: 'der', type: 'spki' });
  const publicKey = spki.subarray(SPKI_HEAD_BYTES).toString('base64url');
  const encryption = encryptionKeyOf(bytes);
  const signed = (text: string): string => sign(null, Buffer.from(text), privateKey).toString('base64url');
  const said = { machine: name, publicKey, encryption: encryption.raw.toString('base64url') };
  const key = keyId(publicKey);
  return {
    name,
    key,
    opener: { id: key, ...encryption },
    sign: signed,
    card: { ...said, signature: signed(cardText(said)) },
  };
}

/** Another machine, by its card. */
export interface KnownMachine {
  name: string;
  key: string;
  recipient: Recipient;
  /** Whether it signed this text. */
  signed(text: string, signature: string): boolean;
}

/** Undefined for what is no card, or one that its own key did not sign. */
export function readCard(value: unknown): KnownMachine | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const card = value as MachineCard;
  const { machine, publicKey, encryption, signature } = card;
  if (![machine, publicKey, encryption, signature].every((one) => typeof one === 'string')) return undefined;
  if (!isSignedBytes(Buffer.from(cardText(card)), publicKey, signature)) return undefined;
  try {
    return {
      name: machine,
      key: keyId(publicKey),
      recipient: recipientOf(Buffer.from(encryption, 'base64url')),
      signed: (text, under) => isSignedBytes(Buffer.from(text), publicKey, under),
    };
  } catch {
    return undefined;
  }
}

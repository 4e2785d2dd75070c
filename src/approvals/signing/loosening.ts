import type { Seal, SealedThing } from '../../config/seals.ts';
import { keyId, type Signer } from './approver-key.ts';
import type { Enrolment } from './enrolment.ts';
import { isSigned, isSignedBytes, type Statement } from './statement.ts';

const DOMAIN = 'holdpoint-loosening-v1\n';

function textOf({ what, of, digest }: SealedThing, at: string, key: string): string {
  return JSON.stringify({ what, of, digest, at, key });
}

/** `at`: ISO 8601. */
export function sealOf(loosening: SealedThing, at: string, signer: Signer): Seal {
  const statement = textOf(loosening, at, signer.key);
  return { statement, value: signer.sign(Buffer.from(DOMAIN + statement)) };
}

function read(statement: string): Partial<SealedThing & { at: string; key: string }> | undefined {
  try {
    const value: unknown = JSON.parse(statement);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Tools may also be accepted with a call that was approved: then its statement names them. */
function accepts(seal: Seal, { what, of, digest }: SealedThing, approvers: Enrolment['approvers']): boolean {
  const said = read(seal.statement) as Partial<Statement> | undefined;
  const signer = approvers.get(said?.approver ?? '');
  return (
    what === 'tools' &&
    said?.verdict === 'approve' &&
    said.server === of &&
    said.accepts === digest &&
    signer !== undefined &&
    isSigned(seal.statement, signer.publicKey, seal.value)
  );
}

/** Whether somebody who may approve now signed exactly this. Never throws. */
export function isSealed(
  seal: Seal | undefined,
  loosening: SealedThing,
  { approvers }: Pick<Enrolment, 'approvers'>,
): boolean {
  if (seal === undefined) return false;
  if (accepts(seal, loosening, approvers)) return true;
  const { at, key } = read(seal.statement) ?? {};
  if (typeof at !== 'string' || typeof key !== 'string') return false;
  const signer = approvers.get(key);
  if (signer === undefined || keyId(signer.publicKey) !== key) return false;
  return (
    seal.statement === textOf(loosening, at, key) &&
    isSignedBytes(Buffer.from(DOMAIN + seal.statement), signer.publicKey, seal.value)
  );
}

import { sha256Hex } from '../../platform/digest.ts';
import type { Recipient } from '../sealing/hpke.ts';
import { isSealed, type Opener, openWith, type Sealed, sealTo } from '../sealing/sealed.ts';
import type { KnownMachine, Machine } from '../trust/machine.ts';

/** What proves a record, in the open. */
export interface CopiedRecord {
  seq: number;
  type: string;
  /** ISO 8601. */
  time: string;
  /** SHA-256 of the line before, and of this one; lower-case hex. */
  prev: string;
  sha256: string;
}

/** Some records of one session's file, one after the other. */
export interface Copy {
  v: 1;
  /** The file's name in the audit folder. */
  file: string;
  records: CopiedRecord[];
  /** The lines themselves, for auditors; absent: there are none, or it was too long. */
  sealed?: Sealed;
  /** The machine's, base64url. */
  signature: string;
}

const DOMAIN = 'holdpoint-team-copy-v1\n';

function signedText(subject: string, { file, records, sealed }: Omit<Copy, 'v' | 'signature'>): string {
  const of = sealed === undefined ? null : sha256Hex(JSON.stringify(sealed));
  return DOMAIN + JSON.stringify([subject, file, sha256Hex(JSON.stringify(records)), of]);
}

/** `lines`: whole lines without their ends. Throws a SyntaxError for one that is no record. */
export function recordsOf(lines: readonly Buffer[]): CopiedRecord[] {
  return lines.map((line) => {
    const { seq, type, time, prev } = JSON.parse(line.toString()) as Record<string, unknown>;
    return {
      seq: Number(seq),
      type: String(type),
      time: String(time),
      prev: String(prev),
      sha256: sha256Hex(line),
    };
  });
}

/** `auditors`: whose keys open the lines; none: only what proves is copied. */
export async function copyOf(
  subject: string,
  file: string,
  lines: readonly Buffer[],
  by: { machine: Machine; auditors: ReadonlyMap<string, Recipient> },
): Promise<Buffer> {
  const records = recordsOf(lines);
  const raw = Buffer.concat(lines.flatMap((line) => [line, Buffer.from('\n')]));
  const sealed = by.auditors.size === 0 ? {} : { sealed: await sealTo(by.auditors, subject, raw) };
  const said = { file, records, ...sealed };
  return Buffer.from(
    JSON.stringify({ v: 1, ...said, signature: by.machine.sign(signedText(subject, said)) }),
  );
}

const HEX64 = /^[0-9a-f]{64}$/;

function isRecord(value: unknown): value is CopiedRecord {
  if (typeof value !== 'object' || value === null) return false;
  const { seq, type, time, prev, sha256 } = value as Record<string, unknown>;
  return (
    Number.isSafeInteger(seq) &&
    typeof type === 'string' &&
    typeof time === 'string' &&
    HEX64.test(String(prev)) &&
    HEX64.test(String(sha256))
  );
}

/** Undefined for anything that is no copy. */
export function readCopy(value: Uint8Array): Copy | undefined {
  try {
    const copy = JSON.parse(Buffer.from(value).toString()) as Partial<Copy>;
    const { v, file, records, sealed, signature } = copy;
    const fine =
      v === 1 &&
      typeof file === 'string' &&
      Array.isArray(records) &&
      records.length > 0 &&
      records.every(isRecord) &&
      (sealed === undefined || isSealed(sealed)) &&
      typeof signature === 'string';
    return fine ? (copy as Copy) : undefined;
  } catch {
    return undefined;
  }
}

export function isCopyBy(machine: KnownMachine, subject: string, copy: Copy): boolean {
  return machine.signed(signedText(subject, copy), copy.signature);
}

/** The lines, with their ends; undefined for whoever is no auditor, or where they are not those that are named. */
export function linesOf(subject: string, { sealed, records }: Copy, opener: Opener): Buffer | undefined {
  const raw = sealed && openWith(opener, subject, sealed);
  if (raw === undefined) return undefined;
  const lines = raw.toString('latin1').split('\n').slice(0, -1);
  const same =
    lines.length === records.length &&
    lines.every((line, n) => sha256Hex(Buffer.from(line, 'latin1')) === records[n]?.sha256);
  return same ? raw : undefined;
}

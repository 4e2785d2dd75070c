import { randomBytes } from 'node:crypto';
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { PlainError } from '../protocol/plain-error.ts';
import { ensurePrivateFolder, type Home } from './home.ts';

const BYTES = 32;
const HEX = /^[0-9a-f]{64}\n$/;

/**
 * The key under which this home masks secrets and what would give them away: made once, kept in the state folder.
 * Throws a PlainError when it cannot be read or made: then nothing can be recorded safely.
 */
export function redactionKey(home: Home): Uint8Array {
  const file = join(home.state, 'redaction.key');
  const text = textOf(file) ?? made(home, file);
  if (HEX.test(text)) return Buffer.from(text.trim(), 'hex');
  throw new PlainError(
    `${file} is damaged, so secrets cannot be masked. Restore it from a copy, or move it away: old masks then compare with no new ones.`,
  );
}

/** The key as it lies in this home; undefined where nothing was recorded yet. Throws a PlainError for a damaged one. */
export function knownRedactionKey(home: Home): Uint8Array | undefined {
  return existsSync(join(home.state, 'redaction.key')) ? redactionKey(home) : undefined;
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new PlainError(`${file} cannot be read: ${(error as Error).message}.`, 1, { cause: error });
  }
}

/** Several processes may make it at once: the first one's counts. */
function made(home: Home, file: string): string {
  ensurePrivateFolder(home.state);
  const text = `${randomBytes(BYTES).toString('hex')}\n`;
  let fd: number;
  try {
    fd = openSync(file, 'wx', 0o600);
  } catch (error) {
    const other = (error as NodeJS.ErrnoException).code === 'EEXIST' ? waited(file) : undefined;
    if (other !== undefined) return other;
    throw new PlainError(`${file} cannot be written: ${(error as Error).message}.`, 1, { cause: error });
  }
  try {
    writeSync(fd, text);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
  return text;
}

/** The other one has opened it and may not have written it yet. */
function waited(file: string): string | undefined {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const text = textOf(file);
    if (text !== undefined && HEX.test(text)) return text;
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
  }
  return textOf(file);
}

import { randomBytes } from 'node:crypto';
import { readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { fileFault } from '../../platform/file-fault.ts';
import { ensurePrivateFolder, type Home } from '../../platform/home.ts';
import { placeNew } from '../../platform/new-file.ts';
import { PlainError } from '../../platform/plain-error.ts';
import { lock } from '../../platform/state-lock.ts';

const BYTES = 32;
const LENGTH = BYTES * 2;
const HEX = /^[0-9a-f]{64}\n?$/;
/** A holdpoint before 0.2 made the file first and wrote it then: it may be about to. */
const WRITTEN_WITHIN_MS = 500;
const POLL_MS = 10;

/**
 * The key under which this home masks secrets and what would give them away: made once, kept in the state folder.
 * What a full disk left of one is set aside, and `say` is told. Throws a PlainError when it cannot be read or made:
 * then nothing can be recorded safely.
 */
export function redactionKey(home: Home, say: (sentence: string) => void = () => {}): Uint8Array {
  const file = join(home.state, 'redaction.key');
  let text = textOf(file) ?? made(home, file);
  if (isHalf(text)) text = finished(file) ?? replaced(home, file, say);
  return keyIn(text, file);
}

/** The key as it lies in this home; undefined where nothing was recorded yet. Changes nothing. Throws a PlainError for a damaged one. */
export function knownRedactionKey(home: Home): Uint8Array | undefined {
  const file = join(home.state, 'redaction.key');
  const text = textOf(file);
  return text === undefined ? undefined : keyIn(text, file);
}

function keyIn(text: string, file: string): Uint8Array {
  if (HEX.test(text)) return Buffer.from(text.trim(), 'hex');
  throw new PlainError(
    `${file} is damaged, so secrets cannot be masked. Restore it from a copy, or move it away: old masks then compare with no new ones.`,
  );
}

/** The beginning of a key, or nothing at all: no secret was ever masked under it. */
function isHalf(text: string): boolean {
  return text.length < LENGTH && /^[0-9a-f]*$/.test(text);
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw fileFault(error, file, 'read');
  }
}

/** Several processes may make it at once: the first one's counts. */
function made(home: Home, file: string): string {
  ensurePrivateFolder(home.state);
  const text = `${randomBytes(BYTES).toString('hex')}\n`;
  try {
    return placeNew(file, text) ? text : (textOf(file) ?? '');
  } catch (error) {
    throw fileFault(error, file, 'written');
  }
}

/** The whole text, when another process writes it just now. */
function finished(file: string): string | undefined {
  for (let waited = 0; waited < WRITTEN_WITHIN_MS; waited += POLL_MS) {
    const text = textOf(file);
    if (text !== undefined && HEX.test(text)) return text;
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, POLL_MS);
  }
  return undefined;
}

/** Under a lock: of several that find half a key, one alone sets it aside. */
function replaced(home: Home, file: string, say: (sentence: string) => void): string {
  const held = lock(`${file}.lock`);
  try {
    const text = textOf(file);
    if (text !== undefined && !isHalf(text)) return text;
    if (text !== undefined) {
      const aside = `${file}.corrupt-${new Date().toISOString().replaceAll(':', '')}-${randomBytes(2).toString('hex')}`;
      held.assertHeld();
      renameSync(file, aside);
      say(
        `${file} held no whole key, as a full disk leaves it. It was set aside as ${aside} and a new key was made: if masks were made under another one before, they compare with no new ones.`,
      );
    }
    return made(home, file);
  } catch (error) {
    throw fileFault(error, file, 'replaced');
  } finally {
    held.release();
  }
}

import { randomInt } from 'node:crypto';
import { closeSync, mkdirSync, openSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** No letter or digit that is taken for another when spoken or read: 31 of them. */
const ALPHABET = 'abcdefghjkmnpqrstuvwxyz23456789';
const LENGTH = 5;
const DAY_MS = 24 * 60 * 60 * 1000;
const TRIES = 50;

/** Whether a word can be a hold's id. */
export function isHoldId(word: string): boolean {
  return word.length === LENGTH && [...word].every((letter) => ALPHABET.includes(letter));
}

function random(): string {
  return Array.from({ length: LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
}

/**
 * Gives out short random ids, none twice in one home within a day: each is claimed by a file made exclusively, so
 * that proxies running side by side cannot give the same. Throws when the folder cannot be written.
 */
export function holdIds(folder: string, now: () => number): () => string {
  let swept = false;
  return () => {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    if (!swept) sweep(folder, now());
    swept = true;
    for (let attempt = 0; attempt < TRIES; attempt += 1) {
      const id = random();
      if (claim(join(folder, id))) return id;
    }
    throw new Error(`no free hold id in ${folder}`);
  };
}

function claim(file: string): boolean {
  try {
    closeSync(openSync(file, 'wx', 0o600));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function sweep(folder: string, now: number): void {
  for (const name of readdirSync(folder)) {
    const file = join(folder, name);
    const age = now - (statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? now);
    if (age > DAY_MS) rmSync(file, { force: true });
  }
}

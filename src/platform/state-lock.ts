import { randomBytes } from 'node:crypto';
import { linkSync, readFileSync, renameSync, statSync } from 'node:fs';
import { fileFault } from './file-fault.ts';
import { placeNew, removeQuietly } from './new-file.ts';
import { PlainError } from './plain-error.ts';

const WAIT_MS = 5_000;
const POLL_MS = 10;
/** A lock this old was left by a process that died: nobody writes a small document for so long. */
const STALE_MS = 10_000;
/** An empty one is nobody's: a holdpoint before 0.2 left it behind when the disk was full. */
const EMPTY_STALE_MS = 1_000;
/** How long a lock that was moved away by mistake takes to come back. */
const RETURN_MS = 200;

export interface Lock {
  /** Throws a PlainError when somebody else took it meanwhile: then nothing may be written. */
  assertHeld(): void;
  release(): void;
}

function pause(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

/** What stands in a lock file: whose it is; undefined where there is none. */
export function ownerOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

/**
 * Removes a lock whose owner died. Two who see the same old lock must not both take it: it is moved aside first, and
 * put back when it turns out to be another one than was seen.
 */
export function takeAway(file: string, seen: string): void {
  const aside = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`;
  try {
    renameSync(file, aside);
  } catch {
    return;
  }
  try {
    if (ownerOf(aside) !== seen) linkSync(aside, file);
  } catch {
    // Somebody has taken it anew; the one whose lock this was notices before it writes.
  }
  removeQuietly(aside);
}

/** Makes a lock file, where none is. Throws a PlainError when it cannot be written. */
export function claim(file: string, token: string): boolean {
  try {
    // Whoever sees the lock sees whose it is; it need not survive a power cut.
    return placeNew(file, token, false);
  } catch (error) {
    throw fileFault(error, file, 'written');
  }
}

function ageOf(file: string): number {
  try {
    return Date.now() - statSync(file).mtimeMs;
  } catch {
    return 0;
  }
}

const isFolder = (file: string): boolean => statSync(file, { throwIfNoEntry: false })?.isDirectory() === true;

/** Waits for a lock file of one's own. Throws a PlainError after five seconds. */
export function lock(file: string): Lock {
  const token = `${process.pid} ${randomBytes(8).toString('hex')}`;
  const until = Date.now() + WAIT_MS;
  while (!claim(file, token)) {
    const seen = ownerOf(file);
    const age = ageOf(file);
    if (seen !== undefined && age > (seen === '' ? EMPTY_STALE_MS : STALE_MS)) takeAway(file, seen);
    else if (isFolder(file)) throw new PlainError(`${file} is a folder, where a lock has to be. Remove it.`);
    else if (Date.now() > until) {
      throw new PlainError(`${file} is held by another holdpoint. If none is running, remove it.`);
    } else pause(POLL_MS);
  }
  const assertHeld = (): void => {
    for (let waited = 0; ownerOf(file) !== token; waited += POLL_MS) {
      if (waited >= RETURN_MS) throw new PlainError(`${file} was taken by another holdpoint. Try again.`);
      pause(POLL_MS);
    }
  };
  // What was done under it is done: a lock that cannot be removed grows old, and is taken away by the next one.
  const release = (): void => {
    if (ownerOf(file) === token) removeQuietly(file);
  };
  return { assertHeld, release };
}

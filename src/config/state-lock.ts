import { randomBytes } from 'node:crypto';
import {
  closeSync,
  linkSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { PlainError } from '../protocol/plain-error.ts';

const WAIT_MS = 5_000;
const POLL_MS = 10;
/** A lock this old was left by a process that died: nobody writes a small document for so long. */
const STALE_MS = 10_000;
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

function ownerOf(file: string): string | undefined {
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
function takeAway(file: string, seen: string): void {
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
  rmSync(aside, { force: true });
}

function claim(file: string, token: string): boolean {
  let fd: number;
  try {
    fd = openSync(file, 'wx', 0o600);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
  try {
    writeSync(fd, token);
  } finally {
    closeSync(fd);
  }
  return true;
}

/** Waits for a lock file of one's own. Throws a PlainError after five seconds. */
export function lock(file: string): Lock {
  const token = `${process.pid} ${randomBytes(8).toString('hex')}`;
  const until = Date.now() + WAIT_MS;
  while (!claim(file, token)) {
    const seen = ownerOf(file);
    const age = Date.now() - (statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
    if (age > STALE_MS && seen !== undefined) takeAway(file, seen);
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
  const release = (): void => {
    if (ownerOf(file) === token) rmSync(file, { force: true });
  };
  return { assertHeld, release };
}

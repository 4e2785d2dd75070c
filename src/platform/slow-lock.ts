import { randomBytes } from 'node:crypto';
import { statSync, utimesSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { removeQuietly } from './new-file.ts';
import { PlainError } from './plain-error.ts';
import { claim, type Lock, ownerOf, takeAway } from './state-lock.ts';

const POLL_MS = 25;
/** Whoever holds it shows that often that they live. */
const BEAT_MS = 1_000;
/** Without a sign of life for so long, while somebody looked on, the lock's owner is dead. */
const STALE_MS = 6_000;

/**
 * Waits for a lock that may be held for long, while a network answers; the process goes on meanwhile. Who died is told
 * by the signs of life that somebody who waits does not see: no clock is compared with a file's time, and a machine
 * that slept has not waited. Rejects with a PlainError after `waitMs`.
 */
export async function slowLock(file: string, waitMs: number): Promise<Lock> {
  const token = `${process.pid} ${randomBytes(8).toString('hex')}`;
  const until = performance.now() + waitMs;
  let seen = signOf(file);
  let since = performance.now();
  let last = since;
  while (!claim(file, token)) {
    await sleep(POLL_MS);
    const sign = signOf(file);
    const now = performance.now();
    // Whoever was stopped meanwhile, or slept, did not look on.
    const lookedOn = now - last < BEAT_MS;
    last = now;
    if (sign !== seen || !lookedOn) [seen, since] = [sign, now];
    else if (now - since > STALE_MS) breakStale(file);
    if (now > until)
      throw new PlainError(`${file} is held by another holdpoint. If none is running, remove it.`);
  }
  return held(file, token);
}

/** The owner and their last sign of life. */
function signOf(file: string): string | undefined {
  const owner = ownerOf(file);
  const stat = statSync(file, { throwIfNoEntry: false });
  return owner === undefined || stat === undefined ? undefined : `${owner} ${stat.mtimeMs}`;
}

function breakStale(file: string): void {
  const owner = ownerOf(file);
  if (owner !== undefined) takeAway(file, owner);
}

function held(file: string, token: string): Lock {
  const isOurs = (): boolean => ownerOf(file) === token;
  const beat = setInterval(() => {
    if (!isOurs()) return clearInterval(beat);
    try {
      utimesSync(file, new Date(), new Date());
    } catch {
      // It was taken away just now: seen before anything is written.
    }
  }, BEAT_MS);
  beat.unref();
  return {
    assertHeld: () => {
      if (!isOurs()) throw new PlainError(`${file} was taken by another holdpoint. Try again.`);
    },
    release: () => {
      clearInterval(beat);
      if (isOurs()) removeQuietly(file);
    },
  };
}

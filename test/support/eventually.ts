import { setTimeout as sleep } from 'node:timers/promises';

/** Asks again until there is an answer; throws what was missing when it takes too long. */
export async function eventually<T>(
  what: string | (() => string),
  ask: () => T | undefined | false | Promise<T | undefined | false>,
  ms = 10_000,
): Promise<T> {
  const until = Date.now() + ms;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    if (Date.now() > until)
      throw new Error(`waited ${ms} ms in vain for ${typeof what === 'string' ? what : what()}`);
    await sleep(20);
  }
}

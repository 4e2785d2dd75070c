import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { slowLock } from '../../src/platform/slow-lock.ts';
import { newFolder } from '../support/home.ts';

describe('a lock that is held while a network answers', () => {
  it('is held by one at a time, and the others come one after another', async () => {
    const file = join(newFolder(), 'x.lock');
    let inside = 0;
    const most: number[] = [];
    const one = async (): Promise<void> => {
      const lock = await slowLock(file, 10_000);
      inside += 1;
      most.push(inside);
      await new Promise((done) => setTimeout(done, 5));
      lock.assertHeld();
      inside -= 1;
      lock.release();
    };
    await Promise.all(Array.from({ length: 6 }, one));
    expect(most).toEqual(Array(6).fill(1));
    expect(existsSync(file)).toBe(false);
  });

  it('that somebody else took lets nothing be written, and is not taken from them', async () => {
    const file = join(newFolder(), 'x.lock');
    const lock = await slowLock(file, 1_000);
    writeFileSync(file, 'another');
    expect(() => lock.assertHeld()).toThrow(`${file} was taken by another holdpoint. Try again.`);
    lock.release();
    expect(readFileSync(file, 'utf8')).toBe('another');
  });

  it('that is held for longer than anybody waits is named in a sentence', async () => {
    const file = join(newFolder(), 'x.lock');
    const lock = await slowLock(file, 1_000);
    await expect(slowLock(file, 50)).rejects.toThrow(`${file} is held by another holdpoint.`);
    lock.release();
  });
});

import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { resolveHome } from '../../src/platform/home.ts';
import { AppliedWatch, appliedStamp } from '../../src/session/applied-watch.ts';
import { newFolder } from '../support/home.ts';

function watched() {
  const home = resolveHome(newFolder(), {});
  mkdirSync(home.state, { recursive: true });
  const file = join(home.state, 'policies.json');
  const apply = (text: string): void => {
    writeFileSync(`${file}.new`, text);
    renameSync(`${file}.new`, file);
  };
  apply('{}');
  let done: () => void = () => {};
  const read = vi.fn(() => new Promise<void>((settle) => (done = settle)));
  const watch = new AppliedWatch(home, appliedStamp(home), read);
  return { file, apply, read, watch, done: () => done() };
}

describe('what was applied', () => {
  it('is read once for each change of it, and calls wait until it was', async () => {
    const { apply, read, watch, done } = watched();
    expect(watch.look()).toBeUndefined();
    apply('{ }');
    const waits = watch.look();
    expect(watch.look()).toBe(waits);
    expect(read).toHaveBeenCalledTimes(1);
    done();
    await waits;
    expect(watch.look()).toBeUndefined();
    expect(read).toHaveBeenCalledTimes(1);
  });

  it('is read where its file is gone, and no more once a message had it read', () => {
    const { file, read, watch } = watched();
    rmSync(file);
    expect(watch.look()).toBeInstanceOf(Promise);
    const other = watched();
    other.apply('{ }');
    other.watch.noted();
    expect(other.watch.look()).toBeUndefined();
    expect([read.mock.calls.length, other.read.mock.calls.length]).toEqual([1, 0]);
  });
});

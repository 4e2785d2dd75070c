import { describe, expect, it } from 'vitest';
import { Repeats } from '../../../src/audit/writing/repeats.ts';

const LINE = { digest: 'd', bytes: 10 };

describe('a flood of one cause', () => {
  it('gets twenty records of its own in a second, and one that counts the rest', () => {
    const repeats = new Repeats(1_000);
    const alone = Array.from({ length: 1000 }, (_, i) =>
      repeats.take('batch', { digest: `d${i}`, bytes: i }, i / 10),
    );
    expect(alone.filter(Boolean)).toHaveLength(20);
    expect(repeats.pending).toBe(true);
    expect(repeats.settle(500)).toEqual([]);
    expect(repeats.settle(1_000)).toEqual([{ cause: 'batch', digest: 'd999', bytes: 999, count: 980 }]);
    expect(repeats.pending).toBe(false);
  });

  it('does not count another cause, and begins anew a second later', () => {
    const repeats = new Repeats(1_000);
    for (let i = 0; i < 25; i += 1) repeats.take('one', LINE, 0);
    expect(repeats.take('two', LINE, 1)).toBe(true);
    expect(repeats.take('one', LINE, 1_000)).toBe(true);
    expect(repeats.settle(1_000)).toEqual([{ cause: 'one', ...LINE, count: 5 }]);
  });

  it('is counted to the last when the session ends', () => {
    const repeats = new Repeats(1_000);
    for (let i = 0; i < 30; i += 1) repeats.take('one', LINE, 0);
    expect(repeats.settle(1, true)).toEqual([{ cause: 'one', ...LINE, count: 10 }]);
    expect(repeats.settle(2, true)).toEqual([]);
  });
});

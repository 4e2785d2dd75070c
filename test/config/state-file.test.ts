import { fork } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { StateFile } from '../../src/config/state-file.ts';

const file = (): string => join(mkdtempSync('/tmp/hp-state-'), 'x.json');
const counter = (path: string) => new StateFile<{ n: number }>(path, () => ({ n: 0 }));
const WRITER = resolve(import.meta.dirname, '../fixtures/state-writer.mjs');
const BUILT = resolve(import.meta.dirname, '../../dist/config/state-file.js');

describe('a state file', () => {
  it('is empty until it is written, and private then', () => {
    const path = file();
    expect(counter(path).read()).toEqual({ n: 0 });
    counter(path).update((data) => {
      data.n = 7;
    });
    expect(counter(path).read()).toEqual({ n: 7 });
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('leaves the old document and no litter when a change throws', () => {
    const path = file();
    counter(path).update((data) => {
      data.n = 1;
    });
    expect(() =>
      counter(path).update(() => {
        throw new Error('no');
      }),
    ).toThrow('no');
    expect(counter(path).read()).toEqual({ n: 1 });
    expect(readdirSync(join(path, '..'))).toEqual(['x.json']);
  });

  it('breaks a lock that a dead process left long ago', () => {
    const path = file();
    writeFileSync(`${path}.lock`, '');
    utimesSync(`${path}.lock`, new Date(0), new Date(0));
    counter(path).update((data) => {
      data.n = 2;
    });
    expect(counter(path).read()).toEqual({ n: 2 });
  });

  it.skipIf(!existsSync(BUILT))('loses no change of ten processes that write at once', async () => {
    const path = file();
    const writers = Array.from({ length: 10 }, () => fork(WRITER, [BUILT, path, '20']));
    const codes = await Promise.all(writers.map((one) => new Promise((done) => one.once('exit', done))));
    expect(codes).toEqual(Array(10).fill(0));
    expect(counter(path).read()).toEqual({ n: 200 });
  });
});

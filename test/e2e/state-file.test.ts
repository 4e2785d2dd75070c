import { fork } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { StateFile } from '../../src/platform/state-file.ts';

const file = (): string => join(mkdtempSync('/tmp/hp-state-'), 'x.json');
const counter = (path: string) => new StateFile<{ n: number }>(path, () => ({ n: 0 }));
const WRITER = resolve(import.meta.dirname, '../fixtures/state-writer.mjs');
const BUILT = resolve(import.meta.dirname, '../../dist/platform/state-file.js');

describe('a state file of several processes', () => {
  it('loses no change of ten processes that write at once', async () => {
    const path = file();
    const writers = Array.from({ length: 10 }, () => fork(WRITER, [BUILT, path, '50']));
    const codes = await Promise.all(writers.map((one) => new Promise((done) => one.once('exit', done))));
    expect(codes).toEqual(Array(10).fill(0));
    expect(counter(path).read()).toEqual({ n: 500 });
    expect(readdirSync(join(path, '..'))).toEqual(['x.json']);
  });

  it('is whole whenever a writer is killed, and the next one goes on', async () => {
    const path = file();
    counter(path).update((data) => {
      data.n = 1;
    });
    let last = 1;
    for (let round = 0; round < 20; round += 1) {
      const writer = fork(WRITER, [BUILT, path, '1000000']);
      await sleep(60 + round * 7);
      writer.kill('SIGKILL');
      await new Promise((done) => writer.once('exit', done));
      const { data, damage } = counter(path).load();
      expect(damage).toBeUndefined();
      expect(data.n).toBeGreaterThanOrEqual(last);
      last = data.n;
      // The killed writer's lock is taken over once it is old.
      if (existsSync(`${path}.lock`)) utimesSync(`${path}.lock`, new Date(0), new Date(0));
    }
    counter(path).update((data) => {
      data.n = -1;
    });
    expect(counter(path).read()).toEqual({ n: -1 });
  });

  it('loses no change of ten processes that all find the same dead lock', async () => {
    const path = file();
    writeFileSync(`${path}.lock`, 'dead');
    utimesSync(`${path}.lock`, new Date(0), new Date(0));
    const writers = Array.from({ length: 10 }, () => fork(WRITER, [BUILT, path, '10']));
    const codes = await Promise.all(writers.map((one) => new Promise((done) => one.once('exit', done))));
    expect(codes).toEqual(Array(10).fill(0));
    expect(counter(path).read()).toEqual({ n: 100 });
  });
});

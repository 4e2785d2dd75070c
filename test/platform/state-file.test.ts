import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { StateFile } from '../../src/platform/state-file.ts';
import { fifo } from '../support/fifo.ts';

const file = (): string => join(mkdtempSync('/tmp/hp-state-'), 'x.json');
const counter = (path: string) => new StateFile<{ n: number }>(path, () => ({ n: 0 }));

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

  it('that is a pipe is damaged, and keeps nobody waiting', () => {
    const path = file();
    fifo(path);
    expect(counter(path).load()).toMatchObject({ data: { n: 0 }, damage: expect.stringContaining(path) });
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

  it('refuses to write once its lock was taken by somebody else', () => {
    const path = file();
    expect(() =>
      counter(path).update((data) => {
        data.n = 9;
        writeFileSync(`${path}.lock`, 'another');
      }),
    ).toThrow('was taken by another holdpoint');
    expect(existsSync(path)).toBe(false);
    expect(readFileSync(`${path}.lock`, 'utf8')).toBe('another');
  });

  it.for([
    ['not JSON', '{"n":'],
    ['no object', '[1]'],
    ['nothing', ''],
  ])('that holds %s counts as empty, and is set aside whole by the next change', ([, text]) => {
    const path = file();
    writeFileSync(path, text!);
    expect(counter(path).load()).toMatchObject({
      data: { n: 0 },
      damage: expect.stringContaining('is damaged'),
    });
    counter(path).update((data) => {
      data.n += 1;
    });
    expect(counter(path).read()).toEqual({ n: 1 });
    const aside = readdirSync(join(path, '..')).find((name) => name.includes('.corrupt-'));
    expect(readFileSync(join(path, '..', aside!), 'utf8')).toBe(text);
  });
});

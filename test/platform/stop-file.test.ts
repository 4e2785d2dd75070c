import {
  chmodSync,
  chownSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { resolveHome } from '../../src/platform/home.ts';
import { StopFile, stopWords } from '../../src/platform/stop-file.ts';
import { fifo } from '../support/fifo.ts';
import { newFolder } from '../support/home.ts';

const AT = '2026-11-27T10:00:00.000Z';

function made(): { file: StopFile; state: string } {
  const home = resolveHome(newFolder(), {});
  mkdirSync(home.state, { mode: 0o700 });
  return { file: new StopFile(home), state: home.state };
}

describe('the brake', () => {
  it('is off without its file, and without a home', () => {
    expect(made().file.read()).toBeUndefined();
    expect(new StopFile(resolveHome('/tmp/hp-none', {})).read()).toBeUndefined();
  });

  it('is a private file that says who, when and why', () => {
    const { file } = made();
    expect(file.put({ at: AT, by: 'ada', reason: 'It deletes mail' })).toBeUndefined();
    expect(statSync(file.path).mode & 0o777).toBe(0o600);
    expect(file.read()).toEqual({ at: AT, by: 'ada', reason: 'It deletes mail' });
    expect(stopWords(file.read() ?? {}, file.path)).toBe(
      'Everything is stopped since 2026-11-27 10:00 UTC, by ada. Reason: It deletes mail.',
    );
  });

  it('pulled again is as it was', () => {
    const { file } = made();
    file.put({ at: AT, by: 'ada' });
    expect(file.put({ at: '2026-11-28T10:00:00.000Z', by: 'bob' })).toEqual({ at: AT, by: 'ada' });
    expect(file.read()?.by).toBe('ada');
  });

  it('is off once its file is taken away, and taking it away twice is nothing', () => {
    const { file } = made();
    file.put({ at: AT, by: 'ada' });
    file.remove();
    file.remove();
    expect(file.read()).toBeUndefined();
  });

  it.for<[string, (path: string) => void, string]>([
    ['is empty', (path) => writeFileSync(path, ''), 'is empty'],
    ['is no JSON', (path) => writeFileSync(path, '{"at":'), 'is damaged'],
    ['says null', (path) => writeFileSync(path, 'null'), 'is damaged'],
    ['says no time', (path) => writeFileSync(path, '{"at":"soon","by":"ada"}'), 'is damaged'],
    ['is too long', (path) => writeFileSync(path, ' '.repeat(70_000)), 'is longer than'],
    ['is a folder', (path) => mkdirSync(path), 'is no ordinary file'],
    ['is a pipe', (path) => fifo(path), 'is no ordinary file'],
    ['is a link that leads nowhere', (path) => symlinkSync('/nowhere', path), 'cannot be read'],
  ])('is on where its file %s', ([, make, words]) => {
    const { file } = made();
    make(file.path);
    expect(file.read()?.damage).toContain(words);
    expect(stopWords(file.read() ?? {}, file.path)).toContain(`${words}`);
    expect(file.put({ at: AT, by: 'ada' })).toHaveProperty('damage');
  });

  it.skipIf(process.getuid?.() !== 0)('is on where its file is another user’s', () => {
    const { file } = made();
    file.put({ at: AT, by: 'ada' });
    chownSync(file.path, 12_345, 12_345);
    expect(file.read()).toEqual({ damage: 'belongs to another user (uid 12345)' });
  });

  it.skipIf(process.getuid?.() === 0)('is on where nobody may look', () => {
    const { file, state } = made();
    chmodSync(state, 0);
    expect(file.read()?.damage).toContain('cannot be read');
    chmodSync(state, 0o700);
  });

  it('is on where its folder is no folder', () => {
    const { file, state } = made();
    rmSync(state, { recursive: true });
    writeFileSync(state, '');
    expect(file.read()?.damage).toContain('cannot be read');
  });

  it('says nothing that drives a terminal', () => {
    const { file } = made();
    writeFileSync(file.path, JSON.stringify({ at: AT, by: 'a\u001b[2J', reason: 'b\u202ec' }));
    const words = stopWords(file.read() ?? {}, file.path);
    expect(words).toContain('a\\u{001b}[2J');
    expect(words).toContain('b\\u{202e}c');
    expect(readFileSync(join(file.path), 'utf8')).toContain('u001b');
  });
});

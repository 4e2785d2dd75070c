import {
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { PlainError } from '../../src/platform/plain-error.ts';
import { readText, replaceFile as replaceIn } from '../../src/platform/replace-file.ts';
import { fifo } from '../support/fifo.ts';

function file(text: string, mode = 0o640): string {
  const path = join(mkdtempSync('/tmp/hp-replace-'), 'mcp.json');
  writeFileSync(path, text, { mode });
  return path;
}
let backups: string;
beforeEach(() => {
  backups = mkdtempSync('/tmp/hp-backups-');
});
const replaceFile = (path: string, before: string, after: string): string =>
  replaceIn(path, before, after, backups);
const names = (path: string): string[] => readdirSync(join(path, '..')).sort();

describe('replacing a file', () => {
  it('keeps its mode and a backup, and leaves no litter', () => {
    const path = file('before');
    const backup = replaceFile(path, 'before', 'after');
    expect([readFileSync(path, 'utf8'), readFileSync(backup, 'utf8')]).toEqual(['after', 'before']);
    expect(statSync(path).mode & 0o777).toBe(0o640);
    expect(names(path)).toEqual(['mcp.json']);
    expect([statSync(backup).mode & 0o777, join(backup, '..')]).toEqual([0o600, backups]);
  });

  it('never overwrites an earlier backup', () => {
    const path = file('1');
    const backups = [replaceFile(path, '1', '2'), replaceFile(path, '2', '3'), replaceFile(path, '3', '4')];
    expect(new Set(backups).size).toBe(3);
    expect(backups.map((one) => readFileSync(one, 'utf8'))).toEqual(['1', '2', '3']);
  });

  it('refuses a file that somebody else has changed meanwhile, and changes nothing', () => {
    const path = file('changed');
    expect(() => replaceFile(path, 'as it was read', 'after')).toThrow('changed by somebody else');
    expect([readFileSync(path, 'utf8'), names(path)]).toEqual(['changed', ['mcp.json']]);
  });

  it('writes a file of two names in place, so that both keep it', () => {
    const path = file('before');
    const other = join(path, '../dotfile.json');
    linkSync(path, other);
    for (const text of ['a longer text than before', 'short', '']) {
      replaceFile(path, readFileSync(path, 'utf8'), text);
      expect([readFileSync(other, 'utf8'), statSync(path).nlink]).toEqual([text, 2]);
    }
    expect(readdirSync(backups)).toHaveLength(3);
  });

  it('writes nothing in place where the file is another by then, and says so', () => {
    const path = file('before');
    linkSync(path, join(path, '../dotfile.json'));
    expect(() => replaceFile(path, 'what it was', 'after')).toThrow('changed by somebody else');
    expect(readFileSync(path, 'utf8')).toBe('before');
  });

  it('leaves the mode of the file, and a link keeps leading to what was written', () => {
    const path = file('before', 0o600);
    const link = join(mkdtempSync('/tmp/hp-replace-'), 'link.json');
    symlinkSync(path, link);
    const backup = replaceFile(link, 'before', 'after');
    expect([lstatSync(link).isSymbolicLink(), readFileSync(path, 'utf8')]).toEqual([true, 'after']);
    expect([path, backup].map((one) => statSync(one).mode & 0o777)).toEqual([0o600, 0o600]);
  });

  it('takes other bytes for a change, though they read as the same text', () => {
    const path = file('');
    writeFileSync(path, Buffer.from([0xff]));
    expect(() => replaceFile(path, '\ufffd', 'after')).toThrow('changed by somebody else');
    expect(readFileSync(path)).toEqual(Buffer.from([0xff]));
  });

  it('refuses a pipe, which would keep it waiting, and a folder', () => {
    const path = file('x');
    const pipe = join(path, '../pipe.json');
    fifo(pipe);
    expect(() => readText(pipe)).toThrow('is no ordinary file');
    expect(() => readText(join(path, '..'))).toThrow('is no ordinary file');
  });

  it('says in a sentence what cannot be read', () => {
    expect(() => readText('/tmp')).toThrow(PlainError);
    expect(() => readText('/tmp/hp-none/mcp.json')).toThrow('cannot be read');
  });

  it('never lets a name drive the terminal that reads of the failure', () => {
    const folder = join(mkdtempSync('/tmp/hp-replace-'), '\u001b[2J');
    expect(() => readText(join(folder, 'mcp.json'))).toThrow(/^[^\u001b]*$/);
    mkdirSync(folder);
    backups = join(folder, 'none');
    const path = join(folder, 'x'.repeat(250));
    writeFileSync(path, 'before');
    expect(() => replaceFile(path, 'before', 'after')).toThrow(/^No backup [^\u001b]*$/);
    expect([readFileSync(path, 'utf8'), readdirSync(folder)]).toEqual(['before', ['x'.repeat(250)]]);
  });

  it('refuses to read what it could not write back byte for byte', () => {
    const path = file('');
    writeFileSync(path, Buffer.from([0x7b, 0xff, 0x7d]));
    expect(() => readText(path)).toThrow('not valid UTF-8');
  });
});

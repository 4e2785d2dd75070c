import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readBeside } from '../../../src/watch/beside/read-beside.ts';
import { fifo } from '../../support/fifo.ts';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'beside-'));
  writeFileSync(join(folder, 'a.txt'), '\ufeffeins\nzwei ä\n');
  symlinkSync('a.txt', join(folder, 'link'));
  symlinkSync('link-to-itself', join(folder, 'link-to-itself'));
  mkdirSync(join(folder, 'sub'));
  fifo(join(folder, 'fifo'));
  writeFileSync(join(folder, 'most'), 'x'.repeat(1024 * 1024));
  writeFileSync(join(folder, 'huge'), 'x'.repeat(1024 * 1024 + 1));
  writeFileSync(join(folder, 'bytes'), Buffer.from([0xff, 0xfe, 0x41]));
  writeFileSync(join(folder, 'nul'), 'a\0b');
});

afterAll(() => rmSync(folder, { recursive: true }));

describe('the file beside a call', () => {
  it('is read by a path of its own, one relative to the folder, and by a link', async () => {
    const text = '\ufeffeins\nzwei ä\n';
    for (const path of ['a.txt', './sub/../a.txt', join(folder, 'a.txt'), 'link'])
      expect(await readBeside(folder, path)).toEqual({ text });
    expect(await readBeside(folder, 'most')).toEqual({ text: 'x'.repeat(1024 * 1024) });
  });

  it.each([
    ['new.txt', 'new.txt does not exist on this machine: it would be new.'],
    ['a.txt/b', 'a.txt/b does not exist on this machine: it would be new.'],
    ['sub', 'sub is a folder on this machine.'],
    ['fifo', 'fifo is no plain file on this machine, so it is not read.'],
    ['/dev/zero', '/dev/zero is no plain file on this machine, so it is not read.'],
    ['/dev/tty', '/dev/tty is no plain file on this machine, so it is not read.'],
    ['/proc/self/environ', '/proc/self/environ is no plain file on this machine, so it is not read.'],
    ['huge', 'huge is longer than 1 MiB on this machine, so it is not compared.'],
    ['bytes', 'bytes is no text on this machine.'],
    ['nul', 'nul is no text on this machine.'],
    ['link-to-itself', 'link-to-itself could not be read on this machine.'],
    ['~/a.txt', '~/a.txt is not compared: only its server knows which file that is.'],
    ['file:///etc/hosts', 'file:///etc/hosts is not compared: only its server knows which file that is.'],
    ['a\0b', 'a\\u{0000}b is not compared: only its server knows which file that is.'],
    ['new\u202e.txt', 'new\\u{202e}.txt does not exist on this machine: it would be new.'],
  ])('named %j is not read, and why is said', async (path, why) => {
    expect(await readBeside(folder, path)).toEqual({ why });
  });

  it('is not looked for where the server runs elsewhere', async () => {
    expect(await readBeside(null, '/etc/hosts')).toEqual({
      why: 'The server runs elsewhere, so no file of this machine is compared.',
    });
  });

  it('that cannot be read in time is let go of, and so is a reader that breaks', async () => {
    const idle = (): Worker => new Worker('setInterval(() => {}, 1000)', { eval: true });
    expect(await readBeside(folder, 'a.txt', idle)).toEqual({
      why: 'a.txt was not read on this machine: that took too long.',
    });
    const busy = (): Worker => new Worker('for (;;);', { eval: true });
    expect(await readBeside(folder, 'a.txt', busy)).toEqual({
      why: 'a.txt was not read on this machine: that took too long.',
    });
    const broken = (): Worker => new Worker('throw new Error("no")', { eval: true });
    expect(await readBeside(folder, 'a.txt', broken)).toEqual({
      why: 'a.txt could not be read on this machine.',
    });
  });
});

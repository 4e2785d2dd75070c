import { chmodSync, lstatSync, mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ensurePrivateFolder, resolveHome, resolveRunHome } from '../../src/platform/home.ts';

describe('the holdpoint home', () => {
  it.for([
    ['/a', { HOLDPOINT_HOME: '/b' }, '/a'],
    [undefined, { HOLDPOINT_HOME: '/b' }, '/b'],
    [undefined, {}, join(homedir(), '.holdpoint')],
    [undefined, { XDG_CONFIG_HOME: '/x', XDG_STATE_HOME: '/y' }, join(homedir(), '.holdpoint')],
  ] as const)('with --home %s and %j is %s', ([flag, env, root]) => {
    expect(resolveHome(flag, env).root).toBe(root);
  });

  it('is relative only where a person typed it', () => {
    expect(resolveHome('a/b', {}).root).toBe(join(process.cwd(), 'a/b'));
    for (const path of ['rel', './rel', '../rel', '~/.holdpoint', '.']) {
      expect(() => resolveHome(undefined, { HOLDPOINT_HOME: path })).toThrow('is not an absolute path');
      expect(() => resolveRunHome(undefined, { HOLDPOINT_HOME: path })).toThrow('is not an absolute path');
      expect(() => resolveRunHome(path, {})).toThrow('is not an absolute path');
    }
    expect(resolveRunHome('/a', { HOLDPOINT_HOME: 'rel' }).root).toBe('/a');
  });

  it.for(['', 'rel'])('is not taken from a HOME of %j', (value) => {
    const before = process.env['HOME'];
    process.env['HOME'] = value;
    try {
      expect(() => resolveHome(undefined, {})).toThrow('(HOME) is not an absolute path');
    } finally {
      if (before === undefined) delete process.env['HOME'];
      else process.env['HOME'] = before;
    }
  });

  it('is never an empty path', () => {
    expect(() => resolveHome('', {})).toThrow('empty path');
    expect(() => resolveHome(undefined, { HOLDPOINT_HOME: '' })).toThrow('empty path');
  });
});

describe('a private folder', () => {
  const folder = mkdtempSync('/tmp/hp-home-');

  it('is made so that only its owner can enter', () => {
    ensurePrivateFolder(join(folder, 'a/b'));
    expect(lstatSync(join(folder, 'a/b')).mode & 0o777).toBe(0o700);
  });

  it('that others could enter is closed', () => {
    const path = join(folder, 'open');
    mkdirSync(path);
    chmodSync(path, 0o777);
    ensurePrivateFolder(path);
    expect(lstatSync(path).mode & 0o777).toBe(0o700);
  });

  it('that is a link or a file is refused', () => {
    symlinkSync(folder, join(folder, 'link'));
    writeFileSync(join(folder, 'file'), '');
    expect(() => ensurePrivateFolder(join(folder, 'link'))).toThrow('not a folder');
    expect(() => ensurePrivateFolder(join(folder, 'file'))).toThrow(/not a folder|EEXIST/);
  });
});

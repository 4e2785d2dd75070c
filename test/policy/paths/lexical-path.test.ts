import { posix } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readings, written } from '../../../src/policy/paths/lexical-path.ts';

const all = (text: string): string[] => readings(text).map(written);

describe('a path read by its letters', () => {
  it.for([
    ['/a/./b//c/../d/', ['/a/b/d']],
    ['/../x', ['/x']],
    ['a/../../b', ['../b']],
    ['./.env/.', ['.env']],
    ['', ['.']],
    ['~/x/..', ['~']],
    ['$HOME/../x', ['~/../x']],
    ['\u0024{home}/x', ['~/x']],
    ['~ada/x', ['~ada/x']],
    ['FILE:///a/%2Eb', ['/a/.b']],
    ['file://host/a', ['/a']],
    ['file:/a', ['/a']],
    ['%2enpmrc', ['.npmrc']],
    ['/proc/self/root/a', ['/a']],
    ['/proc/self/cwd/a', ['a']],
    ['/a/%zz', ['/a/%zz']],
    ['C:\\x\\y', ['C:/x/y']],
  ] as const)('%s is %j, by every reader', ([text, wanted]) => {
    expect(all(text)).toEqual(wanted);
  });

  it.for([
    ['a/%2e%2e/b', ['b', 'a/../b']],
    ['/a\\..\\b', ['/b', '/a/../b']],
    ['%2fa', ['/a', 'a']],
    ['/proc/7/root/a', ['/a', '/proc/7/root/a']],
    ['/proc/self/cwd/../../a', ['../../a', '/proc/a']],
  ] as const)('%s is %j, by who reads it', ([text, wanted]) => {
    expect(all(text)).toEqual(wanted);
  });

  it.for(['/dev/fd/3', '/proc/self/fd/3', '/proc/7/task/8/fd/9/x', '/proc/7/cwd', 'a\0b', 'a%00b'])(
    '%s is no file that anybody can tell',
    (text) => {
      expect(readings(text)[0]?.unknown).toBeDefined();
    },
  );

  it('is, without what readers disagree about, what Node resolves', () => {
    const parts = fc.array(fc.constantFrom('a', 'b.c', '.', '..', ''), { maxLength: 8 });
    fc.assert(
      fc.property(parts, fc.boolean(), (some, rooted) => {
        const text = `${rooted ? '/' : ''}${some.join('/')}`;
        fc.pre(rooted || !text.startsWith('/'));
        const normal = posix.normalize(text);
        expect(all(text)).toEqual([normal.length > 1 ? normal.replace(/\/$/, '') : normal]);
      }),
    );
  });
});

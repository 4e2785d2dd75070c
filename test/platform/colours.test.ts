import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { showsColours } from '../../src/platform/colours.ts';

const SRC = resolve(import.meta.dirname, '../../src');

describe('colours', () => {
  it.each([
    [true, {}, true],
    [true, { NO_COLOR: '' }, true],
    [true, { NO_COLOR: '1' }, false],
    [true, { NO_COLOR: '0' }, false],
    [true, { TERM: 'dumb' }, false],
    [false, {}, false],
    [false, { FORCE_COLOR: '1' }, false],
  ])('on a terminal %s with %j: %s', (isTTY, env, wanted) => {
    expect(showsColours({ isTTY }, env)).toBe(wanted);
  });

  it('are decided and written in one place, and by Ink', () => {
    const found = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.tsx?$/.test(name))
      .filter((name) => {
        const code = readFileSync(join(SRC, name), 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '');
        return /NO_COLOR|FORCE_COLOR|styleText|hasColors|(?:\\u001b|\\x1b|\\u\{1b\})\[(?:[\d;]|\$\{[^}]*\})*m/.test(
          code,
        );
      });
    expect(found).toEqual(['platform/colours.ts']);
  });
});

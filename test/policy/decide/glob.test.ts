import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expandBraces, globMatches, targetOf } from '../../../src/policy/decide/glob.ts';

/** The same language by way of a regular expression: slow, but plainly right. */
function byRegExp(pattern: string, text: string): boolean {
  const source = [...pattern].map((c) =>
    c === '*' ? '[\\s\\S]*' : c === '?' ? '[\\s\\S]' : c.replace(/[\\^$.|+()[\]{}]/g, '\\$&'),
  );
  return new RegExp(`^${source.join('')}$`).test(text);
}

describe('a glob', () => {
  it('matches what the equal regular expression matches', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'b', '/', '.'), maxLength: 8 });
    const patterns = fc.string({ unit: fc.constantFrom('a', 'b', '/', '*', '?'), maxLength: 8 });
    fc.assert(
      fc.property(patterns, letters, (pattern, text) => {
        expect(globMatches(pattern, text)).toBe(byRegExp(pattern, text));
      }),
      { numRuns: 5000 },
    );
  });

  it('takes no exponential time, however hostile', () => {
    // Exponential would not end before the test's own time-out.
    expect(globMatches(`${'*a'.repeat(120)}b`, 'a'.repeat(5000))).toBe(false);
  });

  it.for([
    ['a{b,c}d', ['abd', 'acd']],
    ['{a,b}/{c,d}', ['a/c', 'a/d', 'b/c', 'b/d']],
    ['plain', ['plain']],
    ['{a', undefined],
    ['a}', undefined],
    ['{a,{b,c}}', undefined],
  ] as const)('%s expands to %j', ([pattern, wanted]) => {
    expect(expandBraces(pattern)).toEqual(wanted);
  });

  it('splits server from tool at the first slash', () => {
    expect(targetOf('fs/a/b')).toEqual({ server: 'fs', tool: 'a/b' });
    expect(targetOf('read_*')).toEqual({ server: '*', tool: 'read_*' });
  });
});

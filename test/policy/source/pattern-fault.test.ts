import { describe, expect, it } from 'vitest';
import { patternFault } from '../../../src/policy/source/pattern-fault.ts';

const ONLY = 'only * ? and {a,b} have a meaning here. Where a name holds it, write ? in its place.';

describe('a pattern', () => {
  it.for([
    'My Server (prod)/*',
    'My Server (prod)/{get,put}_x',
    '{My Server,fs (old)}/read_*',
    '日本語　サーバ/x',
    'Hello!/x',
    'a,b/x',
    'a|b/x',
    'My?Server??prod?/x',
  ])('of tools may be %j', (pattern) => {
    expect(patternFault(pattern, 'tool')).toBeUndefined();
  });

  it.for(['Visual Studio Code', 'claude-ai (via mcp-remote 0.1.37)', 'a/b', 'CI bot*'])(
    'of names may be %j',
    (pattern) => {
      expect(patternFault(pattern, 'name')).toBeUndefined();
    },
  );

  it.for([
    ['github/[a-z]*', '['],
    ['fs/a\\*', '\\'],
    ['!fs/x', '!'],
    ['fs/!x', '!'],
    ['!(fs)/x', '!'],
    ['x!(fs)/x', '!'],
    ['(fs|gh)/x', '|'],
    ['fs/(a)', '('],
    ['fs/get x', ' '],
    ['get x', ' '],
    ['fs/a fs/b', ' '],
    [' fs/x', ' '],
    ['fs /x', ' '],
    ['fs/ x', ' '],
    ['a\nb/x', '\n'],
  ] as const)('%j is refused for its %j, with the way out', ([pattern, letter]) => {
    expect(patternFault(pattern, 'tool')).toBe(`The pattern holds ${JSON.stringify(letter)}; ${ONLY}`);
  });

  it.for(['fs/a, fs/b', 'fs, gh/x', '{a, b}/x'])('%j is told to be a list', (pattern) => {
    for (const of of ['tool', 'name'] as const)
      expect(patternFault(pattern, of)).toBe(
        'The pattern holds a comma and a blank: write several patterns as a list.',
      );
  });
});

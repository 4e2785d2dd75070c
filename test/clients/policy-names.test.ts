import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readConfig } from '../../src/clients/config-file.ts';
import { policyNames } from '../../src/clients/policy-names.ts';
import { wrapText } from '../../src/clients/wrap.ts';
import { decide } from '../../src/policy/decide/decide.ts';
import { deriveServerName } from '../../src/policy/naming/server-name.ts';
import { readRunOptions } from '../../src/session/run-options.ts';
import { placeOf } from '../support/client-configs.ts';
import { callOf, compiled, FACTS } from '../support/policy.ts';

const TOOL = 'read_file';

/** The names under which `run` starts the servers of a file that was wrapped. */
function written(keys: readonly string[]): string[] {
  const mcpServers = Object.fromEntries(keys.map((key) => [key, { command: 'npx', args: ['bank-mcp'] }]));
  const config = readConfig('/c.json', JSON.stringify({ mcpServers }), placeOf());
  const wrapper = {
    command: 'holdpoint',
    words: (server: string) => ['run', ...(server === '' ? [] : ['--server', server])],
  };
  const after = readConfig('/c.json', wrapText(config, config.entries, wrapper, undefined), placeOf());
  return keys.map((key) => {
    const [, , ...words] = after.entries.find(({ name }) => name === key)?.command ?? [];
    const { server, command } = readRunOptions(words);
    return server ?? deriveServerName(command).name;
  });
}

async function meets(name: string, called: string): Promise<boolean> {
  const policy = await compiled({ deny: [`${name}/${TOOL}`], allow: ['*'] });
  return decide(callOf(called, TOOL), policy, FACTS).effect === 'deny';
}

const ODD = [
  'My Server (prod)',
  'My Server [prod]',
  'a/b',
  'io.github.example/browser-mcp',
  '@scope/x',
  '日本語　サーバ',
  'Привет',
  'a*b',
  '*',
  '?',
  '{a,b}',
  'a,b',
  'a, b',
  '[!x]',
  '!x',
  'x!(y)',
  '(a|b)',
  'back\\slash',
  'tab\there',
  'line\nend',
  ' around ',
  '   ',
  '/',
  '-x',
  '--server',
  '--',
  '=',
  'a=b',
  '"quoted"',
  "it's",
  '#1',
  '$HOME',
  '%20',
  '~',
  '.',
  '..',
  '...',
  '__proto__',
  'constructor',
  'toString',
  '\u202eevil',
  'zero\u200bwidth',
  'e\u0301',
  '👩‍👩‍👧',
  'a\u00a0b',
  '<b>',
  'mcp__x__y',
  'x'.repeat(400),
  '😀'.repeat(200),
  'a:b',
  'a&b;c',
  '\ud800',
  '{',
  '}',
  ']',
  '(',
  ')',
  'a+(b)',
  'a@(b)',
];
const LETTERS = [
  ...'abXY09 _-.,:;!?*/\\|()[]{}@+#$%&=~\'"<>^`\t\né日が\u3000\u00a0\u200b\u202e',
  '😀',
  ', ',
  '!(',
];

describe('the name that wrap writes', () => {
  it('gives a pattern that is valid and meets the tool of that server alone, whatever its key', {
    timeout: 60_000,
  }, async () => {
    const made = fc.sample(fc.string({ unit: fc.constantFrom(...LETTERS), minLength: 1, maxLength: 14 }), {
      numRuns: 260,
      seed: 12,
    });
    const keys = [...new Set([...ODD, ...made])];
    const names = written(keys);
    expect(keys.length).toBeGreaterThan(300);
    for (const [at, name] of names.entries()) {
      expect(await meets(name, name), JSON.stringify([keys[at], name])).toBe(true);
      for (const other of [
        `${name}x`,
        `x${name}`,
        name.replace(/.$/su, 'ß'),
        names[(at + 1) % names.length] ?? '',
      ])
        if (other !== name) expect(await meets(name, other), JSON.stringify([name, other])).toBe(false);
    }
  });

  it('is the key itself wherever a pattern can hold that', () => {
    const keys = [
      'github',
      'My Server (prod)',
      'Привет',
      '@scope-x',
      'a.b',
      'a,b',
      "it's",
      '日本語',
      'mcp & co: #1',
      'Hello!',
    ];
    expect(written(keys)).toEqual(keys);
  });

  it.for([
    [
      ['a/b', 'a-b'],
      ['a-b-2', 'a-b'],
    ],
    [
      ['a/b', 'a*b', 'a?b'],
      ['a-b', 'a-b-2', 'a-b-3'],
    ],
    [
      ['My Server [prod]', 'My Server (prod)'],
      ['My Server (prod)-2', 'My Server (prod)'],
    ],
    [['io.github.example/browser-mcp'], ['io.github.example-browser-mcp']],
    [['  x '], ['x']],
  ] as const)('of %j are %j: no two servers of a file share one', ([keys, names]) => {
    expect(written(keys)).toEqual(names);
  });

  it('leaves those alone that wrapped servers have', () => {
    const text = JSON.stringify({
      mcpServers: {
        'a/b': { command: 'x' },
        q: { command: 'holdpoint', args: ['run', '--server', 'a-b', '--', 'x'] },
      },
    });
    const names = policyNames(readConfig('/c.json', text, placeOf()).entries);
    expect([...names].map(([entry, name]) => [entry.name, name])).toEqual([
      ['q', 'a-b'],
      ['a/b', 'a-b-2'],
    ]);
  });
});

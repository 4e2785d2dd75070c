import { describe, expect, it } from 'vitest';
import { compileLayer, formatOf } from '../../../src/policy/source/compile.ts';
import type { Format } from '../../../src/policy/source/source-tree.ts';

const LONGEST = 256 * 1024;
/** Far beyond what counts allow (some 150 ms), far below what any of these took before they were counted. */
const PATIENCE_MS = 2_000;

/** A piece again and again behind a head, up to the longest text that is read. */
const fill = (piece: string, head = ''): string =>
  head + piece.repeat(Math.floor((LONGEST - head.length) / piece.length));
const deny = (piece: string): string => fill(piece, 'version: 1\ndeny:\n');
const list = (count: number, line: (n: number) => string): string =>
  `version: 1\nallow:\n${Array.from({ length: count }, (_, n) => line(n)).join('\n')}\n`;

async function said(text: string, format: Format): Promise<string> {
  const before = performance.now();
  const { problems = [] } = await compileLayer(text, format);
  expect(performance.now() - before).toBeLessThan(PATIENCE_MS);
  const told = problems.map(({ line, message }) => `line ${line}: ${message}`).join('\n');
  expect(told.length).toBeLessThan(100_000);
  return told;
}

describe('a policy in YAML is refused before it is parsed', () => {
  it.for([
    ['brackets', '['.repeat(2_000) + ']'.repeat(2_000), 'line 1: The file is nested more than 64 deep'],
    ['braces', `a: ${'{x: '.repeat(2_000)}`, 'line 1: The file is nested more than 64 deep'],
    ['brackets behind brackets that a text closes', fill('["]", '), 'nested more than 64 deep'],
    ['lists in lists on one line', fill('- '), 'line 1: The file is nested more than 64 deep'],
    ['keys in keys on one line', fill('a: '), 'line 1: The file is nested more than 64 deep'],
    ['questions', fill('? '), 'nested more than 64 deep'],
    [
      'an indentation that grows',
      Array.from({ length: 700 }, (_, n) => `${' '.repeat(n)}a:`).join('\n'),
      'line 65: The file is nested more than 64 deep',
    ],
    ['10,000 items', list(10_000, (n) => `  - a${n}/b`), 'more than 5,000 items'],
    ['20,000 items', fill('  - a/b\n', 'version: 1\nallow:\n'), 'line 26667: The file has more than'],
    ['many items in brackets', fill('a/b, ', 'version: 1\nallow: ['), 'more than 30,000 keys'],
    ['many keys', Array.from({ length: 31_000 }, (_, n) => `${n}:`).join('\n'), 'The file has more than'],
    ['many anchors', fill('&a '), 'The file has more than'],
    ['many tags', fill('!a ', '{'), 'The file has more than'],
    ['many aliases', fill('- *a\n'), 'The file has more than'],
    ['quotes', '"'.repeat(LONGEST), 'The file has more than'],
    ['many comments', fill('#\n'), 'The file has more than 80,000 words, marks and line ends'],
    ['empty lines', '\n'.repeat(LONGEST), 'The file has more than'],
    ['many documents', fill('---\n'), 'several YAML documents'],
    ['more than 256 KiB', ' '.repeat(LONGEST + 1), 'longer than 256 KiB'],
  ] as const)('for %s', async ([, text, message]) => {
    expect(await said(text, 'yaml')).toContain(message);
  });

  it.for([
    ['5,000 items', list(5_000, (n) => `  - a${n}/b`)],
    ['4,000 objects', list(4_000, (n) => `  - {tool: "a${n}/b", id: "i${n}"}`)],
    ['60 levels of brackets in a text', `version: 1\ndeny:\n  - {tool: a, reason: "${'['.repeat(200)}"}\n`],
    ['brackets in a comment', `# ${'['.repeat(500)}\nversion: 1\n`],
    [
      'brackets in a block',
      `version: 1\ndeny:\n  - tool: a\n    reason: >-\n      ${'['.repeat(200)}\n  - tool: b\n`,
    ],
    ['5,000 lines of comments', `${'# why\n'.repeat(5_000)}version: 1\n`],
  ] as const)('but not for %s', async ([, text]) => {
    expect(await said(text, 'yaml')).toBe('');
  });
});

describe('a policy in JSON is refused before it is parsed', () => {
  it.for([
    ['brackets', '['.repeat(LONGEST), 'line 1: The file is nested more than 64 deep'],
    [
      'brackets behind a comment that closes as many',
      `// ${']'.repeat(3_000)}\n${'['.repeat(3_000)}`,
      'nested more',
    ],
    ['brackets behind texts that close as many', fill('["]",'), 'nested more than 64 deep'],
    ['brackets closed by others', fill('[},'), 'nested more than 64 deep'],
    ['many items', fill('"a/b",', '{"version":1,"allow":['), 'The file has more than 30,000 keys'],
    [
      '10,000 items',
      `{"version":1,"allow":[${Array(10_000).fill('"a/b"').join()}]}`,
      'more than 5,000 items',
    ],
    [
      'items of three lists',
      `{"version":1,${['deny', 'escalate', 'allow'].map((name) => `"${name}":[${Array(2_000).fill('"a/b"').join()}]`)}}`,
      'more than 5,000 items in deny, escalate and allow together',
    ],
  ] as const)('for %s', async ([, text, message]) => {
    expect(await said(text, 'json')).toContain(message);
  });
});

describe('a policy with thousands of mistakes', () => {
  it.for([
    ['items that are numbers', deny('- 5\n').slice(0, 20_000), 101],
    ['unknown keys of items', deny('- {x: 1}\n').slice(0, 35_001), 101],
    ['unknown keys', Array.from({ length: 9_000 }, (_, n) => `k${n}: 1`).join('\n'), 101],
    ['keys that stand twice', 'version: 1\n'.repeat(9_000), 100],
    ['anchors', list(4_000, () => '  - &a x'), 100],
  ] as const)('is told of the first hundred: %s', async ([, text, count]) => {
    const { problems = [] } = await compileLayer(text, 'yaml');
    expect(problems).toHaveLength(count);
    await said(text, 'yaml');
  });

  it('is not told of a key of a quarter of a megabyte letter by letter', async () => {
    for (const [text, format] of [
      [`${'k'.repeat(LONGEST - 10)}: 1`, 'yaml'],
      [`{"${'k'.repeat(LONGEST - 10)}":1}`, 'json'],
    ] as const)
      expect((await said(text, format)).length).toBeLessThan(500);
  });
});

describe('the kind of a text', () => {
  it('is found in one pass, however comments could be cut', () => {
    const before = performance.now();
    for (const piece of ['/**/', '//\n', ' \n', '/* */ ', '/*'])
      expect(formatOf('.policyrc', `${fill(piece)}x`)).toBe('yaml');
    expect(performance.now() - before).toBeLessThan(PATIENCE_MS);
    expect(formatOf('.policyrc', '\ufeff /* a */ // b\n {}')).toBe('json');
    expect(formatOf('.policyrc', '')).toBe('json');
    expect(formatOf('.policyrc', '# a\nversion: 1')).toBe('yaml');
  });
});

describe('a text made of what parsers stumble over', () => {
  const PIECES = [
    ...'[]{}:,-?!&*#|>%@`"\'\\ \n\t\r',
    ...[
      '- ',
      ': ',
      '? ',
      '\n- ',
      '\n  ',
      'a: ',
      '---\n',
      '...\n',
      '&a ',
      '!!x ',
      '*a',
      '"a"',
      "'b'",
      '\u001f',
      '\u0002',
    ],
    ...[
      '|\n ',
      '>-\n  ',
      '<<: ',
      '{"a":',
      '[1,',
      '//',
      '/*',
      '*/',
      '\ufeff',
      '\u0000',
      '🙂',
      'version: 1\n',
      '\\u0041',
    ],
  ];
  /** Small and the same on every machine. */
  const random = (seed: number): ((below: number) => number) => {
    let state = seed;
    return (below) => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
      return Math.floor((state / 2 ** 32) * below);
    };
  };

  it('is read or refused in a sentence, and soon', async () => {
    for (let seed = 1; seed <= 120; seed += 1) {
      const below = random(seed);
      const some = Array.from({ length: 1 + below(4) }, () => PIECES[below(PIECES.length)] ?? '');
      const head = Array.from({ length: below(6) }, () => PIECES[below(PIECES.length)]).join('');
      const text = head + fill(some.join('')).slice(0, LONGEST - head.length);
      await said(text, seed % 2 === 0 ? 'yaml' : 'json');
      await said(text.slice(0, 4_000), 'yaml');
    }
  }, 120_000);
});

import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { parse } from 'yaml';
import { wrapping } from '../../support/client-configs.ts';

const LIMIT = { key: 'timeout', unit: 's', usual: 300 } as const;
const goose = wrapping({ format: 'yaml', servers: [['extensions']], spelling: 'cmd' }, LIMIT);
const list = wrapping({ format: 'yaml', list: true });

const GOOSE: [string, string][] = [
  [
    'block style',
    'GOOSE_MODEL: gpt # mine\nextensions:\n  a:\n    name: a\n    type: stdio\n    cmd: npx # the starter\n    args:\n      - -y # yes\n      - "x"\n    timeout: 300\n    envs: {}\n',
  ],
  [
    'a list in the column of its key',
    'extensions:\n  a:\n    cmd: npx\n    args:\n    - -y\n    -   x\n    envs: {}\n',
  ],
  ['no args', 'extensions:\n  a:\n    cmd: uvx   # c\n    type: stdio\n'],
  ['no args, last line without an end', 'extensions:\n  a:\n    cmd: uvx'],
  ['empty flow args', "extensions:\n  a:\n    args: []\n    cmd: 'it''s'\n"],
  ['flow args', 'extensions:\n  a:\n    args: [ -y, "x",  ]\n    cmd: "npx"\n'],
  ['all flow', '{extensions: {a: {cmd: npx, args: [x]}, b: {cmd: y}}}\n'],
  [
    'flow over lines',
    'extensions: {\n  a: { cmd: npx, # c\n    args: [ # d\n      x, # e\n      y\n    ] }\n}\n',
  ],
  ['carriage returns', 'extensions:\r\n  a:\r\n    cmd: npx\r\n    args:\r\n      - x\r\n'],
  ['a byte order mark', '\ufeffextensions:\n  a:\n    cmd: npx\n    args:\n      - x\n'],
  [
    'a document mark and comments',
    '# top\n---\nextensions:\n  # which\n  a:\n    cmd: npx\n    args:\n      # why\n      - x\n# end\n',
  ],
  [
    'a time-out that was raised before',
    'extensions:\n  a:\n    cmd: npx\n    args: [x]\n    timeout: 3600\n',
  ],
  ['a time-out that is a fraction', 'extensions:\n  a:\n    cmd: npx\n    args: [x]\n    timeout: 1.5\n'],
];

/** Each line is ten times the one before. */
const bombs = (lines: number): string =>
  Array.from(
    { length: lines },
    (_, at) => `${letter(at + 1)}: &${letter(at + 1)} [${Array(10).fill(`*${letter(at)}`)}]\n`,
  ).join('');
const letter = (at: number): string => String.fromCharCode(97 + at);

describe('a YAML configuration', () => {
  it.for([
    'a: *hunter2secret\n',
    'a: !hunter2secret x\n',
    'a: !a!hunter2secret x\n',
    'a: !<hunter2secret> x\n',
    'a: !hunter2secret! x\n',
    '%hunter2secret x\n---\na: 1\n',
    'a: |hunter2secret\n  x\n',
    'a: "\\Uhunter2secret"\n',
    'a: [b]hunter2secret\n',
    'a: {b: c}\n  hunter2secret\n',
    'a: !!omap [{x: 1}, {hunter2secret: 1}, {hunter2secret: 2}]\n',
  ])('that is broken is named by line and column, without a word of it: %j', (text) => {
    expect(() => goose.read(text)).toThrow(/^(?!.*hunter2).*:\d+:\d+ is not YAML \((?:(?!hunter2).)+\);/);
  });

  it('with an entry that others are aliases of is left, for all of them would change', () => {
    const text = 'extensions:\n  a: &m\n    cmd: npx\n    args: [x]\n  b: *m\n';
    expect(() => goose.wrap(text)).toThrow('cannot be edited safely');
  });

  it('says nothing of its own: a warning of the parser would quote the file', () => {
    const warned = vi.spyOn(process, 'emitWarning');
    goose.read('{ a: token }: 1\nextensions:\n  a: {cmd: x}\n');
    expect(warned).not.toHaveBeenCalled();
  });

  it.for(GOOSE)('has its bytes again after wrap and unwrap: %s', ([, text]) => {
    const wrapped = goose.wrap(text);
    expect(goose.read(wrapped).entries.filter(({ state }) => state !== 'wrapped')).toEqual([]);
    expect(goose.wrap(wrapped)).toBe(wrapped);
    expect(goose.unwrap(wrapped)).toBe(text);
  });

  it('is changed in the command, its list and its time limit alone', () => {
    const text = GOOSE[0]?.[1] ?? '';
    const before = parse(text);
    const after = parse(goose.wrap(text));
    expect(after.extensions.a.cmd).toBe('/usr/bin/node');
    expect(after.extensions.a.args.slice(-4)).toEqual(['--', 'npx', '-y', 'x']);
    expect(after.extensions.a.timeout).toBe(1800);
    for (const key of ['cmd', 'args', 'timeout']) {
      delete before.extensions.a[key];
      delete after.extensions.a[key];
    }
    expect(after).toEqual(before);
    expect(goose.wrap(text)).toContain('# the starter');
  });

  it('whose servers are a list is wrapped by their names', () => {
    const text =
      'name: mine\nmcpServers:\n  - name: a\n    command: npx\n    args:\n      - x\n  - command: uvx\n    name: b\n';
    expect(list.unwrap(list.wrap(text))).toBe(text);
    expect(list.read(list.wrap(text)).entries.map(({ name, state }) => [name, state])).toEqual([
      ['a', 'wrapped'],
      ['b', 'wrapped'],
    ]);
    expect(list.wrap(text)).toContain('"--server"');
  });

  it.for([
    ['an alias', 'x: &c npx\nextensions:\n  a: { cmd: *c }\n', 'its "cmd" is an alias'],
    ['an aliased list', 'x: &c [y]\nextensions:\n  a: { cmd: npx, args: *c }\n', 'its "args" is an alias'],
    ['a number', 'extensions:\n  a: { cmd: npx, args: [8080] }\n', 'its "args" holds a number'],
    ['a folded text', 'extensions:\n  a:\n    cmd: >-\n      npx\n      -y\n', 'a text of several lines'],
    ['a server of Goose itself', 'extensions:\n  a: { type: builtin }\n', 'by itself'],
    ['a remote one', 'extensions:\n  a: { type: sse, uri: "wss://x" }\n', 'is remote'],
    ['nothing', 'extensions:\n  a:\n', 'it is empty'],
  ] as const)('has an entry left alone: %s', ([, text, why]) => {
    expect(goose.read(text).entries[0]?.why).toContain(why);
    expect(goose.wrap(text)).toBe(text);
  });

  it.for([
    ['extensions:\n  a: {cmd: x\n', '/x/mcp.json:3:1 is not YAML'],
    ['a: 1\na: 2\n', 'is not YAML'],
    ['extensions:\n  a: {cmd: x}\nb: *nowhere\n', 'is not YAML (Unresolved alias'],
    [`a: &a [x,x]\n${bombs(12)}`, 'is not YAML (Excessive alias count'],
    ['', 'is not YAML (it is empty)'],
    ['extensions: [x]\n', 'is not an object'],
    ['<<<<<<< HEAD\na: 1\n=======\n', 'marks of a merge conflict'],
    ['a: !!js/function x\n', 'is not YAML'],
    ['a: 1\n---\nb: 2\n', 'is not YAML'],
  ] as const)('is refused with its place: %j', ([text, sentence]) => {
    expect(() => goose.read(text)).toThrow(sentence);
  });

  it('gives the same bytes for every layout', () => {
    const comment = fc.constantFrom('', ' # c', '  # - "x", ]');
    const word = fc.constantFrom('x', '-y', '"a b"', "'it''s'", '"\\u0041"', 'a#b', '@scope/pkg', '"- "');
    const quoted = fc.constantFrom('npx', '"npx"', "'npx'", '"\\x6epx"');
    const entry = fc
      .record({
        words: fc.option(fc.array(word, { maxLength: 3 })),
        quoted,
        comment,
        flow: fc.boolean(),
        indent: fc.constantFrom('', '  ', '   '),
        before: fc.boolean(),
        limit: fc.boolean(),
      })
      .map((one) => {
        const { words } = one;
        const command = `    cmd: ${one.quoted}${one.comment}\n`;
        const flow = `    args: [${(words ?? []).map((w) => (w === '@scope/pkg' ? `"${w}"` : w)).join(', ')}]${one.comment}\n`;
        const block = `    args:${one.comment}\n${(words ?? []).map((w) => `    ${one.indent}- ${w === '@scope/pkg' ? `"${w}"` : w}${one.comment}\n`).join('')}`;
        const args = words === null ? '' : one.flow || words.length === 0 ? flow : block;
        return (
          (one.before ? args + command : command + args) +
          (one.limit ? `    timeout: 20${one.comment}\n` : '')
        );
      });
    fc.assert(
      fc.property(fc.array(entry, { minLength: 1, maxLength: 3 }), (entries) => {
        const text = `extensions:\n${entries.map((body, at) => `  s${at}:\n${body}`).join('')}`;
        const wrapped = goose.wrap(text);
        expect(goose.wrap(wrapped)).toBe(wrapped);
        expect(goose.unwrap(wrapped)).toBe(text);
      }),
    );
  });
});

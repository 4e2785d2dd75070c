import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { wrapText } from '../../src/clients/wrap.ts';
import { wrappedAt } from '../../src/clients/wrapped.ts';
import { readRunOptions } from '../../src/session/run-options.ts';
import { WRAPPER, wrapping } from '../support/client-configs.ts';

const { read, wrap, unwrap } = wrapping();
const strictly = wrapping({ format: 'json' });

const NASTY: [string, string][] = [
  ['one line', '{"mcpServers":{"a":{"command":"npx","args":["-y","x"]}}}'],
  ['no args', '{"mcpServers":{"a":{"command":"npx"}}}'],
  ['no args, more keys', '{"mcpServers":{"a":{"command":"npx", "env":{"T":"1"}}}}'],
  ['empty args', '{"mcpServers":{"a":{"command":"npx","args":[]}}}'],
  ['empty args with a space', '{"mcpServers":{"a":{"command":"npx","args":[ ]}}}'],
  ['empty args behind the command, spaced like ours', '{"mcpServers":{"a":{"command":"npx", "args": []}}}'],
  ['empty args over lines', '{"mcpServers":{"a":{"command":"npx", "args": [\n\n]}}}'],
  [
    'many lines',
    '{\n  "mcpServers": {\n    "a": {\n      "command": "npx",\n      "args": [\n        "-y",\n        "x"\n      ],\n      "env": { "K": "v" }\n    }\n  }\n}\n',
  ],
  [
    'tabs and odd spaces',
    '{\t"mcpServers" :\t{ "a"\t:{"args"  : [  "-y"  ,"x"  ]  ,\t"command" :  "npx"  } } }\n\n',
  ],
  ['args before the command', '{"mcpServers":{"a":{"args":["x"],"command":"uvx"}}}'],
  [
    'carriage returns',
    '{\r\n  "mcpServers": {\r\n    "a": { "command": "npx",\r\n      "args": ["x"] }\r\n  }\r\n}\r\n',
  ],
  ['a byte order mark', '\ufeff{"mcpServers":{"a":{"command":"npx","args":["x"]}}}'],
  [
    'comments and trailing commas',
    '{ // c\n "mcpServers": { /* d */ "a": { "command": "npx", // e\n "args": [ // f\n "x", /* g */ "y", ], }, }, }',
  ],
  ['a comment in empty args', '{"mcpServers":{"a":{"command":"npx","args":[ /* none */ ]}}}'],
  [
    'odd escapes',
    '{"mcpServers":{"a":{"command":"\\/usr\\/bin\\u002fnpx","args":["\\u002dy","caf\\u00e9","日本"]}}}',
  ],
  [
    'a server called mcpServers and keys elsewhere',
    '{"x":{"mcpServers":{"a":{"command":"no"}}},"mcpServers":{"mcpServers":{"command":"npx","args":["x"]}},"y":[1.0,1e9]}',
  ],
  [
    'several servers',
    '{"mcpServers":{"a":{"command":"x"},"b":{"command":"y","args":["--","z"]},"c":{"url":"https://x"}}}',
  ],
  [
    'a server whose own words look like ours',
    '{"mcpServers":{"a":{"command":"npx","args":["run","--server","x","--","holdpoint"]}}}',
  ],
  ['an empty command word', '{"mcpServers":{"":{"command":"npx","args":["",""]}}}'],
];

describe('wrap, then unwrap', () => {
  it.for(NASTY)('gives the same bytes: %s', ([, text]) => {
    const wrapped = wrap(text);
    expect(wrapped).not.toBe(text);
    expect(read(wrapped).entries.filter((entry) => entry.state === 'plain')).toEqual([]);
    expect(unwrap(wrapped)).toBe(text);
  });

  it.for(NASTY)('wrapping twice changes nothing more: %s', ([, text]) => {
    expect(wrap(wrap(text))).toBe(wrap(text));
  });

  it.for(NASTY)('starts the same command behind holdpoint: %s', ([, text]) => {
    const plain = read(text).entries.filter((entry) => entry.state === 'plain' && entry.command.length > 0);
    expect(plain.length).toBeGreaterThan(0);
    for (const entry of plain) {
      const after = read(wrap(text)).entries.find((one) => one.name === entry.name);
      expect(after?.command).toEqual([
        '/usr/bin/node',
        '/opt/holdpoint/bin/holdpoint.js',
        'run',
        '--server',
        entry.name,
        '--',
        ...entry.command,
      ]);
    }
  });

  it('gives the words back though a person reformatted the entry in between', () => {
    const wrapped = wrap('{"mcpServers":{"a":{"command":"npx","args":["-y","x"]}}}');
    const reformatted = JSON.stringify(JSON.parse(wrapped), null, 4);
    expect(JSON.parse(unwrap(reformatted))).toEqual({
      mcpServers: { a: { command: 'npx', args: ['-y', 'x'] } },
    });
  });

  it.for([
    ['a trailing comma', ['npx'], '"npx"]', '"npx",]', '[]'],
    ['a comment and a trailing comma', ['npx'], '"npx"]', '"npx" /* c */, ]', '[ /* c */ ]'],
    ['a comment before the comma', ['npx', 'x'], '"npx", ', '"npx" /* c */, ', '[ /* c */ "x"]'],
    ['a line of comment', ['npx', 'x'], '"npx", ', '"npx" // c, d\n, ', '[ // c, d\n "x"]'],
    ['a swallowed --', ['npx', 'x'], '"--", ', '', '["x"]'],
    ['a word added at the end', ['npx'], '"npx"]', '"npx", "y"]', '["y"]'],
  ] as const)('leaves no broken JSON after %s', ([, vector, from, to, args]) => {
    const [command, ...words] = vector;
    const wrapped = wrap(JSON.stringify({ mcpServers: { a: { command, args: words } } }));
    expect(wrapped).toContain(from);
    expect(unwrap(wrapped.replace(from, to))).toBe(`{"mcpServers":{"a":{"command":"npx","args":${args}}}}`);
  });

  it('gives the same bytes for every layout of every list', () => {
    const space = fc.constantFrom('', ' ', '\n\t', '\r\n  ', '/* [",] */', ' // ]\n');
    const word = fc.string({ unit: 'binary' }).map((text) => JSON.stringify(text));
    const entry = fc
      .record({
        space,
        words: fc.option(fc.array(word, { maxLength: 4 })),
        first: fc.boolean(),
        end: fc.boolean(),
      })
      .map(({ space: s, words, first, end }) => {
        const command = `"command"${s}:${s}"\\u006epx"`;
        const comma = end && words !== null && words.length > 0 ? `${s},` : '';
        const args = `"args"${s}:${s}[${s}${(words ?? []).join(`${s},${s}`)}${comma}${s}]`;
        const both = first ? [args, command] : [command, args];
        return `{${s}${(words === null ? [command] : both).join(`${s},${s}`)}${s}}`;
      });
    fc.assert(
      fc.property(fc.array(entry, { minLength: 1, maxLength: 3 }), (entries) => {
        const text = `{"mcpServers":{${entries.map((one, i) => `"s${i}":${one}`).join(',')}}}`;
        const wrapped = wrap(text);
        expect(wrap(wrapped)).toBe(wrapped);
        expect(unwrap(wrapped)).toBe(text);
      }),
    );
  });

  it('touches only the entry that is meant', () => {
    const text = '{"mcpServers":{"a":{"command":"x"},"b":{"command":"y"}}}';
    const config = read(text);
    const after = wrapText(config, config.entries.slice(1), WRAPPER, undefined);
    expect(read(after).entries.map((entry) => entry.state)).toEqual(['plain', 'wrapped']);
    expect(unwrap(after)).toBe(text);
  });
});

describe('a wrapped command line', () => {
  it.for([
    [['holdpoint', 'run', '--', 'npx', 'x'], 3],
    [['holdpoint', 'run', 'npx', 'x'], 2],
    [['/a/holdpoint', 'run', '--server', 'n', 'npx'], 4],
    [['node', '/a/bin/holdpoint.js', 'run', '--server=n', '--home', '/h', '--', 'npx'], 7],
    [['npx', '-y', 'holdpoint', 'run', '--', 'x'], 5],
    [['npx', '-y', 'x'], undefined],
    [['holdpoint', 'watch'], undefined],
    [['holdpoint', 'run'], undefined],
    [['node', 'server.js', 'run', '--', 'holdpoint'], undefined],
    [['/opt/strange-runtime', '/a/holdpoint.js', 'run', '--', 'x'], 4],
    [['/usr/bin/node-20', '--import', './hook.js', '/usr/bin/holdpoint', 'run', 'x'], 5],
    [['npx', '-y', 'holdpoint@latest', 'run', '--', 'x'], 5],
    [['npx', '--package', 'holdpoint', 'holdpoint', 'run', '--', 'x'], 6],
    [['npm', 'exec', 'holdpoint', '--', 'run', '--', 'x'], 6],
    [['pnpm', 'dlx', 'holdpoint', 'run', 'x'], 4],
    [['cmd', '/c', 'npx', '-y', 'holdpoint', 'run', '--', 'x'], 7],
    [['sudo', '-u', 'gate', '/a/holdpoint', 'run', '--', 'x'], 6],
    [['env', 'A=b', 'holdpoint', 'run', 'x'], 4],
    [['uv', '--directory', '/home/me/holdpoint', 'run', 'server.py'], undefined],
    [['docker', 'run', 'holdpoint', 'run', 'x'], undefined],
    [['npx', 'x', '/home/me/holdpoint', 'run', 'y'], undefined],
    [['npx', 'holdpoint-tools', 'run', 'y'], undefined],
    // What starts something else, with words of ours behind it.
    [['node', '-e', 'CODE', '/a/holdpoint.js', 'run', '--', 'y'], undefined],
    [['node', '-pe', 'CODE', '/a/holdpoint.js', 'run', '--', 'y'], undefined],
    [['node', '--eval=CODE', '/a/holdpoint.js', 'run', '--', 'y'], undefined],
    [['node', '--test', '/a/holdpoint.js', 'run', '--', 'y'], undefined],
    [['node', 'other.js', '/a/holdpoint.js', 'run', '--', 'y'], undefined],
    [['bun', '-e', 'CODE', '/a/holdpoint.js', 'run', '--', 'y'], undefined],
    [['bun', 'x', 'evil', '/a/holdpoint.js', 'run', '--', 'y'], undefined],
    [['bun', 'x', 'holdpoint@1', 'run', '--', 'y'], 5],
    [['npx', '-y', 'evil-mcp', '/a/holdpoint.js', 'run', '--', 'y'], undefined],
    [['npm', 'exec', '--call=evil', 'holdpoint', 'run', 'y'], undefined],
    [['evil', '/a/holdpoint.js', 'run', '--', 'y'], undefined],
    [['holdpoint@1', 'run', '--', 'y'], undefined],
    [['env', '-S', 'evil', 'holdpoint', 'run', 'y'], undefined],
    [['env', '-Sevil', 'holdpoint', 'run', 'y'], undefined],
    [['env', '-iS', 'evil', 'holdpoint', 'run', 'y'], undefined],
    [['env', '--split-string=evil', 'holdpoint', 'run', 'y'], undefined],
    [['env', '-i', 'A=b', 'node', '--max-old-space-size=64', '/a/holdpoint.js', 'run', 'y'], 7],
    [['sudo', '-e', '/a/holdpoint', 'run', 'y'], undefined],
  ] as const)('%j is recognised', ([vector, at]) => {
    expect(wrappedAt(vector)).toBe(at);
  });
});

describe('an address that is none', () => {
  it.for(['"url": null', '"url": ""', '"serverUrl": null, "uri": ""'])(
    'beside a command is no remote server: %s',
    (url) => {
      const text = `{"mcpServers":{"a":{"command":"x",${url}}}}`;
      expect(read(text).entries[0]?.state).toBe('plain');
      expect(unwrap(wrap(text))).toBe(text);
    },
  );
});

describe('a time limit of any number', () => {
  const limit = { key: 'timeout', unit: 'ms', usual: 60 } as const;
  it.for(['99999999999999', '1e300', '1800000', '1800000.5', '59999.9', '0', '-1', '1e3', '-0.0'])(
    'is told so that run takes it, and comes back: %s',
    (number) => {
      const text = `{"mcpServers":{"a":{"command":"x","timeout":${number}}}}`;
      const limited = wrapping({}, limit);
      const wrapped = limited.wrap(text);
      const words = limited.read(wrapped).entries[0]?.command ?? [];
      expect(readRunOptions(words.slice(3)).clientWaitsMs).toBeGreaterThanOrEqual(1_800_000);
      expect(limited.unwrap(wrapped)).toBe(text);
    },
  );
});

describe('a configuration that cannot be used', () => {
  it.for([
    ['{"mcpServers":{"a":{"url":"wss://x"}}}', 'remote'],
    ['{"mcpServers":{"a":{"command":5}}}', 'unusable'],
    ['{"mcpServers":{"a":{"command":"x","args":"y"}}}', 'unusable'],
    ['{"mcpServers":{"a":{"command":"x","args":[1]}}}', 'unusable'],
    ['{"mcpServers":{"a":[]}}', 'unusable'],
    ['{"mcpServers":{"a":{"command":"npx -y x"}}}', 'unusable'],
    ['{"mcpServers":{"a":{"command":"docker  run -i x","args":[]}}}', 'unusable'],
    ['{"mcpServers":{"a":{"type":"http","command":"x"}}}', 'remote'],
    ['{"mcpServers":{"a":{"type":"sse"}}}', 'remote'],
    ['{"mcpServers":{"a":{"command":"one","command":"two"}}}', 'unusable'],
    ['{"mcpServers":{"a":{"command":"x","args":[],"args":["y"]}}}', 'unusable'],
    ['{"mcpServers":{"a":{"command":"x"},"\\u0061":{"command":"y"}}}', 'unusable'],
    ['{"mcpServers":{"a":{"command":"holdpoint","args":["run","--"]}}}', 'unusable'],
  ] as const)('has its entry left alone: %s', ([text, state]) => {
    expect(read(text).entries[0]).toMatchObject({ state, why: expect.any(String) });
    expect(wrap(text)).toBe(text);
  });

  it('is named with line and column, and Claude Desktop is said to need strict JSON', () => {
    expect(() => read('{\n  "mcpServers": {,}\n}')).toThrow('/x/mcp.json:2:18 is not JSON');
    expect(() => strictly.read('{"mcpServers":{},}')).toThrow('strict JSON');
    expect(() => read('')).toThrow('is not JSON');
    expect(() => read('{"mcpServers":[]}')).toThrow('not an object');
    expect(() => read('{"mcpServers":{},"mcpServers":{}}')).toThrow('stands twice');
    expect(() => read('{"mcpServers" {}}')).toThrow('colon expected');
  });
});

describe('a file that is nested beyond reason', () => {
  it('is refused with a sentence', () => {
    expect(() => read(`{"mcpServers":${'['.repeat(100_000)}`)).toThrow('nested too deep');
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { wrapping } from '../../support/client-configs.ts';

const LIMIT = { key: 'tool_timeout_sec', unit: 's', usual: 60 } as const;
const codex = wrapping({ format: 'toml', servers: [['mcp_servers']] }, LIMIT);

const CODEX: [string, string][] = [
  [
    'tables',
    '# mine\nmodel = "x"\n\n[mcp_servers.a]\ncommand = "npx" # the starter\nargs = ["-y", "x"]\nstartup_timeout_sec = 20\n\n[mcp_servers.a.env]\nTOKEN = "t"\n\n[mcp_servers."my server"]\ncommand = \'C:\\x\'\n',
  ],
  [
    'an array over lines',
    '[mcp_servers.a]\nargs = [ # c\n  "-y", # d\n  \'x\',\n]\ncommand="npx"\ntool_timeout_sec = 60\n',
  ],
  ['an empty array', '[mcp_servers.a]\nargs=[]\ncommand="npx"'],
  ['an inline table', '[mcp_servers]\na = { command = "npx", args = ["x"] }\nb = {command="y"}\n'],
  ['dotted keys', 'mcp_servers.a.command = "npx"\nmcp_servers.a.args = ["x"]\nmcp_servers.b.command = "y"\n'],
  ['carriage returns', '[mcp_servers.a]\r\ncommand = "npx"\r\n\r\n[other]\r\nx = 1\r\n'],
  ['a byte order mark', '\ufeff[mcp_servers.a]\ncommand = "npx"\n'],
  ['a limit with a line in it', '[mcp_servers.a]\ncommand = "npx"\ntool_timeout_sec = 1_0\n'],
  ['no limit at all', '[mcp_servers.a]\ncommand = "npx"\ntool_timeout_sec = inf\n'],
  ['a limit of a century', '[mcp_servers.a]\ncommand = "npx"\ntool_timeout_sec = 3_155_760_000\n'],
  ['a fraction', '[mcp_servers.a]\ncommand = "npx"\ntool_timeout_sec = 90.0\n'],
  [
    'dates, arrays of tables and big numbers beside',
    'd = 1979-05-27T07:32:00Z\nn = 9223372036854775807\n[[x]]\na=1\n[[x]]\na=inf\n[mcp_servers.a]\ncommand = "npx"\n',
  ],
];

describe('a TOML configuration', () => {
  it.for(CODEX)('has its bytes again after wrap and unwrap: %s', ([, text]) => {
    const wrapped = codex.wrap(text);
    expect(codex.read(wrapped).entries.filter(({ state }) => state !== 'wrapped')).toEqual([]);
    expect(codex.wrap(wrapped)).toBe(wrapped);
    expect(codex.unwrap(wrapped)).toBe(text);
  });

  it('has its time limit raised in the entry that it bounds', () => {
    expect(codex.wrap('[mcp_servers.a]\ncommand = "npx"\n[mcp_servers.a.env]\nX = "1"\n')).toBe(
      '[mcp_servers.a]\ncommand = "/usr/bin/node"\nargs = [ "/opt/holdpoint/bin/holdpoint.js", "run", "--server", "a", "--client-waits", "1800s,added", "--", "npx"]\ntool_timeout_sec = 1800\n[mcp_servers.a.env]\nX = "1"\n',
    );
  });

  it.for([
    ['a remote one', '[mcp_servers.a]\nurl = "wss://x"\n', 'is remote'],
    ['a number among the words', '[mcp_servers.a]\ncommand = "x"\nargs = [1]\n', 'holds a number'],
    ['a text of several lines', '[mcp_servers.a]\ncommand = """\nx"""\n', ''],
  ] as const)('has an entry left alone or wrapped whole: %s', ([, text, why]) => {
    if (why === '') expect(codex.unwrap(codex.wrap(text))).toBe(text);
    else expect(codex.read(text).entries[0]?.why).toContain(why);
  });

  it.for([
    ['[mcp_servers.a\ncommand = "x"\n', '/x/mcp.json:2:1 is not TOML'],
    ['a = 1\na = 2\n', 'is not TOML'],
    ['mcp_servers = "x"\n', 'is not an object'],
    ['<<<<<<< HEAD\na = 1\n', 'marks of a merge conflict'],
    ['{"mcpServers":{}}', 'is not TOML'],
  ] as const)('is refused with its place: %j', ([text, sentence]) => {
    expect(() => codex.read(text)).toThrow(sentence);
  });

  it('gives the same bytes for every layout', () => {
    const space = fc.constantFrom('', ' ', '\n', ' # c ]\n  ');
    const word = fc.constantFrom('"x"', "'-y'", '"a, b]"', '"\\u0041"', '"""m"""', "'''m'''");
    const entry = fc
      .record({
        words: fc.option(fc.array(word, { maxLength: 3 })),
        s: space,
        comma: fc.boolean(),
        first: fc.boolean(),
        limit: fc.constantFrom('', 'tool_timeout_sec = 30 # t\n', 'tool_timeout_sec = 2_000\n'),
      })
      .map(({ words, s, comma, first, limit }) => {
        const end = comma && (words?.length ?? 0) > 0 ? `${s},` : '';
        const args = words === null ? '' : `args = [${s}${words.join(`${s},${s}`)}${end}${s}] # a\n`;
        const command = 'command = "npx" # c\n';
        return (first ? args + command : command + args) + limit;
      });
    fc.assert(
      fc.property(fc.array(entry, { minLength: 1, maxLength: 3 }), (entries) => {
        const text = entries.map((body, at) => `[mcp_servers.s${at}]\n${body}`).join('\n');
        const wrapped = codex.wrap(text);
        expect(codex.wrap(wrapped)).toBe(wrapped);
        expect(codex.unwrap(wrapped)).toBe(text);
      }),
    );
  });
});

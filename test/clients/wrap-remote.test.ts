import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addressOf, startedBy } from '../../src/clients/entries.ts';
import type { Member } from '../../src/clients/formats/tree.ts';
import { isPrivate, shownAddress } from '../../src/clients/remote.ts';
import { remoteWords } from '../../src/clients/remote-words.ts';
import { runAt, wrappedAt } from '../../src/clients/wrapped.ts';
import { readRunOptions } from '../../src/session/run-options.ts';
import { type Wrapping, wrapping } from '../support/client-configs.ts';

const json = wrapping();
const limited = wrapping({}, { key: 'timeout', unit: 'ms', usual: 60 });
const vscode = wrapping({ servers: [['servers']] });
const zed = wrapping({ servers: [['context_servers']], spelling: 'either' });
const opencode = wrapping({ servers: [['mcp', 'servers'], ['mcp']], spelling: 'array' });
const codex = wrapping(
  { format: 'toml', servers: [['mcp_servers']] },
  { key: 'tool_timeout_sec', unit: 's', usual: 60 },
);
const goose = wrapping(
  { format: 'yaml', servers: [['extensions']], spelling: 'cmd' },
  { key: 'timeout', unit: 's', usual: 300 },
);
const listed = wrapping({ format: 'yaml', list: true });

/** As the clients' own pages show them, and as they are found in people's files. */
const SHAPES: [string, Wrapping, string][] = [
  ['an address alone', json, '{"mcpServers":{"a":{"url":"https://mcp.linear.app/mcp"}}}'],
  [
    'Claude Code',
    wrapping({ format: 'json' }),
    `{
  "mcpServers": {
    "github": {
      "type": "http",
      "url": "https://api.githubcopilot.com/mcp/",
      "headers": {
        "Authorization": "Bearer \${GITHUB_TOKEN}",
        "X-MCP-Toolsets": "issues"
      }
    },
    "files": { "command": "npx", "args": ["-y", "server-filesystem"] },
    "old": { "type": "sse", "url": "https://mcp.asana.com/sse" }
  }
}
`,
  ],
  [
    'VS Code with inputs, comments and trailing commas',
    vscode,
    `{
  "inputs": [{ "type": "promptString", "id": "pat", "password": true }],
  "servers": {
    // the issues
    "github": {
      "url": "https://api.githubcopilot.com/mcp/", // the official one
      "type": "http",
      "headers": { /* asked */ "Authorization": "Bearer \${input:pat}", },
    },
  },
}
`,
  ],
  ['Windsurf', json, '{"mcpServers":{"f":{"serverUrl":"https://mcp.figma.com/mcp","disabled":false}}}'],
  [
    'Gemini CLI',
    limited,
    '{"mcpServers":{"h":{"httpUrl":"https://h.example/mcp","headers":{"X-Key":"k"},"timeout":5000,"trust":false},"s":{"url":"http://localhost:3000/sse"}}}',
  ],
  [
    'Cline',
    limited,
    '{\n\t"mcpServers": {\n\t\t"a": {\n\t\t\t"autoApprove": ["x"],\n\t\t\t"type": "streamableHttp",\n\t\t\t"url": "https://a.example/mcp",\n\t\t\t"disabled": false,\n\t\t\t"timeout": 60\n\t\t}\n\t}\n}',
  ],
  [
    'Zed',
    zed,
    '{ // mine\n  "context_servers": {\n    "a": { "url": "https://a.example/mcp", "headers": { "Authorization": "Bearer t" } }, // x\n  },\n}\n',
  ],
  [
    'opencode',
    opencode,
    '{"$schema":"x","mcp":{"sentry":{"type":"remote","url":"https://mcp.sentry.dev/mcp","headers":{"Authorization":"Bearer {env:T}"},"enabled":true},"l":{"type":"local","command":["npx","x"]}}}',
  ],
  ['opencode 2', opencode, '{"mcp":{"servers":{"c":{"type":"remote","url":"https://c.example/mcp"}}}}'],
  [
    'Copilot CLI',
    json,
    '{"mcpServers":{"c":{"type":"http","url":"https://c.example/mcp","headers":{},"tools":["*"]}}}',
  ],
  [
    'Factory, carriage returns',
    json,
    '{\r\n  "mcpServers": {\r\n    "a": {\r\n      "type": "http",\r\n      "url": "https://a.example/mcp"\r\n    }\r\n  }\r\n}\r\n',
  ],
  ['the word sse', json, '{"mcpServers":{"a":{"transport":"sse","sse":"https://a.example/sse"}}}'],
  [
    'a query and a user',
    json,
    '{"mcpServers":{"a":{"url":"https://u:pw@a.example/mcp?key=s3cret","headers":{"X":"y"}},"b":{"url":"https://b.example/mcp?key=s3cret"}}}',
  ],
  [
    'an environment beside the headers',
    json,
    '{"mcpServers":{"a":{"url":"https://a.example/mcp?k=1","env":{ "A" : "b" },"headers":{"X":"y", "Z":"w"}}}}',
  ],
  [
    'an empty environment',
    json,
    '{"mcpServers":{"a":{"env":{},"url":"https://a.example/mcp?k=1","headers":{"X":"y"}}}}',
  ],
  [
    'empty headers and a query',
    json,
    '{"mcpServers":{"a":{"url":"https://a.example/mcp?k=1","headers":{ }}}}',
  ],
  [
    'odd escapes and spaces',
    json,
    '{"mcpServers":{"a":{ "\\u0075rl" :\t"https:\\/\\/a.example\\/m\\u0063p" , "typ\\u0065":"ht\\u0074p","heade\\u0072s" : { "\\u0058-A":"\\u0076" } }}}',
  ],
  [
    'a variable of that name',
    json,
    '{"mcpServers":{"a":{"url":"https://a.example/","headers":{"X":"y"},"env":{"HOLDPOINT_HEADER_1":"mine"}}}}',
  ],
  ['no name', json, '{"mcpServers":{"":{"url":"https://mcp.linear.app/mcp"}}}'],
  ['a byte order mark', json, '\ufeff{"mcpServers":{"a":{"url":"https://a.example/mcp"}}}'],
  [
    'Codex',
    codex,
    '[mcp_servers.figma]\nurl = "https://mcp.figma.com/mcp" # theirs\nhttp_headers = { "X-Figma-Region" = "us-east-1" } # h\n\n[mcp_servers.l]\ncommand = "npx"\nargs = ["x"]\n',
  ],
  [
    'Codex, headers in a table',
    codex,
    'x = 1\n[mcp_servers.a]\nurl = \'https://a.example/mcp\'\ntool_timeout_sec = 60\n[mcp_servers.a.http_headers]\n# why\nAuthorization = "Bearer t"\n"X-B" = "c"\n',
  ],
  [
    'Codex, variables',
    codex,
    '[mcp_servers.a]\nurl = "https://a.example/mcp"\nenv_http_headers = {Authorization = "A_TOKEN", "X-B"="B"}\nenabled = true\n',
  ],
  [
    'Codex, a token',
    codex,
    '[mcp_servers.a]\nurl = "https://a.example/mcp"\n\'bearer_token_env_var\' = \'A_TOKEN\' # mine\nhttp_headers = { "X-B" = "c" }\nenabled = true\n',
  ],
  [
    'Codex, a token first, a query and a table',
    codex,
    '[mcp_servers.a]\nbearer_token_env_var="A_TOKEN"\nurl = "https://a.example/mcp?k=1"\n[mcp_servers.a.http_headers]\nX-B = "c"\n',
  ],
  [
    'Codex, a token inline',
    codex,
    'mcp_servers = { a = { bearer_token_env_var = "A_TOKEN", url = "https://a.example/mcp" } }\n',
  ],
  [
    'Codex, variables for none',
    codex,
    '[mcp_servers.a]\nurl = "https://a.example/mcp"\nenv_http_headers = {}\n',
  ],
  [
    'Codex, inline',
    codex,
    '[mcp_servers]\na = { url = "https://a.example/mcp?k=1", http_headers = { X = "y" } }\n',
  ],
  ['Codex, dotted', codex, 'mcp_servers.a.url = "https://a.example/mcp"\nmcp_servers.a.enabled = true\n'],
  [
    'Codex, a query',
    codex,
    '[mcp_servers.a]\nurl = "https://a.example/mcp?k=1"\n[mcp_servers.b]\nurl = "https://b.example/mcp?k=1"\n[mcp_servers.b.http_headers]\nX = "y"\n',
  ],
  [
    'Goose',
    goose,
    'extensions:\n  gh:\n    enabled: true\n    type: streamable_http\n    name: gh # mine\n    uri: https://api.githubcopilot.com/mcp/\n    envs: {}\n    env_keys: []\n    headers:\n      Authorization: Bearer abc\n    timeout: 300\n    bundled: null\n  dev:\n    type: builtin\n    name: dev\n  old:\n    type: sse\n    uri: "http://localhost:8000/sse"\n',
  ],
  [
    'Continue',
    listed,
    `name: mine\nmcpServers:\n  - name: a\n    type: sse\n    url: https://a.example/sse\n  - name: b\n    command: npx\n    args:\n      - x\n  - type: streamable-http\n    name: c\n    url: https://c.example/mcp\n    requestOptions:\n      headers:\n        Authorization: "Bearer \${{ secrets.C }}" # theirs\n`,
  ],
  [
    'YAML flow',
    listed,
    "mcpServers: [{name: a, url: 'https://a.example/mcp', headers: {X: y}}, {name: b, url: https://b.example/mcp}]\n",
  ],
  [
    'YAML, a query',
    listed,
    'mcpServers:\n- name: a\n  url: https://a.example/mcp?k=1 # c\n- name: b\n  url: https://b.example/mcp?k=1\n  headers:\n    X: y z\n',
  ],
];

const textOf = ({ value }: Member): string => (value.kind === 'scalar' ? String(value.value) : '');

describe('an entry of a remote server', () => {
  it.for(SHAPES)('has its bytes again after wrap and unwrap: %s', ([, client, text]) => {
    const plain = client.read(text).entries.filter(({ remote }) => remote !== undefined);
    const wrapped = client.wrap(text);
    const states = client.read(wrapped).entries.map(({ state }) => state);
    expect(plain.length).toBeGreaterThan(0);
    expect(states.filter((state) => state !== 'wrapped' && state !== 'built-in')).toEqual([]);
    expect(client.wrap(wrapped)).toBe(wrapped);
    expect(client.unwrap(wrapped)).toBe(text);
  });

  it.for(SHAPES)('is what run takes, and keeps every secret out of its words: %s', ([, client, text]) => {
    const before = client.read(text).entries;
    for (const entry of client.read(client.wrap(text)).entries) {
      const { remote } = before.find(({ path }) => String(path) === String(entry.path)) ?? {};
      if (remote === undefined) continue;
      const options = readRunOptions(entry.command.slice(runAt(entry.command)));
      expect(options.server).not.toBe('');
      expect(options.remote?.url ?? 'in a variable').not.toMatch(/[?@$]/);
      const values = (remote.headers?.all ?? []).map(({ member }) => textOf(member));
      for (const value of [...values.filter((one) => one.length > 2), 's3cret', 'k=1'])
        expect(entry.command.join(' ')).not.toContain(value);
      expect(options.remote?.headers.map(({ name }) => name)).toEqual(
        [...(remote.headers?.all ?? []), ...(remote.byVariable?.all ?? [])].map(({ name }) =>
          name.toLowerCase(),
        ),
      );
      expect(addressOf(entry)).toBe(addressOf({ ...entry, remote }));
      expect(startedBy(entry)).not.toMatch(/s3cret|k=1|pw/);
    }
  });
});

describe("a header's value", () => {
  it.for<[string, Wrapping, string]>([
    [
      'the headers become the environment',
      json,
      '{"mcpServers":{"a":{"url":"https://a.example","headers":{"X":"s3cret"}}}}',
    ],
    [
      'there is an environment',
      json,
      '{"mcpServers":{"a":{"url":"https://a.example","env":{"A":"b"},"headers":{"X":"s3cret"}}}}',
    ],
    [
      'there is an empty one',
      goose,
      'extensions:\n  a:\n    uri: https://a.example\n    envs: {}\n    headers:\n      X: s3cret\n',
    ],
    [
      'they stand deeper',
      listed,
      'mcpServers:\n  - name: a\n    url: https://a.example\n    requestOptions:\n      headers: {X: s3cret}\n',
    ],
  ])('stands in the environment alone afterwards: %s', ([, client, text]) => {
    const wrapped = client.wrap(text);
    expect(wrapped.match(/s3cret/g)).toHaveLength(1);
    expect(wrapped).toMatch(/"?HOLDPOINT_HEADER_1"?: ?"?s3cret/);
  });
});

describe('a variable with a token', () => {
  it('is handed on to holdpoint by its name, which says "Bearer" itself', () => {
    const text = '[mcp_servers.a]\nurl = "https://a.example/mcp"\nbearer_token_env_var = "A_TOKEN"\n';
    const wrapped = codex.wrap(text);
    expect(wrapped).toContain('\nenv_vars = ["A_TOKEN"]\n');
    expect(wrapped).not.toMatch(/^bearer/m);
    const [{ command } = { command: [] }] = codex.read(wrapped).entries;
    const { remote } = readRunOptions(command.slice(runAt(command)));
    expect(remote?.headers).toEqual([{ name: 'authorization', variable: 'A_TOKEN', bearer: true }]);
  });
});

describe('a remote server that run cannot be told of', () => {
  it.for<[string, Wrapping, string]>([
    ['it speaks WebSocket', json, '{"type":"ws","url":"wss://a.example"}'],
    ['it speaks WebSocket', json, '{"url":"wss://a.example"}'],
    ['it has no address', json, '{"type":"sse"}'],
    ['none that holdpoint understands', json, '{"url":"a.example/mcp"}'],
    ['neither https nor http', json, '{"url":"file:///etc/passwd"}'],
    ['plain http, which holdpoint speaks to this machine alone', json, '{"url":"http://a.example/mcp"}'],
    ['two addresses, "url" and "httpUrl"', json, '{"url":"https://a.example","httpUrl":"https://b.example"}'],
    ['a command beside its "url"', json, '{"url":"https://a.example","command":"x"}'],
    ['its "url" is a list', json, '{"url":["https://a.example"]}'],
    ['its "url" stands twice', json, '{"url":"https://a.example","url":"https://b.example"}'],
    ['its "oauth" says how to sign in', json, '{"url":"https://a.example","oauth":{"clientId":"x"}}'],
    ['its "auth" says how', json, '{"url":"https://a.example","auth":{"CLIENT_ID":"x"}}'],
    ['its "headersHelper" says how', json, '{"url":"https://a.example","headersHelper":"/bin/x"}'],
    [
      'its "authProviderType" says how',
      json,
      '{"httpUrl":"https://a.example","authProviderType":"google_credentials"}',
    ],
    ['its "apiKey" says how', json, '{"url":"https://a.example","apiKey":"k"}'],
    [
      '"requestOptions" says more than headers (proxy)',
      json,
      '{"url":"https://a.example","requestOptions":{"headers":{"X":"y"},"proxy":"p"}}',
    ],
    ['its headers are a list', json, '{"url":"https://a.example","headers":["X: y"]}'],
    ['its header X is a number', json, '{"url":"https://a.example","headers":{"X":5}}'],
    ['its header X is empty', json, '{"url":"https://a.example","headers":{"X":" "}}'],
    ['one of its headers stands twice', json, '{"url":"https://a.example","headers":{"X":"y","x":"z"}}'],
    ['a name that no header can have', json, '{"url":"https://a.example","headers":{"X=Y":"z"}}'],
    [
      'headers in two places',
      json,
      '{"url":"https://a.example","headers":{"X":"y"},"http_headers":{"X":"y"}}',
    ],
  ])('is left with a sentence: %s', ([why, client, entry]) => {
    const text = `{"mcpServers":{"a":${entry}}}`;
    expect(client.read(text).entries[0]).toMatchObject({
      state: 'remote',
      why: expect.stringContaining(why),
    });
    expect(client.read(text).entries[0]?.why).toContain('NOT guarded');
    expect(client.wrap(text)).toBe(text);
  });

  it.for<[string, Wrapping, string]>([
    [
      '"bearer_token_env_var" beside "env_http_headers"',
      codex,
      '[mcp_servers.a]\nurl = "https://a.example"\nbearer_token_env_var = "T"\nenv_http_headers = {X = "Y"}\n',
    ],
    [
      'an Authorization beside "bearer_token_env_var"',
      codex,
      '[mcp_servers.a]\nurl = "https://a.example"\nbearer_token_env_var = "T"\nhttp_headers = {authorization = "Bearer t"}\n',
    ],
    [
      'its "bearer_token_env_var" names no variable',
      codex,
      '[mcp_servers.a]\nurl = "https://a.example"\nbearer_token_env_var = ""\n',
    ],
    [
      'its "bearer_token_env_var" is a list',
      codex,
      '[mcp_servers.a]\nurl = "https://a.example"\nbearer_token_env_var = ["T"]\n',
    ],
    [
      'its "bearer_token" says how',
      codex,
      '[mcp_servers.a]\nurl = "https://a.example"\nbearer_token = "t"\n',
    ],
    [
      '"env_vars" beside "bearer_token_env_var"',
      codex,
      '[mcp_servers.a]\nurl = "https://a.example"\nbearer_token_env_var = "T"\nenv_vars = ["A"]\n',
    ],
    [
      'a table of its own',
      codex,
      '[mcp_servers.a]\nurl = "https://a.example"\n[mcp_servers.a.env_http_headers]\nX = "Y"\n',
    ],
    [
      '"env_vars" beside',
      codex,
      '[mcp_servers.a]\nurl = "https://a.example"\nenv_http_headers = {X = "Y"}\nenv_vars = []\n',
    ],
    [
      'names no variable',
      codex,
      '[mcp_servers.a]\nurl = "https://a.example"\nenv_http_headers = {X = "two words"}\n',
    ],
    [
      'fills variables into headers',
      goose,
      'extensions:\n  a:\n    type: sse\n    uri: https://a.example\n    headers: {X: Bearer $KEY}\n',
    ],
    ['its "oauth" says', opencode, '{"mcp":{"a":{"type":"remote","url":"https://a.example","oauth":false}}}'],
    [
      'is a text of several lines',
      goose,
      'extensions:\n  a:\n    type: sse\n    uri: https://a.example\n    headers:\n      X: >-\n        a\n        b\n',
    ],
  ])('is left in the format of its client: %s', ([why, client, text]) => {
    expect(client.read(text).entries[0]).toMatchObject({
      state: 'remote',
      why: expect.stringContaining(why),
    });
    expect(client.wrap(text)).toBe(text);
  });

  it.for<[string, Wrapping, string]>([
    ['keys in pieces', codex, '[mcp_servers.a]\nurl = "https://a.example"\nhttp_headers.X = "y"\n'],
    [
      'an environment that is empty',
      goose,
      'extensions:\n  a:\n    uri: https://a.example\n    envs:\n    headers: {X: y}\n',
    ],
    ['an alias', goose, 'extensions:\n  a: &m\n    type: sse\n    uri: https://a.example\n  b: *m\n'],
  ])('or laid out so is refused whole: %s', ([, client, text]) => {
    expect(() => client.wrap(text)).toThrow('cannot be edited safely');
  });
});

describe('an address', () => {
  it.for([
    ['https://a.example/mcp', false],
    ['https://a-very-long-name-with-1-digit.example.com', false],
    ['https://a.example/api/v2/@owner/some-long-server-name/mcp', false],
    ['https://a.example/mcp?x', true],
    ['https://a.example/mcp#x', true],
    ['https://u@a.example/mcp', true],
    ['https:\\u:p@a.example/mcp', true],
    [`https://\${HOST}/mcp`, true],
    [`https://a.example/\${input:key}`, true],
    ['{env:URL}', true],
    ['https://mcp.zapier.com/api/mcp/s/NzY3ZGEwNTItNTk2MS00/mcp', true],
    ['https://a.example/6f1c2a9e-7d1b-4c1e-9f67-0a1b2c3d4e5f', true],
  ] as const)('goes into a variable where it may hold a secret: %s is %s', ([address, isSecret]) => {
    expect(isPrivate(address)).toBe(isSecret);
  });

  it('is shown by origin and path, and as it is written where it is none yet', () => {
    expect(shownAddress('https://u:p@a.example:8443/mcp?k=1#f')).toBe('https://a.example:8443/mcp');
    expect(shownAddress('https:\\u:p@a.example/x?k')).toBe('https://a.example/x');
    expect(shownAddress(`https://u:p@\${HOST}/mcp?k=1`)).toBe(`https://\${HOST}/mcp`);
    expect(shownAddress('{env:URL}?k=1')).toBe('{env:URL}');
  });
});

describe('a wrapped entry that its user edited', () => {
  const TEXT =
    '{"mcpServers":{"a":{"type":"http","url":"https://a.example/mcp?k=1","headers":{"X":"y","Z":"w"},"disabled":false}}}';
  const edit = (change: (entry: Entry) => void): unknown => {
    const value = JSON.parse(json.wrap(TEXT)) as { mcpServers: { a: Entry } };
    change(value.mcpServers.a);
    const back = JSON.parse(json.unwrap(JSON.stringify(value, null, 1))) as { mcpServers: { a: unknown } };
    return back.mcpServers.a;
  };
  interface Entry {
    [key: string]: unknown;
    args: string[];
    env: Record<string, string>;
  }
  const plain = {
    type: 'http',
    url: 'https://a.example/mcp?k=1',
    headers: { X: 'y', Z: 'w' },
    disabled: false,
  };

  it('has its address again though it was laid out anew', () => {
    expect(edit(() => {})).toEqual(plain);
  });

  it('keeps a value that was changed, and a header that was taken away stays away', () => {
    expect(
      edit(({ env }) => {
        env['HOLDPOINT_HEADER_1'] = 'new';
        delete env['HOLDPOINT_HEADER_2'];
        env['HOLDPOINT_URL'] = 'https://a.example/v2';
      }),
    ).toEqual({ ...plain, url: 'https://a.example/v2', headers: { X: 'new' } });
  });

  it('keeps a variable that was added as one, and makes no header of it', () => {
    expect(edit(({ env }) => (env['MINE'] = '1'))).toEqual({ ...plain, env: { MINE: '1' } });
  });

  it('keeps members that were added or changed', () => {
    expect(edit((entry) => Object.assign(entry, { disabled: true, more: [1], type: 'odd' }))).toEqual({
      ...plain,
      type: 'odd',
      disabled: true,
      more: [1],
    });
  });

  it('is refused where its address is gone, rather than left without one', () => {
    expect(() => edit(({ env }) => delete env['HOLDPOINT_URL'])).toThrow('cannot be edited safely');
  });

  it('has a limit that wrapping added taken out again', () => {
    const text = '{"mcpServers":{"a":{"url":"https://a.example/mcp"}}}';
    const wrapped = JSON.stringify(JSON.parse(limited.wrap(text)), null, 2);
    expect(wrapped).toContain('"timeout": 1800000');
    expect(JSON.parse(limited.unwrap(wrapped))).toEqual(JSON.parse(text));
  });

  it('without --was gets an address all the same', () => {
    const text =
      '{"mcpServers":{"a":{"command":"holdpoint","args":["run","--url","https://a.example/mcp","--header-env","X=V"],"env":{"V":"y"}}}}';
    expect(JSON.parse(json.unwrap(text))).toEqual({
      mcpServers: { a: { url: 'https://a.example/mcp', headers: { X: 'y' }, env: {} } },
    });
  });
});

describe('a wrapped command line of a remote server', () => {
  it.for([
    [['holdpoint', 'run', '--url', 'https://x'], 4],
    [['holdpoint', 'run', '--server', 'n', '--url', 'https://x', '--'], 7],
    [['holdpoint', 'run', '--url=https://x', '--header-env', 'A=B'], 5],
    [
      ['node', '/a/holdpoint.js', 'run', '--url-env', 'U', '--transport', 'sse', '--was', 'url=url', '--'],
      10,
    ],
    [['holdpoint', 'run', '--server', '--url', '--'], undefined],
    [['holdpoint', 'run', '--url', 'https://x', '--', 'npx', 'y'], 5],
    [['holdpoint', 'watch', '--url', 'https://x'], undefined],
  ] as const)('%j is recognised', ([vector, at]) => {
    expect(wrappedAt(vector)).toBe(at);
    expect(remoteWords(vector) !== undefined).toBe(at === vector.length);
  });
});

describe('any entry of a remote server', () => {
  const word = fc.string({
    unit: fc.constantFrom(...'aZ09 $', ...'{}"\'\\#,:[]=&%é日'),
    minLength: 1,
    maxLength: 9,
  });
  const value = word.map((text) => `v${text}`);
  const name = fc.constantFrom('Authorization', 'X-Api-Key', 'x_y', 'X.Z');
  const url = fc
    .tuple(
      fc.constantFrom('https://a.example', 'http://localhost:3000', 'https://u:p@a.example', `\${BASE}`),
      fc.constantFrom('', '/mcp', '/a/b%20c', '/@o/n/sse'),
      fc.constantFrom('', '?key=s3cret', '#f'),
    )
    .map((parts) => parts.join(''));
  const parts = fc.record({
    url,
    headers: fc.option(fc.dictionary(name, value, { maxKeys: 3 })),
    environment: fc.option(
      fc.dictionary(fc.constantFrom('A', 'HOLDPOINT_URL'), fc.constant('b'), { maxKeys: 2 }),
    ),
    type: fc.constantFrom(undefined, 'http', 'sse', 'streamable-http', 'remote'),
    key: fc.constantFrom('url', 'serverUrl', 'httpUrl', 'uri', 'sse'),
    limit: fc.constantFrom(undefined, 20, 3600),
    order: fc.array(fc.nat(), { minLength: 5, maxLength: 5 }),
  });
  type Parts = typeof parts extends fc.Arbitrary<infer T> ? T : never;
  const ordered = (members: readonly string[], order: readonly number[]): string[] =>
    members
      .map((one, at) => ({ one, at: order[at] ?? 0 }))
      .sort((a, b) => a.at - b.at)
      .map(({ one }) => one);
  const same = (client: Wrapping, text: string): void => {
    const wrapped = client.wrap(text);
    expect(client.read(wrapped).entries.map(({ state }) => state)).toEqual(
      client.read(text).entries.map(() => 'wrapped'),
    );
    expect(client.wrap(wrapped)).toBe(wrapped);
    expect(client.unwrap(wrapped)).toBe(text);
    for (const { command } of client.read(wrapped).entries) {
      expect(command.join(' ')).not.toContain('s3cret');
      expect(() => readRunOptions(command.slice(runAt(command)))).not.toThrow();
    }
  };

  it('is the same bytes again in JSON, whatever its layout', () => {
    const space = fc.constantFrom('', ' ', '\n\t', '\r\n  ', '/* [",] */', ' // ]\n');
    fc.assert(
      fc.property(fc.array(parts, { minLength: 1, maxLength: 3 }), space, fc.boolean(), (all, s, comma) => {
        const map = (of: Record<string, string>): string =>
          `{${s}${Object.entries(of)
            .map(([key, one]) => `${JSON.stringify(key)}${s}:${s}${JSON.stringify(one)}`)
            .join(`${s},${s}`)}${s}}`;
        const entry = (one: Parts): string => {
          const members = [
            `"${one.key}"${s}:${s}${JSON.stringify(one.url)}`,
            one.headers === null ? '' : `"headers"${s}:${s}${map(one.headers)}`,
            one.environment === null ? '' : `"env"${s}:${map(one.environment)}`,
            one.type === undefined ? '' : `"type":${s}"${one.type}"`,
            one.limit === undefined ? '' : `"timeout":${one.limit}`,
          ];
          return `{${s}${ordered(members, one.order).filter(Boolean).join(`${s},${s}`)}${comma ? `${s},` : ''}${s}}`;
        };
        const text = `{"mcpServers":{${all.map((one, at) => `"s${at}":${entry(one)}`).join(',')}}}`;
        same(limited, text);
      }),
    );
  });

  it('is the same bytes again in TOML', () => {
    fc.assert(
      fc.property(fc.array(parts, { minLength: 1, maxLength: 3 }), fc.boolean(), (all, table) => {
        const entry = (one: Parts, at: number): string => {
          const pairs = Object.entries(one.headers ?? {}).map(
            ([key, text]) => `${JSON.stringify(key)} = ${JSON.stringify(text)}`,
          );
          const members = [
            `url = ${JSON.stringify(one.url)} # c`,
            table || one.headers === null ? '' : `http_headers = {${pairs.join(', ')}}`,
            one.limit === undefined ? '' : `tool_timeout_sec = ${one.limit}`,
            'enabled = true',
          ];
          const below =
            table && pairs.length > 0 ? `[mcp_servers.s${at}.http_headers]\n${pairs.join('\n')}\n` : '';
          return `[mcp_servers.s${at}]\n${ordered(members, one.order).filter(Boolean).join('\n')}\n${below}`;
        };
        same(codex, all.map(entry).join('\n'));
      }),
    );
  });

  it('is the same bytes again in YAML', () => {
    fc.assert(
      fc.property(fc.array(parts, { minLength: 1, maxLength: 3 }), fc.boolean(), (all, flow) => {
        const map = (of: Record<string, string>): string => {
          const pairs = Object.entries(of).map(([key, one]) => `${key}: ${JSON.stringify(one)}`);
          return flow || pairs.length === 0
            ? ` {${pairs.join(', ')}}`
            : pairs.map((one) => `\n      ${one}`).join('');
        };
        const entry = (one: Parts): string => {
          const members = [
            `${one.key}: ${JSON.stringify(one.url)} # c`,
            one.headers === null ? '' : `headers:${map(one.headers)}`,
            one.environment === null ? '' : `env:${map(one.environment)}`,
            one.type === undefined ? '' : `type: ${one.type}`,
            'x: 1',
          ];
          return `  - name: n\n    ${ordered(members, one.order).filter(Boolean).join('\n    ')}\n`;
        };
        same(listed, `mcpServers:\n${all.map(entry).join('')}`);
      }),
    );
  });
});

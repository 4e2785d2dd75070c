import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { listClients } from '../../../src/cli/clients/clients-list.ts';
import { placeOf, thisHoldpoint } from '../../../src/cli/clients/this-holdpoint.ts';
import type { WrapOptions } from '../../../src/cli/clients/wrap.ts';
import { changeClients } from '../../../src/cli/clients/wrap-run.ts';
import { newFolder } from '../../support/home.ts';

const DESKTOP = '{"mcpServers":{"a":{"command":"x"}}}';
const CURSOR = '{\n  "mcpServers": { "b": { "command": "y", "args": ["z"] } }\n}\n';

let home: string;
let out: string;
let errors: string;
beforeEach(() => {
  home = newFolder();
  out = '';
  errors = '';
  vi.stubEnv('HOME', home);
  vi.stubEnv('XDG_CONFIG_HOME', undefined);
  vi.stubEnv('HOLDPOINT_HOME', undefined);
  vi.spyOn(process, 'cwd').mockReturnValue(join(home, 'project'));
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    errors += String(text);
    return true;
  });
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    out += String(text);
    return true;
  });
});
afterEach(() => {
  vi.restoreAllMocks();
  process.exitCode = undefined;
  vi.unstubAllEnvs();
});

function put(path: string, text: string): string {
  const file = join(home, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
}
const desktop = (text = DESKTOP): string =>
  put(
    process.platform === 'darwin'
      ? 'Library/Application Support/Claude/claude_desktop_config.json'
      : '.config/Claude/claude_desktop_config.json',
    text,
  );
const cursor = (text = CURSOR): string => put('.cursor/mcp.json', text);
const wrap = (client?: string, options: WrapOptions = {}): Promise<void> =>
  changeClients('wrap', client, options);
const text = (file: string): string => readFileSync(file, 'utf8');

describe('wrap', () => {
  it('finds a named server in whichever client has it, and leaves the others alone', async () => {
    const [first, second] = [desktop(), cursor()];
    await wrap(undefined, { server: 'b', yes: true });
    expect(text(first)).toBe(DESKTOP);
    expect(text(second)).toContain('"--server", "b"');
    await expect(wrap(undefined, { server: 'c', yes: true })).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringContaining('Cursor has no server c. It has: b.'),
    });
  });

  it('names a file that is broken, leaves it and wraps the others, and ends with 1', async () => {
    const [first, second] = [desktop(), cursor('{')];
    await wrap(undefined, { yes: true });
    expect(errors).toContain('mcp.json:1:2 is not JSON');
    expect([text(first).includes('"--server", "a"'), text(second), process.exitCode]).toEqual([true, '{', 1]);
  });

  it('ends with an error for the one file that is meant and broken', async () => {
    const file = cursor('{');
    await expect(wrap('cursor', { yes: true })).rejects.toThrow('mcp.json:1:2 is not JSON');
    expect([text(file), readdirSync(dirname(file))]).toEqual(['{', ['mcp.json']]);
  });

  it('wraps what it understands of a file, names the rest, and ends with 1', async () => {
    const file = cursor('{"mcpServers":{"odd":{"command":5},"b":{"command":"y"},"far":{"url":"u"}}}');
    await wrap('cursor', { yes: true });
    expect(text(file)).toContain('"--server", "b"');
    expect(out).toContain('Left odd alone: it has no "command" that is a text.');
    expect(out).toContain('NOT guarded: far (Cursor).');
    expect(process.exitCode).toBe(1);
  });

  it('ends well where all but what nobody can mend is wrapped, and says what stands before that', async () => {
    cursor(
      '{"mcpServers":{"b":{"command":"y"},"far":{"url":"wss://u"},"own":{"source":"extension","settings":{}}}}',
    );
    await wrap('cursor', { yes: true });
    expect(out).toContain("only its client's own question stands before it today");
    expect(process.exitCode).toBeUndefined();
  });

  it.each([
    '{"url":"u"}',
    '{"url":"http://a.example/mcp"}',
    '{"url":"https://a.example","oauth":{"clientId":"x"}}',
    '{"url":"https://a.example","headers":{"Accept":"x"}}',
  ])('ends with 1 where a remote server is left that its user could write otherwise: %s', async (far) => {
    const file = cursor(`{"mcpServers":{"b":{"command":"y"},"far":${far}}}`);
    await wrap('cursor', { yes: true });
    expect(out).toContain('Wrapped b (Cursor)');
    expect(out).toMatch(/Left far alone: .*NOT guarded/);
    expect([text(file).includes(far), process.exitCode]).toEqual([true, 1]);
  });

  it.each(['far', 'own'])(
    'ends with 1 where the server that was named cannot be guarded: %s',
    async (server) => {
      cursor('{"mcpServers":{"far":{"url":"wss://u"},"own":{"source":"extension","settings":{}}}}');
      await wrap('cursor', { server, yes: true });
      expect(out).toContain(`Left ${server} alone`);
      expect(process.exitCode).toBe(1);
    },
  );

  it('says which keys it looked for in a file that has none of them, and ends with 1', async () => {
    await wrap(undefined, { file: put('odd.json', '{"a":1}'), yes: true });
    expect(out).toContain('none of the keys under which clients keep servers ("mcpServers", "servers"');
    expect(process.exitCode).toBe(1);
  });

  it('takes a file that two clients share once', async () => {
    vi.mocked(process.cwd).mockReturnValue(home);
    cursor();
    await wrap(undefined, { yes: true });
    expect(out.match(/Wrapped b/g)).toHaveLength(1);
    expect(out).not.toContain('wrapped already');
  });

  it('passes the home and an existing policy on by full path', async () => {
    const policy = put('mine.json', '{}');
    await wrap(undefined, { file: cursor(), policy, home: join(home, 'hp'), dryRun: true });
    expect(out).toContain(`"--home", "${home}/hp", "--policy", "${policy}", "--", "y"`);
    await expect(wrap(undefined, { file: cursor(), policy: `${policy}x` })).rejects.toThrow('does not exist');
  });

  it('passes HOLDPOINT_HOME on, which a desktop client would not have', async () => {
    vi.stubEnv('HOLDPOINT_HOME', '/elsewhere');
    await wrap(undefined, { file: cursor(), dryRun: true });
    expect(out).toContain('"--home", "/elsewhere"');
  });

  it('refuses an empty home before anything is written', async () => {
    const file = cursor();
    await expect(wrap(undefined, { file, home: '', yes: true })).rejects.toMatchObject({ exitCode: 2 });
    vi.stubEnv('HOLDPOINT_HOME', '');
    await expect(wrap(undefined, { file, yes: true })).rejects.toMatchObject({ exitCode: 2 });
    expect([text(file), readdirSync(dirname(file))]).toEqual([CURSOR, ['mcp.json']]);
  });

  it('holds a file named like the one of Claude Desktop to strict JSON', async () => {
    const file = put('saved/claude_desktop_config.json', '{"mcpServers":{"a":{"command":"x"},}}');
    await expect(wrap(undefined, { file, dryRun: true })).rejects.toThrow('trailing comma');
  });

  it('is refused on Windows, where no wrapped server would start', async () => {
    const file = cursor();
    vi.spyOn(process, 'platform', 'get').mockReturnValue('win32');
    await expect(wrap(undefined, { file, yes: true })).rejects.toThrow('Windows');
    expect(text(file)).toBe(CURSOR);
  });

  it('colours the difference for a terminal, and not with NO_COLOR', async () => {
    const file = cursor();
    const terminal = Object.getOwnPropertyDescriptor(process.stdout, 'isTTY');
    Object.defineProperty(process.stdout, 'isTTY', { value: true, configurable: true });
    try {
      vi.stubEnv('NO_COLOR', '');
      await wrap(undefined, { file, dryRun: true });
      expect(out).toContain('\u001b[32m+ ');
      out = '';
      vi.stubEnv('NO_COLOR', '1');
      await wrap(undefined, { file, dryRun: true });
      expect(out).not.toContain('\u001b');
    } finally {
      if (terminal === undefined) Reflect.deleteProperty(process.stdout, 'isTTY');
      else Object.defineProperty(process.stdout, 'isTTY', terminal);
    }
  });

  it('says under which name a policy knows a server, where that is not the key', async () => {
    const config = {
      'io.example/x': { command: 'a' },
      'My Server (prod)': { command: 'b' },
      '': { command: 'bank-mcp' },
    };
    const file = cursor(JSON.stringify({ mcpServers: config }));
    await wrap(undefined, { file, yes: true });
    expect(out).toContain('A policy knows "io.example/x" as "io.example-x".\n');
    expect(out).toContain('A policy knows "" as "bank".\n');
    expect(out).not.toContain('A policy knows "My');
  });

  it('gives every remote server a name: its own, another where that is taken, and by its host without any', async () => {
    const url = 'https://mcp.linear.app/mcp';
    const file = cursor(
      JSON.stringify({
        mcpServers: { '': { url }, linear: { url }, 'a/b': { url }, 'a-b': { command: 'x' } },
      }),
    );
    await wrap(undefined, { file, yes: true });
    const { mcpServers } = JSON.parse(text(file)) as { mcpServers: Record<string, { args: string[] }> };
    const names = Object.values(mcpServers).map(({ args }) => args[args.indexOf('--server') + 1]);
    expect(names).toEqual(['linear-2', 'linear', 'a-b-2', 'a-b']);
  });

  it('is refused its undoing where the address is gone, with what to write', async () => {
    const file = cursor('{"mcpServers":{"a":{"url":"https://a.example/mcp?k=1"}}}');
    await wrap(undefined, { file, yes: true });
    const gone = text(file).replace(/"HOLDPOINT_URL": "[^"]*"/, '');
    writeFileSync(file, gone);
    await changeClients('unwrap', undefined, { file, dryRun: true });
    expect(out).toContain('Left a alone: its address is in the variable HOLDPOINT_URL');
    expect([text(file), process.exitCode]).toEqual([gone, 1]);
  });

  it('leaves a remote server whose header run says itself, and says which', async () => {
    const config = { mcpServers: { a: { url: 'https://a.example/mcp', headers: { Accept: 'text/plain' } } } };
    const file = cursor(JSON.stringify(config));
    await wrap(undefined, { file, yes: true });
    expect(out).toContain('its header Accept is one that holdpoint says itself');
    expect(JSON.parse(text(file))).toEqual(config);
  });

  it('shows neither a header nor a query of an entry that it cannot wrap, in no layout', async () => {
    const far = {
      url: 'wss://u:s3cret@a.example/mcp?key=s3cret',
      headers: { Authorization: 'Bearer s3cret' },
      oauth: { clientId: 's3cret' },
    };
    for (const indent of [0, 2]) {
      cursor(JSON.stringify({ mcpServers: { far, b: { command: 'y' } } }, null, indent));
      await wrap('cursor', { yes: true });
      listClients({});
      listClients({ json: true });
    }
    expect(out).toContain('Wrapped b');
    expect(out).not.toContain('s3cret');
  });

  it('never lets a name from the file drive the terminal', async () => {
    const file = cursor('{"mcpServers":{"\\u001b[2Jx":{"url":"u"},"\\u202ey":{"command":"\\u001b[2J"}}}');
    await wrap(undefined, { file, yes: true });
    listClients({});
    expect(out).not.toMatch(/[\u001b\u202e]/);
  });
});

describe('the command that is written', () => {
  it('names the server, in words that run accepts', () => {
    const { command, words } = thisHoldpoint({ force: true }, () => {});
    expect(command).toBe(process.execPath);
    expect(words('github').slice(1)).toEqual(['run', '--server', 'github']);
    expect(words('My Server (prod)').slice(1)).toEqual(['run', '--server', 'My Server (prod)']);
    expect(words('').slice(1)).toEqual(['run']);
  });

  it.for([
    ['/usr/lib/node_modules/holdpoint/bin/holdpoint.js', 'kept'],
    ['/tmpfiles/holdpoint/bin/holdpoint.js', 'kept'],
    ['/home/me/.npm/_npx/3f/node_modules/holdpoint/bin/holdpoint.js', 'cache'],
    ['/home/me/.cache/pnpm/dlx/k/node_modules/holdpoint/bin/holdpoint.js', 'cache'],
    ['/tmp/bunx-0-holdpoint/node_modules/holdpoint/bin/holdpoint.js', 'cache'],
    ['/tmp/xfs-4/dlx-77/node_modules/holdpoint/bin/holdpoint.js', 'cache'],
    ['/tmp/prefix/lib/node_modules/holdpoint/bin/holdpoint.js', 'temporary'],
    ['/tmp/checkout/bin/holdpoint.js', 'temporary'],
  ] as const)('a holdpoint in %s is %s', ([script, place]) => {
    expect(placeOf(script, ['/tmp'])).toBe(place);
  });
});

describe('clients', () => {
  it('lists each server with its state, and a file that cannot be read with the reason', async () => {
    desktop('{');
    cursor('{"mcpServers":{"a":{"command":"x"},"far":{"url":"u"},"odd":{"command":1}}}');
    await wrap('cursor', { yes: true });
    out = '';
    listClients({ json: true });
    expect(JSON.parse(out)).toMatchObject([
      { client: 'claude-desktop', problem: expect.stringContaining('strict JSON'), servers: [] },
      { client: 'cursor', servers: [{ state: 'wrapped' }, { state: 'remote' }, { state: 'unusable' }] },
    ]);
  });

  it('names a link that leads nowhere, in the list and when all is wrapped', async () => {
    mkdirSync(join(home, '.cursor'));
    symlinkSync(join(home, 'gone.json'), join(home, '.cursor/mcp.json'));
    desktop();
    listClients({});
    expect(out).toMatch(/mcp\.json cannot be read: .*Nothing was changed/);
    await wrap(undefined, { yes: true });
    expect([errors.includes('cannot be read'), process.exitCode]).toEqual([true, 1]);
  });

  it('names a file that its client alone can read, for nobody can say what is guarded there', () => {
    put('.config/crush/crushrc', 'mcp add x\n');
    listClients({});
    expect(out).toMatch(/Crush \(crush\).*crushrc\n[\s\S]*is read by Crush alone/);
  });

  it('says so when there is none', () => {
    listClients({});
    expect(out).toMatch(/^No configuration of a client .*VS Code.*Codex.*Goose/);
  });
});

describe('clients for people', () => {
  it('says of a bridge to an address, wrapped or not, that it is not needed', async () => {
    const far = { command: 'npx', args: ['-y', 'mcp-remote', 'https://mcp.linear.app/sse'] };
    cursor(JSON.stringify({ mcpServers: { far, b: { command: 'y' } } }));
    listClients({});
    await wrap('cursor', { yes: true });
    listClients({});
    expect(out.match(/mcp-remote https:\/\/mcp\.linear\.app\/sse {2}\(a bridge: "url" alone/g)).toHaveLength(
      2,
    );
    expect(out.match(/a bridge/g)).toHaveLength(2);
  });

  it('has columns under each other though letters are wide', () => {
    cursor('{"mcpServers":{"日本語":{"command":"x"},"abcdef":{"command":"y"}}}');
    listClients({});
    expect(out).toContain('  ○ 日本語  not wrapped  x\n  ○ abcdef  not wrapped  y\n');
  });
});

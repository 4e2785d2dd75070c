import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { describe, expect, it } from 'vitest';
import { ranToEnd } from '../support/cli.ts';
import { newFolder, recordsOf } from '../support/home.ts';
import { BIN, cleanEnv } from '../support/proxy-process.ts';
import { Terminal } from '../support/terminal.ts';

const EVERYTHING = resolve(
  import.meta.dirname,
  '../../node_modules/@modelcontextprotocol/server-everything/dist/index.js',
);
const CONFIG = `{\n  // mine\n  "mcpServers": {\n    "every": { "command": ${JSON.stringify(process.execPath)}, "args": [${JSON.stringify(EVERYTHING)}] },\n    "far": { "url": "wss://example.org/mcp" },\n  }\n}\n`;

function machine() {
  const folder = newFolder();
  const file = join(folder, '.cursor/mcp.json');
  mkdirSync(dirname(file));
  writeFileSync(file, CONFIG);
  const run = (words: string[], env: Record<string, string> = {}) =>
    ranToEnd(
      spawn(process.execPath, [BIN, ...words], {
        stdio: ['ignore', 'pipe', 'pipe'],
        cwd: folder,
        env: cleanEnv({ HOME: folder, ...env }),
      }),
    );
  return { folder, file, run, text: () => readFileSync(file, 'utf8') };
}

describe('holdpoint wrap', () => {
  it('shows the difference and changes nothing with --dry-run, or where nobody can be asked', async () => {
    const { run, text, folder } = machine();
    const dry = await run(['wrap', 'cursor', '--dry-run']);
    expect(dry.code).toBe(0);
    expect(dry.stdout).toMatch(/^- .*"every"/m);
    expect(dry.stdout).toMatch(/^\+ .*holdpoint\.js", "run", "--server", "every", "--"/m);
    expect(dry.stdout).toContain('Left far alone: it is remote');
    const mute = await run(['wrap', 'cursor']);
    expect([mute.code, mute.stderr]).toEqual([2, expect.stringContaining('--yes')]);
    expect(text()).toBe(CONFIG);
    expect(readdirSync(join(folder, '.cursor'))).toEqual(['mcp.json']);
  });

  it('with --yes wraps, keeps a backup, and a client that starts what stands there is served', async () => {
    const { run, file, folder, text } = machine();
    chmodSync(file, 0o600);
    const wrapped = await run(['wrap', '--yes']);
    expect([wrapped.code, wrapped.stderr]).toEqual([0, '']);
    expect(wrapped.stdout).toContain('holdpoint watch');
    const backups = join(folder, '.holdpoint/backups');
    const [backup] = readdirSync(backups).filter((name) => name.includes('.bak-'));
    expect(readFileSync(join(backups, backup ?? ''), 'utf8')).toBe(CONFIG);
    expect(statSync(join(backups, backup ?? '')).mode & 0o777).toBe(0o600);
    expect(readdirSync(join(folder, '.cursor'))).toEqual(['mcp.json']);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const entry = /"every": (\{.*\})/.exec(text())?.[1] ?? '';
    const { command, args } = JSON.parse(entry) as { command: string; args: string[] };
    const client = new Client({ name: 'test', version: '1' });
    await client.connect(
      new StdioClientTransport({ command, args, env: cleanEnv({ HOME: folder }), stderr: 'ignore' }),
    );
    const { tools } = await client.listTools();
    await client.close();
    expect(tools.map((tool) => tool.name)).toContain('echo');
    expect((await run(['clients'])).stdout).toMatch(/● every +wrapped/);
    expect((await run(['wrap', '--yes'])).stdout).toContain('every is wrapped already');
    const back = await run(['unwrap', 'cursor', '--yes']);
    expect(back.code).toBe(0);
    expect(text()).toBe(CONFIG);
  });

  it('shows no token, neither of env nor in an argument', async () => {
    const { run, file } = machine();
    const token = `ghp_${'a1B2'.repeat(9)}`;
    const entry = { command: 'npx', args: ['x', `--header=Bearer ${token}`], env: { TOKEN: 'hunter2' } };
    writeFileSync(file, JSON.stringify({ mcpServers: { hub: entry } }, null, 2));
    const { stdout } = await run(['wrap', 'cursor', '--dry-run']);
    expect(stdout).toMatch(/^\+ .*holdpoint\.js/m);
    expect(stdout).not.toMatch(/ghp_|hunter2/);
  });

  it('asks on a terminal, and No changes nothing', async () => {
    const { folder, text } = machine();
    const terminal = new Terminal({ words: ['wrap', 'cursor'], columns: 200, env: { HOME: folder } });
    await terminal.shows('Write these changes? [y/N]');
    terminal.type('n\r');
    await terminal.shows('Nothing was changed');
    expect((await terminal.exit).exitCode).toBe(0);
    expect(text()).toBe(CONFIG);
  });

  it('without words shows every server and what it may do, and leaves out what is chosen', async () => {
    const { folder, file } = machine();
    const servers = {
      github: { command: 'npx', args: ['-y', '@modelcontextprotocol/server-github'] },
      own: { command: 'npx', args: ['own-mcp', '--token', `ghp_${'a1B2'.repeat(9)}`] },
      far: { url: 'wss://example.org/mcp' },
    };
    writeFileSync(file, JSON.stringify({ mcpServers: servers }, null, 2));
    const terminal = new Terminal({
      words: ['wrap'],
      columns: 120,
      env: { HOME: folder, XDG_CONFIG_HOME: '' },
    });
    await terminal.shows('Numbers, such as');
    const screen = terminal.text();
    expect(screen).toMatch(/1 +Cursor +github +as github: \d+ read/);
    expect(screen).toMatch(/2 +Cursor +own +not seen yet/);
    expect(screen).toMatch(/· +Cursor +far +remote, NOT guarded/);
    expect(screen).not.toContain('ghp_a1');
    terminal.type('2\r');
    await terminal.shows('Write these changes to this file? [y/N]');
    terminal.type('y\r');
    await terminal.shows('NOT guarded: far (Cursor).');
    expect((await terminal.exit).exitCode).toBe(0);
    const after = JSON.parse(readFileSync(file, 'utf8')) as { mcpServers: typeof servers };
    expect(after.mcpServers.own).toEqual(servers.own);
    expect(after.mcpServers.github.args).toContain('--server');
  });

  it.for(['n', '7', 'two'])('without words and answered %j changes nothing', async (answer) => {
    const { folder, text } = machine();
    const terminal = new Terminal({
      words: ['wrap'],
      columns: 120,
      env: { HOME: folder, XDG_CONFIG_HOME: '' },
    });
    await terminal.shows('Numbers, such as');
    terminal.type(`${answer}\r`);
    await terminal.shows('Nothing was changed');
    expect((await terminal.exit).exitCode).toBe(0);
    expect(text()).toBe(CONFIG);
  });

  it('without a name offers a choice, and Ctrl-C at it is none', async () => {
    const { folder, text } = machine();
    const terminal = new Terminal({ words: ['wrap'], cwd: folder, env: { HOME: folder } });
    await terminal.shows('Enter: holdpoint goes in front');
    terminal.type('\x03');
    await terminal.shows('Nothing was changed.');
    expect(terminal.text()).not.toContain('Write these changes');
    expect(text()).toBe(CONFIG);
  });

  it('writes through a link and keeps it', async () => {
    const { run, file, folder } = machine();
    const real = join(folder, 'dotfiles.json');
    writeFileSync(real, CONFIG);
    const link = join(folder, 'linked.json');
    symlinkSync(real, link);
    expect((await run(['wrap', '--file', link, '--yes'])).code).toBe(0);
    expect(lstatSync(link).isSymbolicLink()).toBe(true);
    expect(realpathSync(link)).toBe(realpathSync(real));
    expect(readFileSync(real, 'utf8')).toContain('holdpoint.js');
    expect(readFileSync(file, 'utf8')).toBe(CONFIG);
  });

  it('loses nothing of a file that is not JSON, and says where it is wrong', async () => {
    const { run, file, text } = machine();
    writeFileSync(file, '{"mcpServers": {');
    const { code, stderr } = await run(['wrap', 'cursor', '--yes']);
    expect([code, stderr]).toEqual([1, expect.stringContaining('mcp.json:1:17 is not JSON')]);
    expect(text()).toBe('{"mcpServers": {');
  });

  it.for([
    [['wrap', 'nobody'], 2, 'Known: claude-desktop'],
    [['wrap', 'cursor', '--server', 'nope', '--yes'], 2, 'It has: every, far'],
    [['wrap', 'claude-desktop', '--yes'], 4, 'No client'],
    [['wrap', '--file', 'none.json'], 2, 'does not exist'],
  ] as const)('%j ends with exit %i and says why', async ([words, code, said]) => {
    const ran = await machine().run([...words]);
    expect([ran.code, ran.stderr]).toEqual([code, expect.stringContaining(said)]);
  });
});

describe('holdpoint wrap with remote servers', () => {
  const SECRETS = /hunter2|s3cret/;
  const MIXED = `{
  // mine
  "mcpServers": {
    "every": { "command": ${JSON.stringify(process.execPath)}, "args": [${JSON.stringify(EVERYTHING)}] },
    "linear": { "url": "https://mcp.linear.app/mcp" }, // the issues
    "hub": {
      "type": "http",
      "url": "https://hub.example/mcp?key=s3cret",
      "headers": {
        "Authorization": "Bearer hunter2", /* his */
        "X-Tenant": "hunter2-too",
      },
    },
  },
}
`;

  it('guards them, shows no header and no query, and gives the same bytes back', async () => {
    const { run, file, text } = machine();
    writeFileSync(file, MIXED);
    chmodSync(file, 0o600);
    const wrapped = await run(['wrap', 'cursor', '--yes']);
    expect([wrapped.code, wrapped.stderr]).toEqual([0, '']);
    expect(wrapped.stdout).toContain('Wrapped every, linear, hub (Cursor)');
    expect(wrapped.stdout).toContain('holdpoint login URL');
    const clients = await run(['clients']);
    expect(clients.stdout).toMatch(/● linear +wrapped +https:\/\/mcp\.linear\.app\/mcp\n/);
    expect(clients.stdout).toMatch(/● hub +wrapped +https:\/\/hub\.example\/mcp\n/);
    const why = await run(['why', 'hub']);
    expect(why.stdout).toMatch(/it is wrapped[\s\S]*it is remote: https:\/\/hub\.example\/mcp/);
    const doctor = await run(['doctor']);
    expect(doctor.stdout).not.toMatch(/not wrapped|not guarded/);
    const json = await run(['clients', '--json']);
    expect(json.stdout).toContain('"address": "https://hub.example/mcp"');
    const back = await run(['unwrap', 'cursor', '--yes']);
    expect(back.code).toBe(0);
    expect(text()).toBe(MIXED);
    for (const { stdout, stderr } of [wrapped, clients, why, doctor, json, back])
      expect(stdout + stderr).not.toMatch(SECRETS);
  });

  it('are offered before they are wrapped, in clients and by doctor', async () => {
    const { run, file } = machine();
    writeFileSync(file, MIXED);
    const clients = await run(['clients']);
    expect(clients.stdout).toMatch(/○ linear +not wrapped +https:\/\/mcp\.linear\.app\/mcp\n/);
    const doctor = await run(['doctor']);
    expect(doctor.stdout).toContain('every, linear and hub of Cursor');
    expect(doctor.stdout).toContain('holdpoint wrap cursor');
    expect(clients.stdout + doctor.stdout).not.toMatch(SECRETS);
  });

  it('are started with what run takes, and run says what it reaches by origin and path', async () => {
    const { run, file, folder, text } = machine();
    writeFileSync(file, '{"mcpServers":{"near":{"url":"http://127.0.0.1:9/mcp?key=s3cret"}}}');
    await run(['wrap', 'cursor', '--yes']);
    const { near } = (
      JSON.parse(text()) as {
        mcpServers: { near: { command: string; args: string[]; env: Record<string, string> } };
      }
    ).mcpServers;
    expect(near.args.join(' ')).not.toMatch(SECRETS);
    const child = spawn(near.command, near.args, { env: cleanEnv({ HOME: folder, ...near.env }) });
    const ended = ranToEnd(child);
    child.stdin.end(
      '{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"t","version":"1"}}}\n',
    );
    const { stdout, stderr } = await ended;
    expect(stderr).not.toMatch(/Usage:/);
    expect(stdout).toContain('"id":1');
    expect(stdout + stderr).not.toMatch(SECRETS);
  });
});

describe('holdpoint unwrap', () => {
  it.for(['SIGINT', 'SIGTERM', 'SIGHUP'])(
    'writes a file whole, and is stopped after it: %s',
    async (signal) => {
      const module = pathToFileURL(join(import.meta.dirname, '../../dist/platform/uninterrupted.js')).href;
      const code = `const { uninterrupted } = await import('${module}');
      await uninterrupted(() => { process.kill(process.pid, '${signal}'); for (const end = Date.now() + 50; Date.now() < end;); console.log('whole'); });
      console.log('after'); setTimeout(() => console.log('later'), 1000);`;
      const child = spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: 'pipe' });
      let said = '';
      child.stdout.on('data', (chunk) => {
        said += chunk;
      });
      const [, by] = await once(child, 'close');
      expect([said.startsWith('whole'), said.includes('later'), by]).toEqual([true, false, signal]);
    },
  );

  it('is refused for an agent, which is recorded', async () => {
    const { run, text, folder, file } = machine();
    await run(['wrap', '--yes']);
    const wrapped = text();
    const { code, stderr } = await run(['unwrap', 'cursor', '--yes'], { CLAUDECODE: '1' });
    expect([code, stderr]).toEqual([1, expect.stringContaining('opened by an agent')]);
    expect(text()).toBe(wrapped);
    expect(recordsOf(join(folder, '.holdpoint'), 'fault')[0]).toMatchObject({
      cause: 'unwrap-refused',
      what: expect.stringContaining(`unwrap ${file}: This shell`),
    });
  });
});

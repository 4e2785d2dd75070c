import { chmodSync, linkSync, readdirSync, renameSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { describe, expect, it } from 'vitest';
import { wrappedAt } from '../../src/clients/wrapped.ts';
import { clientMachine, everyClient, SERVER } from '../support/client-machine.ts';
import { runAsReader } from '../support/docs-page.ts';
import { recordsOf } from '../support/home.ts';
import { cleanEnv } from '../support/proxy-process.ts';

interface Listed {
  client: string;
  file: string;
  servers: { name: string; state: string; command: string[]; address: string | null }[];
}

function installed() {
  const machine = clientMachine();
  for (const [path, text] of Object.entries(everyClient(SERVER))) machine.put(path, text, 0o600);
  return machine;
}

describe('a machine with every client', () => {
  it('has all of its servers gated by one command, and is undone byte for byte by another', async () => {
    const machine = installed();
    const before = machine.picture();
    const wrapped = await machine.run(['wrap', '--yes']);
    expect([wrapped.code, wrapped.stderr]).toEqual([0, '']);
    const listed = JSON.parse((await machine.run(['clients', '--json'])).stdout) as Listed[];
    const servers = listed.flatMap((one) => one.servers);
    expect(listed).toHaveLength(Object.keys(before).length);
    expect(servers.filter(({ state }) => state === 'plain')).toEqual([]);
    expect(servers.filter(({ state }) => state === 'wrapped')).toHaveLength(35);
    expect(wrapped.stdout).toContain('NOT guarded: far (Codex).');
    expect(servers.filter(({ state, address }) => state === 'wrapped' && address !== null)).toHaveLength(10);
    for (const { command, state, address } of servers)
      if (state === 'wrapped')
        expect(command.slice(wrappedAt(command))).toEqual(address === null ? SERVER : []);
    expect(wrapped.stdout + JSON.stringify(listed)).not.toContain('hidden-token');
    const team = [machine.read('work/shop/.mcp.json'), machine.read('work/shop/.vscode/mcp.json')];
    for (const text of team) expect(text).toMatch(/"command":\s*"holdpoint"/);
    for (const text of team) expect(text).not.toMatch(/holdpoint\.js/);
    const back = await machine.run(['unwrap', '--yes']);
    expect([back.code, back.stderr]).toEqual([0, '']);
    expect(back.stdout).not.toContain('hidden-token');
    expect(machine.picture()).toEqual(before);
    expect(readdirSync(machine.project).sort()).toEqual(['.git', '.mcp.json', '.qwen', '.vscode']);
  }, 60_000);

  it('changes nothing more when it is wrapped twice', async () => {
    const machine = installed();
    await machine.run(['wrap', '--yes']);
    const once = machine.picture();
    const again = await machine.run(['wrap', '--yes']);
    expect([again.code, again.stderr]).toEqual([0, '']);
    expect(machine.picture()).toEqual(once);
  }, 60_000);

  it('starts through what stands in each format a server that answers, and its calls are recorded', async () => {
    const machine = installed();
    machine.put('.holdpoint/policy.json', '{"version":1,"allow":["*"]}', 0o600);
    chmodSync(join(machine.home, '.holdpoint'), 0o700);
    await machine.run(['wrap', '--yes']);
    const listed = JSON.parse((await machine.run(['clients', '--json'])).stdout) as Listed[];
    const some = ['desktop', 'team', 'codex', 'open', 'goose', 'older'];
    const commands = listed.flatMap((one) => one.servers).filter(({ name }) => some.includes(name));
    expect(commands).toHaveLength(some.length);
    for (const { command } of commands) {
      const [program = '', ...args] = command;
      const path = `${join(machine.home, 'bin')}:${process.env['PATH']}`;
      const client = new Client({ name: 'test', version: '1' });
      const env = cleanEnv({ HOME: machine.home, PATH: path });
      await client.connect(new StdioClientTransport({ command: program, args, env, stderr: 'ignore' }));
      const { content } = await client.callTool({ name: 'greet', arguments: { name: 'ada' } });
      expect(content).toEqual([{ type: 'text', text: expect.stringContaining('ada') }]);
      await client.close();
    }
    const names = recordsOf(join(machine.home, '.holdpoint'), 'session').flatMap(
      (one) => one['server'] ?? [],
    );
    expect([...new Set(names)].sort()).toEqual([...some].sort());
  }, 60_000);
});

describe('a time limit', () => {
  it('is raised where the client has one, and put back', async () => {
    const machine = installed();
    await machine.run(['wrap', '--yes']);
    expect(machine.read('.codex/config.toml')).toContain('tool_timeout_sec = 1800\n');
    expect(machine.read('.gemini/settings.json')).toContain('"timeout": 1800000');
    expect(machine.read('.config/goose/config.yaml')).toContain('timeout: 1800 # seconds');
    expect(machine.read('.config/Claude/claude_desktop_config.json')).not.toContain('timeout');
  });

  it('is not written into an entry of opencode 2, where it is an object', async () => {
    const machine = clientMachine();
    const entry = JSON.stringify({ type: 'local', command: SERVER });
    machine.put(
      '.config/opencode/opencode.jsonc',
      `{"mcp":{"timeout":{"execution":9000},"servers":{"a":${entry}}}}`,
    );
    const wrapped = await machine.run(['wrap', '--yes']);
    expect([wrapped.code, wrapped.stdout.includes('Left')]).toEqual([0, false]);
    const { mcp } = JSON.parse(machine.read('.config/opencode/opencode.jsonc')) as {
      mcp: { servers: { a: { command: string[]; timeout?: number } } };
    };
    expect(mcp.servers.a.timeout).toBeUndefined();
    expect(mcp.servers.a.command.slice(-SERVER.length - 1)).toEqual(['--', ...SERVER]);
  });
});

describe('a file that is linked', () => {
  it('keeps its symbolic link and its second name through wrap and unwrap', async () => {
    const machine = installed();
    const real = join(machine.home, 'dotfiles-cursor.json');
    renameSync(join(machine.home, '.cursor/mcp.json'), real);
    symlinkSync(real, join(machine.home, '.cursor/mcp.json'));
    linkSync(join(machine.home, '.codex/config.toml'), join(machine.home, 'dotfiles-codex.toml'));
    const before = machine.picture();
    expect((await machine.run(['wrap', '--yes'])).code).toBe(0);
    expect(machine.read('dotfiles-codex.toml')).toContain('holdpoint.js');
    expect(statSync(join(machine.home, '.codex/config.toml')).nlink).toBe(2);
    expect(machine.read('dotfiles-cursor.json')).toContain('holdpoint.js');
    await machine.run(['unwrap', '--yes']);
    expect(machine.picture()).toEqual(before);
  }, 60_000);
});

describe("a team's file", () => {
  it('is left as it is where no "holdpoint" is on the PATH, with the way out, and ends with 1', async () => {
    const machine = installed();
    const before = machine.read('work/shop/.mcp.json');
    const ran = await machine.run(['wrap', 'claude-code', '--yes'], { PATH: '/usr/bin:/bin' });
    expect([ran.code, machine.read('work/shop/.mcp.json')]).toEqual([1, before]);
    expect(ran.stdout).toContain('no such command is on your PATH. Run "npm install -g ."');
    expect(machine.read('.claude.json')).toContain('holdpoint.js');
  });

  it('takes no path of this machine, and says so', async () => {
    const machine = installed();
    const before = machine.read('work/shop/.mcp.json');
    const file = join(machine.project, '.mcp.json');
    const ran = await machine.run(['wrap', '--file', file, '--yes', '--home', join(machine.home, 'hp')]);
    expect([ran.code, machine.read('work/shop/.mcp.json')]).toEqual([1, before]);
    expect(ran.stdout).toContain('it can hold no path of this machine');
  });

  it('is found from a folder below', async () => {
    const machine = installed();
    const deep = machine.put('work/shop/packages/api/x.txt', '');
    const ran = await machine.run(['clients', '--json'], { PWD: deep });
    expect(ran.stdout).toContain(join(machine.project, '.mcp.json'));
  });
});

describe('a client that is not here', () => {
  it('is said to be missing, each place once, also where the home is the working folder', async () => {
    const machine = clientMachine();
    const { stderr, code } = await runAsReader(
      'cd && holdpoint clients && holdpoint unwrap codex --yes',
      machine,
    );
    expect([code, stderr.split('.codex/config.toml').length]).toEqual([4, 2]);
  });
});

import { chmodSync, mkdirSync, unlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { onTestFinished } from 'vitest';
import { type ClientMachine, clientMachine, everyClient, SERVER } from './client-machine.ts';
import { auditFiles } from './home.ts';
import { ProxyProcess } from './proxy-process.ts';

const FILESYSTEM = resolve(
  import.meta.dirname,
  '../../node_modules/@modelcontextprotocol/server-filesystem/dist/index.js',
);
const CURSOR = '.cursor/mcp.json';
const POLICY = '.holdpoint/policy.json';
const WRITE = { path: 'notes.md', content: 'x' };

/** A machine whose Cursor has one server, `files`, and an `npx` that needs no network. */
export async function withFiles(wrapped = true): Promise<ClientMachine> {
  const machine = clientMachine();
  const npx = `#!/bin/sh\nshift 2; exec ${process.execPath} ${FILESYSTEM} "$@"\n`;
  machine.put('bin/npx', npx, 0o755);
  machine.put('work/shop/notes.md', 'buy milk\n');
  const words = ['-y', '@modelcontextprotocol/server-filesystem', machine.project];
  machine.put(CURSOR, JSON.stringify({ mcpServers: { files: { command: 'npx', args: words } } }, null, 2));
  if (wrapped) await machine.run(['wrap', '--yes']);
  return machine;
}

/** A machine with every client of the table. */
export async function withEveryClient(): Promise<ClientMachine> {
  const machine = await withFiles(false);
  for (const [path, text] of Object.entries({ ...everyClient(SERVER), ...RARER })) machine.put(path, text);
  return machine;
}

const entry = { command: SERVER[0], args: SERVER.slice(1) };
const RARER = {
  '.config/github-copilot/intellij/mcp.json': JSON.stringify({ servers: { jetbrains: entry } }),
  '.gemini/antigravity/mcp_config.json': JSON.stringify({ mcpServers: { gravity: entry } }),
  '.factory/mcp.json': JSON.stringify({ mcpServers: { droid: entry } }),
  '.config/crush/crush.json': JSON.stringify({ mcp: { crush: { type: 'stdio', ...entry } } }),
};

/** A client that has started the wrapped `files`, of which the tools are accepted; `words` more for `run`. */
async function client(machine: ClientMachine, ...words: string[]): Promise<ProxyProcess> {
  const home = join(machine.home, '.holdpoint');
  const proxy = new ProxyProcess({
    home,
    server: [process.execPath, FILESYSTEM, machine.project],
    words: ['--server', 'files', '--trust-first', ...words, '--'],
    ownClient: true,
    cwd: machine.project,
    env: { HOME: machine.home },
  });
  const clientInfo = { name: 'somebody', version: '1' };
  proxy.send({
    id: 0,
    method: 'initialize',
    params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo },
  });
  await proxy.answer(0);
  proxy.send({ method: 'notifications/initialized' }, { id: 'list', method: 'tools/list' });
  await proxy.answer('list');
  return proxy;
}

function policy(machine: ClientMachine, text: string): void {
  mkdirSync(join(machine.home, '.holdpoint'), { recursive: true, mode: 0o700 });
  machine.put(POLICY, text, 0o600);
}

/** One read ran. */
async function used(): Promise<ClientMachine> {
  const machine = await withFiles();
  const proxy = await client(machine);
  proxy.call(1, 'read_text_file', { path: 'notes.md' });
  await proxy.answer(1);
  await proxy.end();
  return machine;
}

async function withoutNode(): Promise<ClientMachine> {
  const machine = await withFiles();
  const here = JSON.stringify(process.execPath);
  machine.put(CURSOR, machine.read(CURSOR).replace(here, '"/opt/node-18/bin/node"'));
  return machine;
}

async function applied(): Promise<ClientMachine> {
  const machine = await withFiles();
  policy(machine, '{ "version": 1, "allow": ["files/read_*"] }');
  await machine.run(['policy', 'apply', '--yes']);
  return machine;
}

/** A proxy of an earlier holdpoint, as far as an approver hears. */
async function oldProxy({ home }: ClientMachine): Promise<void> {
  const run = join(home, '.holdpoint/run');
  mkdirSync(run, { recursive: true, mode: 0o700 });
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.write(`${JSON.stringify({ type: 'hello', v: 4, session: 'old', notices: [] })}\n`);
  });
  await new Promise<void>((listening) => {
    server.listen(join(run, '20261101-090000-oldone.sock'), listening);
  });
  onTestFinished(() => void server.close());
}

/** By the heading in docs/troubleshooting.md: a machine that has this trouble. */
export const TROUBLES: Record<string, () => Promise<ClientMachine>> = {
  'What you see, what it is, what to do': () => withFiles(),
  'The client shows no tools': withoutNode,
  'doctor says program-missing after an upgrade of Node': withoutNode,
  'Nothing is held': () => withFiles(false),
  'Everything is held': () => used(),
  'The agent is told "Not executed … repeat the same call"': async () => {
    const machine = await withFiles();
    const proxy = await client(machine, '--client-waits', '2s');
    proxy.call(1, 'write_file', WRITE);
    await proxy.answer(1);
    return machine;
  },
  'approve says that the shell was opened by an agent': async () => {
    const machine = await withFiles();
    policy(machine, '{ "version": 1 }');
    return machine;
  },
  'A changed policy has no effect': async () => {
    const machine = await applied();
    policy(machine, '{ "version": 1, "allow": ["files/read_*", "files/list_*"] }');
    return machine;
  },
  'The policy was deleted and still counts': async () => {
    const machine = await applied();
    unlinkSync(join(machine.home, POLICY));
    return machine;
  },
  'watch shows strange signs': () => withFiles(),
  'watch and pending show nothing, though a call hangs': () => withFiles(),
  'An upgrade left old proxies running': async () => {
    const machine = await withFiles();
    await oldProxy(machine);
    return machine;
  },
  'unwrap refuses': async () => {
    const machine = await withFiles();
    machine.put(CURSOR, machine.read(CURSOR).replace('{', '{\n<<<<<<< HEAD'));
    return machine;
  },
  'wrap says "Left … alone"': async () => {
    const machine = await withFiles();
    machine.put('.codex/config.toml', '[mcp_servers.odd]\nargs = ["server.js"]\n');
    return machine;
  },
  'doctor says that the log is tampered with or incomplete': async () => {
    const machine = await used();
    const [file = ''] = auditFiles(join(machine.home, '.holdpoint'));
    const text = machine.read(file.slice(machine.home.length + 1));
    writeFileSync(file, text.replace('"effect":"allow"', '"effect":"deny"'));
    return machine;
  },
  'The disk is full, or the log cannot be written': () => used(),
  'A held call disappeared': async () => {
    const machine = await withFiles();
    const proxy = await client(machine);
    proxy.call(1, 'write_file', WRITE);
    proxy.send({ id: 2, method: 'ping' });
    await proxy.answer(2);
    await proxy.end();
    return machine;
  },
  'Others could read or enter the home': async () => {
    const machine = await withFiles();
    chmodSync(join(machine.home, '.holdpoint'), 0o755);
    return machine;
  },
};

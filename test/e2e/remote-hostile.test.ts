import { chmodSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { oneHold } from '../support/cli.ts';
import { eventually } from '../support/eventually.ts';
import { newFolder, newHome, recordsOf, type TestPolicy } from '../support/home.ts';
import {
  answer,
  EVENTS,
  httpServer,
  initialized,
  JSON_TYPE,
  type Script,
  session,
} from '../support/http-script.ts';
import { LONG } from '../support/long.ts';
import { ProxyProcess } from '../support/proxy-process.ts';
import { Terminal } from '../support/terminal.ts';

const answers: Script = ({ json }, response) => response.writeHead(200, JSON_TYPE).end(answer(json?.id));
const NAMES = ['echo', 'delete_all', 'get_note'];

/** A server with tools; what else comes goes to `rest`, notifications and streams as of `session`. */
const server = (rest: Script, stream?: Script) =>
  httpServer((came, response, all) => {
    const { method, json } = came;
    if (method === 'GET' && stream !== undefined) return stream(came, response, all);
    if (json?.method !== 'tools/list') return session(rest)(came, response, all);
    const tools = NAMES.map((name) => ({ name, inputSchema: { type: 'object' } }));
    response
      .writeHead(200, JSON_TYPE)
      .end(JSON.stringify({ jsonrpc: '2.0', id: json.id, result: { tools } }, null, 2));
  });

async function begun(url: string, policy: TestPolicy) {
  const home = newHome({ servers: { srv: { newTools: 'policy' } }, ...policy });
  const proxy = new ProxyProcess({ home, server: ['--url', url], words: ['--server', 'srv'] });
  const clientInfo = { name: 'c', version: '1' };
  const params = { protocolVersion: '2025-06-18', capabilities: {}, clientInfo };
  proxy.send({ id: 'i', method: 'initialize', params });
  await proxy.answer('i');
  proxy.send({ method: 'notifications/initialized' });
  return { home, proxy };
}

/** One that answers no call, and keeps every stream open. */
const open: Script = (_, response) => response.writeHead(200, EVENTS).flushHeaders();

describe('a session with a remote server whose streams are open', () => {
  it.each<[string, number, (proxy: ProxyProcess) => void]>([
    ['its client', 0, ({ child }) => child.stdin!.end()],
    ['SIGTERM', 143, ({ child }) => child.kill('SIGTERM')],
    ['SIGINT', 130, ({ child }) => child.kill('SIGINT')],
  ])('ends by %s, and its calls are recorded as unknown', async (_, code, end) => {
    const { url, calls } = await server(open, open);
    const { home, proxy } = await begun(url, { allow: ['*'] });
    for (let id = 1; id <= 20; id += 1) proxy.call(id, 'echo');
    await eventually('the calls', () => calls().length === 20);
    end(proxy);
    expect(await proxy.exit).toBe(code);
    expect(recordsOf(home, 'outcome').map(({ outcome }) => outcome)).toEqual(Array(20).fill('unknown'));
    expect(proxy.stderr).not.toContain('unexpected fault');
  });

  it('goes on when the server is killed: each call is unknown once, and the next says that nobody is there', async () => {
    const sockets = new Set<import('node:net').Socket>();
    let running = 0;
    const killed = createServer((request, response) => {
      let body = '';
      request.on('data', (part) => {
        body += part;
      });
      request.on('end', () => {
        const json = body === '' ? undefined : JSON.parse(body);
        if (json?.method === 'initialize')
          return response.writeHead(200, JSON_TYPE).end(initialized(json.id));
        if (json !== undefined && json.id === undefined) return response.writeHead(202).end();
        if (json?.method === 'tools/call') running += 1;
        return response.writeHead(200, EVENTS).flushHeaders();
      });
    });
    killed.on('connection', (socket) => sockets.add(socket));
    await new Promise<void>((listening) => killed.listen(0, '127.0.0.1', listening));
    onTestFinished(() => void killed.close());
    const url = `http://127.0.0.1:${(killed.address() as AddressInfo).port}/mcp`;
    const { home, proxy } = await begun(url, { allow: ['*'] });
    for (let id = 1; id <= 20; id += 1) proxy.call(id, 'echo');
    await eventually('the calls', () => recordsOf(home, 'decision').length === 20);
    await eventually('their requests', () => running === 20);
    killed.close();
    for (const socket of sockets) socket.resetAndDestroy();
    for (let id = 1; id <= 20; id += 1) expect(await proxy.text(id)).toContain('Outcome unknown.');
    proxy.call(21, 'echo');
    expect(await proxy.text(21)).toContain('refuses connections');
    for (let id = 1; id <= 21; id += 1) expect(proxy.answers(id)).toHaveLength(1);
    proxy.child.stdin!.end();
    expect(await proxy.exit).toBe(0);
  });
});

describe('many at a time over the bridge', () => {
  it('each get their own answer, and are run once', async () => {
    const { url, calls } = await server((came, response, all) => {
      setTimeout(() => answers(came, response, all), (Number(came.json?.id) * 7) % 40);
    });
    const { proxy } = await begun(url, { allow: ['*'] });
    const count = LONG ? 1_000 : 200;
    for (let id = 1; id <= count; id += 1) proxy.call(id, 'echo', { id });
    for (let id = 1; id <= count; id += 1) await proxy.answer(id);
    expect(proxy.lines.filter(({ json }) => Number(json?.id) > 0)).toHaveLength(count);
    expect(new Set(calls()).size).toBe(count);
    expect(calls()).toHaveLength(count);
  });

  it.skipIf(!LONG)(
    'of 30 MB each stop their client and not the proxy, and every one arrives whole',
    async () => {
      const sizes: number[] = [];
      const { url } = await server((came, response, all) => {
        sizes.push(came.body.length);
        answers(came, response, all);
      });
      const { proxy } = await begun(url, { allow: ['*'] });
      const big = 'x'.repeat(30_000_000);
      const count = LONG ? 8 : 2;
      for (let id = 1; id <= count; id += 1) proxy.call(id, 'echo', { big });
      for (let id = 1; id <= count; id += 1) await proxy.answer(id, 60_000);
      expect(sizes.every((size) => size > big.length)).toBe(true);
      expect(sizes).toHaveLength(count);
    },
    90_000,
  );
});

describe('what a policy says holds over the bridge', () => {
  it('a hidden tool leaves the list, which stands on many lines, and is denied', async () => {
    const { url, calls } = await server(answers);
    const { proxy } = await begun(url, { deny: [{ tool: 'srv/delete_*', hide: true }], allow: ['*'] });
    proxy.send({ id: 'l', method: 'tools/list' });
    const { result } = await proxy.answer('l');
    expect(JSON.stringify(result)).not.toContain('delete_all');
    expect(JSON.stringify(result)).toContain('get_note');
    proxy.call(1, 'delete_all');
    expect(await proxy.text(1)).toContain('Not executed');
    expect(calls()).toEqual([]);
  });

  it('a policy that observes lets a call through, and records what it would have been', async () => {
    const { url, calls } = await server(answers);
    const { home, proxy } = await begun(url, { mode: 'observe', deny: ['srv/echo'] });
    proxy.call(1, 'echo');
    await proxy.answer(1);
    expect(calls()).toEqual([1]);
    expect(recordsOf(home, 'decision')).toHaveLength(1);
  });

  it('a call as a task is decided like any other, and what asks for its result passes', async () => {
    const { url, calls, came } = await server(answers);
    const { proxy } = await begun(url, { deny: ['srv/delete_all'], allow: ['*'] });
    proxy.call(1, 'delete_all', {}, { task: { ttl: 60_000 } });
    expect((await proxy.answer(1)).error).toMatchObject({ code: 1001 });
    proxy.call(2, 'echo', {}, { task: { ttl: 60_000 } });
    await proxy.answer(2);
    proxy.send({ id: 3, method: 'tasks/result', params: { taskId: 't' } });
    await proxy.answer(3);
    expect([calls(), came.at(-1)?.json?.method]).toEqual([[2], 'tasks/result']);
  });

  it.skipIf(!LONG)('a call that a person edits is posted as it was approved, once', async () => {
    const { url, came } = await server(answers);
    const { home, proxy } = await begun(url, { escalate: [{ tool: 'srv/echo', confirm: 'key' }] });
    proxy.write(
      '{"jsonrpc":"2.0", "id" : 7,"method":"tools/call","params":{ "name":"echo","arguments":{"n":  9007199254740993,"to":"bob"}}}\n',
    );
    await oneHold(home);
    const editor = join(newFolder(), 'editor');
    writeFileSync(editor, '#!/bin/sh\nsed -i \'s/"bob"/"carol"/\' "$1"\n');
    chmodSync(editor, 0o755);
    const env = { EDITOR: editor, VISUAL: '' };
    const terminal = new Terminal({ words: ['watch', '--home', home], columns: 110, rows: 32, env });
    await terminal.shows('1 waiting');
    terminal.type('e');
    await terminal.shows('"bob" → "carol"');
    await eventually('the approval', async () => {
      terminal.type('a');
      await new Promise((later) => setTimeout(later, 900));
      return terminal.text().includes('The call was forwarded');
    });
    expect(await proxy.text(7)).toContain('changed the arguments');
    const posted = came.filter(({ json }) => json?.method === 'tools/call').map(({ body }) => body);
    expect(posted).toHaveLength(1);
    expect(posted[0]).toContain('9007199254740993');
    expect(posted[0]).toContain('"carol"');
    expect(posted[0]).not.toContain('bob');
  });
});

describe('odd but legal lines', () => {
  it('are answered once each, or refused, and leave as they came', async () => {
    const { url, came } = await server(answers);
    const { proxy } = await begun(url, { allow: ['*'] });
    const lines = [
      '{"jsonrpc":"2.0","id":1.0,"method":"ping"}',
      '{"jsonrpc":"2.0","id":1e2,"method":"tools/list"}',
      '{"jsonrpc":"2.0","id":1.5,"method":"resources/list"}',
      '{"jsonrpc":"2.0","id":9007199254740993,"method":"ping"}',
      '{"jsonrpc":"2.0","id":"__proto__","method":"ping"}',
      '{"jsonrpc":"2.0","id":"\\u00e9\\r\\nx: y","method":"ping"}',
      '{"jsonrpc":"2.0","id":null,"method":"ping"}',
      '{\t"jsonrpc":"2.0","id":"tab","method":"ping"} \r',
      '{"jsonrpc":"2.0","id":"m","method":"prompts/get","params":{"name":"é\\r\\nx: y","_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28\\r\\nx: y"}}}',
    ];
    proxy.write(lines.map((line) => `${line}\n`).join(''));
    await proxy.answer('m');
    for (const id of ['__proto__', 'é\r\nx: y', 'tab']) await proxy.answer(id);
    const bodies = came.map(({ body }) => body);
    for (const line of [lines[3], lines[4], lines[5], '{\t"jsonrpc":"2.0","id":"tab","method":"ping"} '])
      expect(bodies).toContain(line);
    expect(came.some(({ headers }) => headers['x'] !== undefined)).toBe(false);
    const ids = new Map<unknown, number>();
    for (const { json } of proxy.lines) ids.set(json?.id, (ids.get(json?.id) ?? 0) + 1);
    expect([...ids].filter(([id, count]) => count > 1 && id !== null && id !== undefined)).toEqual([]);
  });
});

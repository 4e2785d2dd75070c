import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { approveHold, holdpoint, oneHold } from '../support/cli.ts';
import { newFolder, newHome, recordsOf, type TestPolicy } from '../support/home.ts';
import { fixture, ProxyProcess } from '../support/proxy-process.ts';
import { toolsProxy } from '../support/tools-server.ts';

const MODERN = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientInfo': { name: 'modern-client', version: '1' },
  'io.modelcontextprotocol/clientCapabilities': {},
};

function modern(policy: TestPolicy) {
  const home = newHome(policy);
  const log = join(newFolder(), 'log');
  const proxy = new ProxyProcess({ home, server: [process.execPath, fixture('modern'), log] });
  const ran = (): { tool: string; input?: unknown }[] =>
    (existsSync(log) ? readFileSync(log, 'utf8') : '')
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line));
  const call = (id: number, tool: string, more: object = {}): void =>
    proxy.call(id, tool, { all: true }, { _meta: MODERN, ...more });
  /** What the server gave to repeat the call with. */
  const stateOf = async (id: number): Promise<string> => {
    const { result } = await proxy.answer(id);
    expect(result?.resultType).toBe('input_required');
    return (result as unknown as { requestState: string }).requestState;
  };
  return { home, proxy, ran, call, stateOf };
}

describe('a 2026-07-28 client, without any handshake', () => {
  it('has its first line gated, and is recorded by the name that it gives with the call', async () => {
    const { home, proxy, ran, call } = modern({ deny: ['modern/again'], allow: ['modern/plain'] });
    call(1, 'again');
    call(2, 'plain');
    expect((await proxy.answer(1)).result).toMatchObject({ isError: true, resultType: 'complete' });
    expect(await proxy.text(2)).toBe('ran plain');
    expect(ran().map(({ tool }) => tool)).toEqual(['plain']);
    const callers = recordsOf(home, 'decision').map((record) => record['caller']);
    expect(callers).toEqual(Array.from({ length: 2 }, () => ({ client: 'modern-client', claimed: true })));
  });

  it('repeats an approved call with the state that its server gave, and nobody is asked twice', async () => {
    const { home, proxy, ran, call, stateOf } = modern({});
    call(1, 'again');
    await approveHold(home, (await oneHold(home)).id);
    const requestState = await stateOf(1);
    call(2, 'again', { requestState });
    expect(await proxy.text(2)).toBe('ran again');
    expect(ran()).toHaveLength(1);
    expect(recordsOf(home, 'forward')).toMatchObject([{ call: 1 }, { call: 2, continues: 1 }]);
    const { stdout } = await holdpoint(home, ['audit', 'list']);
    expect(stdout).toMatch(/approved by \S+ with call 1/);
    call(3, 'again', { requestState });
    expect(await oneHold(home)).toMatchObject({ tool: 'again' });
    expect(ran()).toHaveLength(1);
  });

  it("is asked about again when it answers the server's question, with both on the card", async () => {
    const { home, proxy, ran, call, stateOf } = modern({});
    call(1, 'confirm');
    await approveHold(home, (await oneHold(home)).id);
    const requestState = await stateOf(1);
    call(2, 'confirm', { requestState, inputResponses: { sure: { action: 'accept' } } });
    const hold = await oneHold(home);
    expect(hold).toMatchObject({ tool: 'confirm', inputResponses: { sure: { action: 'accept' } } });
    expect(ran()).toEqual([]);
    const { stdout } = await approveHold(home, hold.id);
    expect(stdout).toContain('Really delete all?');
    expect(stdout).toContain('"action": "accept"');
    expect(await proxy.text(2)).toBe('ran confirm');
    expect(ran()).toEqual([{ id: 2, tool: 'confirm', input: { sure: { action: 'accept' } } }]);
    expect(recordsOf(home, 'decision')[1]).toMatchObject({ input: { sure: { action: 'accept' } } });
  });

  it("cannot name holdpoint's home in an answer to a server", async () => {
    const { home, proxy, ran, call } = modern({ allow: ['*'] });
    call(1, 'confirm', { inputResponses: { path: `${home}/policy.json` } });
    expect(await proxy.text(1)).toContain("holdpoint's own files");
    expect(ran()).toEqual([]);
  });
});

describe('a task-augmented call of 2025-11-25', () => {
  it('is gated like any other, and refused with an error: its client awaits a task', async () => {
    const { proxy, executed } = await toolsProxy({ deny: ['srv/write'], allow: ['*'] });
    proxy.call(1, 'write', {}, { task: { ttl: 60_000 } });
    proxy.call(2, 'echo', {}, { task: { ttl: 60_000 } });
    expect((await proxy.answer(1)).error).toMatchObject({ code: 1001 });
    await proxy.answer(2);
    expect(executed()).toEqual(['echo']);
  });

  it('says so to the person who is asked', async () => {
    const { proxy, home } = await toolsProxy({});
    proxy.call(1, 'echo', { a: 1 }, { task: { ttl: 60_000 } });
    const hold = await oneHold(home);
    expect(hold).toMatchObject({ arguments: { a: 1 }, task: { ttl: 60_000 } });
    const { stdout } = await approveHold(home, hold.id);
    expect(stdout).toMatch(/Runs as a task[\s\S]*"ttl": 60000/);
    expect(await proxy.text(1)).toBe('{"a":1}');
  });

  it.for(['tasks/get', 'tasks/result', 'tasks/cancel', 'tasks/list', 'tasks/update', 'server/discover'])(
    'asks for %s unhindered, under a policy that denies everything',
    async (method) => {
      const { proxy } = await toolsProxy({ deny: ['*'] });
      proxy.send({ id: 1, method, params: { taskId: 't' } });
      expect((await proxy.answer(1)).result).toEqual({});
    },
  );
});

describe.each(['2024-11-05', '2025-03-26', '2025-06-18', '2025-11-25', '2099-01-01'])(
  'a client of %s',
  (version) => {
    it('negotiates with the server alone, and its calls are gated before and after', async () => {
      const { proxy, executed } = await toolsProxy({ deny: ['srv/write'], allow: ['srv/echo'] });
      proxy.call('early', 'write');
      expect(await proxy.text('early')).toContain('policy denies');
      const params = { protocolVersion: version, capabilities: {}, clientInfo: { name: 'c', version: '1' } };
      proxy.send({ id: 0, method: 'initialize', params });
      expect((await proxy.answer(0)).result).toMatchObject({ protocolVersion: version });
      proxy.send({ method: 'notifications/initialized' });
      proxy.call(1, 'write');
      proxy.call(2, 'echo', { a: 1 });
      expect(await proxy.text(1)).toContain('policy denies');
      expect(await proxy.text(2)).toBe('{"a":1}');
      expect(executed()).toEqual(['echo']);
    });
  },
);

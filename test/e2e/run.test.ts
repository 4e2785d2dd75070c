import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { auditFiles, newFolder, newHome, recordsOf, sockets } from '../support/home.ts';
import { fixture, ProxyProcess } from '../support/proxy-process.ts';
import { toolsProxy } from '../support/tools-server.ts';

const node = process.execPath;

/** Ends are promised within a time; a machine that is busy with other tests gets another try. */
const TIMED = { retry: 2 };

/** The proxy in front of a program that keeps what it gets and says `says` in pieces. */
function bytesProxy(says: string, piece: number, home = newHome({ allow: ['*'] })) {
  const folder = newFolder();
  const files = { got: join(folder, 'got'), says: join(folder, 'says') };
  writeFileSync(files.says, says);
  writeFileSync(files.got, '');
  const proxy = new ProxyProcess({
    home,
    server: [node, fixture('bytes'), files.got, files.says, `${piece}`],
  });
  return { proxy, got: () => readFileSync(files.got, 'utf8') };
}

describe('what passes from the client to the server', () => {
  it('is the same bytes: spacing, key order, big integers, CRLF, requests, notifications, responses, blank lines', async () => {
    const says = [
      '{ "method" : "initialize","id":0 ,\t"jsonrpc":"2.0","params":{"b":1,"a":12345678901234567890,"c":1.0e+2}}\n',
      '{"jsonrpc":"2.0","method":"notifications/initialized"}\r\n',
      '\n',
      '{"id":"x","jsonrpc":"2.0","result":{"roots":[ ]}}\n',
      '{"jsonrpc":"2.0","id":-0,"error":{"code":-32601,"message":"\\u0041\\/"}}\n',
      '{"jsonrpc":"2.0","id":99999999999999999999,"method":"tools/list","params":{"é":"\u2028"}}\n',
      '{"params":{"arguments":{"n":1.10, "m" : 9007199254740993},"name":"any"},"id":7,"method":"tools/call","jsonrpc":"2.0"}\n',
    ].join('');
    const { proxy, got } = bytesProxy('', 1);
    const bytes = Buffer.from(says);
    for (let at = 0; at < bytes.length; at += 37) {
      proxy.write(bytes.subarray(at, at + 37));
      if (at % 111 === 0) await sleep(5);
    }
    await eventually('all bytes', () => got().length >= says.length);
    expect(got()).toBe(says);
    await proxy.end();
  });

  it('is not a last line without its end', async () => {
    const { proxy, got } = bytesProxy('', 1);
    proxy.write('{"jsonrpc":"2.0","id":1,"method":"ping"}\n{"jsonrpc":"2.0","id":2,"method":"ping"}');
    expect(await proxy.end()).toBe(0);
    expect(got()).toBe('{"jsonrpc":"2.0","id":1,"method":"ping"}\n');
  });

  it('is not a line that is not one clean message: it is refused, recorded, and the next one passes', async () => {
    const { proxy, home, executed } = await toolsProxy({ allow: ['*'] });
    proxy.write('{"jsonrpc":"2.0","id":1,"method":"tools/call","METHOD":"ping","params":{"name":"echo"}}\n');
    proxy.write('[{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"echo"}}]\n');
    proxy.write('not json\n');
    proxy.call(3, 'echo');
    await proxy.answer(3);
    expect((await proxy.answer(1)).error?.message).toContain('looks like "method"');
    expect(proxy.answers(null).map((answer) => answer.error?.code)).toEqual([-32600, -32700]);
    expect(executed()).toEqual(['echo']);
    await proxy.end();
    expect(recordsOf(home, 'refusal').map((record) => record['cause'])).toEqual([
      'look-alike-key',
      'batch',
      'not-json',
    ]);
  });
});

describe('a flood of bad lines', () => {
  it('is answered line by line, but recorded in twenty records a second and a count', async () => {
    const { proxy, home } = await toolsProxy({ deny: ['srv/echo'] });
    proxy.write('[]\n'.repeat(2_000));
    for (let id = 1; id <= 2_000; id += 1) proxy.call(id, 'echo');
    await proxy.text(2_000);
    await proxy.end();
    expect(proxy.answers(null)).toHaveLength(2_000);
    const counts = { batch: 0, 'denied:deny[0]': 0 } as Record<string, number>;
    for (const record of recordsOf(home, 'refusal')) {
      counts[String(record['cause'])]! += Number(record['count'] ?? 1);
    }
    const decisions = recordsOf(home, 'decision').length;
    expect(counts).toEqual({ batch: 2_000, 'denied:deny[0]': 2_000 - decisions });
    expect(recordsOf(home, 'refusal', 'decision').length).toBeLessThan(500);
  });
});

describe('a line of the server that is no message', () => {
  it('passes, is recorded once there is a session to record it in, and teaches nothing', async () => {
    const { proxy, home } = await toolsProxy({ allow: ['*'] });
    expect(auditFiles(home)).toEqual([]);
    proxy.call(1, 'say', { line: '{"jsonrpc":"2.0","id":1,"id":2,"result":{}}' });
    await proxy.line('the line', ({ raw }) => raw.includes('"id":2'));
    proxy.call(1, 'echo');
    expect(await proxy.text(1)).toContain('still unanswered');
    await proxy.end();
    const [record] = recordsOf(home, 'refusal');
    expect(record).toMatchObject({ cause: 'server:duplicate-key', bytes: 43 });
    expect(recordsOf(home, 'outcome')).toMatchObject([{ call: 1, outcome: 'unknown' }]);
  });
});

describe('what passes from the server to the client', () => {
  it('is the same bytes, also noise that is not JSON and a half line at the end', async () => {
    const says = `{"id" : 1,"jsonrpc":"2.0","result":{"n":12345678901234567890}}\r\nstarted \u{1f680}\n\n{"jsonrpc":"2.0","method":"x"}\n${'y'.repeat(200_000)}\n\0\u0001half`;
    const { proxy } = bytesProxy(says, 1021);
    await eventually('all bytes', () => proxy.stdout.length >= Buffer.byteLength(says));
    await proxy.end();
    expect(proxy.stdout.toString()).toBe(says);
  });

  it('is never broken by an answer of ours: it waits for the end of a half line', async () => {
    const half = '{"jsonrpc":"2.0","method":"notifications/message","params":{';
    const { proxy } = bytesProxy(half, 1000, newHome({ deny: ['*'] }));
    await eventually('the half line', () => proxy.stdout.length === half.length);
    proxy.call(1, 'echo');
    await sleep(300);
    expect(proxy.stdout.toString()).toBe(half);
    await proxy.end();
    expect(proxy.stdout.toString().startsWith(`${half}\n{`)).toBe(true);
    expect((await proxy.answer(1)).result?.isError).toBe(true);
  });

  it('reaches the client when its answer is to a client that has ended its own stream', async () => {
    const { proxy } = await toolsProxy({ allow: ['*'] });
    proxy.send({ id: 1, method: 'tools/list' });
    expect(await proxy.end()).toBe(0);
    expect(proxy.answers(1)).toHaveLength(1);
  });

  it("is a request of its own that the client's response answers", async () => {
    const { proxy, log } = await toolsProxy({ allow: ['*'] });
    proxy.call(1, 'ask');
    await proxy.line('a request of the server', ({ json }) => json?.method === 'roots/list');
    proxy.send({ id: 'server-1', result: { roots: [] } });
    await eventually('the response at the server', () =>
      log().find((noted) => noted.response === 'server-1'),
    );
  });

  it('on stderr never blocks it, though nobody reads', async () => {
    const home = newHome();
    const proxy = new ProxyProcess({ home, server: [node, fixture('loud')], readStderr: false });
    for (const id of [1, 2]) {
      proxy.send({ id, method: 'ping' });
      await proxy.answer(id);
    }
    proxy.child.stdin!.end();
    expect(await proxy.exit).toBe(0);
  });

  it('on stderr is passed on when somebody reads', async () => {
    const home = newHome();
    const proxy = new ProxyProcess({ home, server: ['sh', '-c', 'echo to the log >&2; cat'] });
    await proxy.said('to the log\n');
    await proxy.end();
  });
});

describe('how it ends', () => {
  const endsAs = async (...server: string[]) => {
    const proxy = new ProxyProcess({ home: newHome(), server, words: ['--server', 'x', '--'] });
    const code = await proxy.exit;
    return { code, stderr: proxy.stderr, stdout: proxy.stdout.toString() };
  };

  it.each([
    ['exit 0', 0],
    ['exit 3', 3],
    ['kill -KILL $$', 137],
    ['kill -TERM $$', 143],
  ])('the server\'s own end is its exit code: "%s" is %d', async (script, code) => {
    expect(await endsAs('sh', '-c', script)).toEqual({ code, stderr: '', stdout: '' });
  });

  it.for([
    [['sh', '-c', 'true; exit 0'], [], /^holdpoint: this server is called "sh" .*run --server NAME/],
    [['sh', '-c', 'exit 0'], ['--server', 'x'], /^$/],
    [
      [node, '-e', '', 'bank-mcp'],
      [],
      /is called "node" in policies and records, and its command does not say/,
    ],
  ] as const)('%j with %j: a name that is not sure is said', async ([server, words, said]) => {
    const proxy = new ProxyProcess({ home: newHome(), server: [...server], words: [...words, '--'] });
    expect(await proxy.exit).toBe(0);
    expect(proxy.stderr).toMatch(said);
  });

  it('a command that is not there is 127 and a sentence', async () => {
    const { code, stderr, stdout } = await endsAs('/nowhere/no-such-server');
    expect([code, stdout]).toEqual([127, '']);
    expect(stderr).toContain("holdpoint: the server's command /nowhere/no-such-server was not found.");
  });

  it('a command that cannot be executed is 126 and a sentence', async () => {
    const file = join(newFolder(), 'server');
    writeFileSync(file, 'hello', { mode: 0o644 });
    const { code, stderr, stdout } = await endsAs(file);
    expect([code, stdout]).toEqual([126, '']);
    expect(stderr).toContain('could not be started');
  });

  it('a command without -- in front is taken, and its own options are its own', async () => {
    const out = join(newFolder(), 'out');
    const server = [node, fixture('where'), out, '--home', '/x', '--', '-v'];
    const proxy = new ProxyProcess({ home: newHome(), server, words: [] });
    await eventually('the server', () => existsSync(out));
    expect(await proxy.end()).toBe(0);
    expect(JSON.parse(readFileSync(out, 'utf8')).words).toEqual(['--home', '/x', '--', '-v']);
  });

  it.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)('%s ends it and its server', TIMED, async (signal) => {
    const { proxy } = await toolsProxy({});
    const before = Date.now();
    proxy.child.kill(signal);
    await proxy.exit;
    expect(Date.now() - before).toBeLessThan(1_500);
  });

  it.each(['SIGTERM', 'end of input'])('%s leaves no server behind that ignores it', TIMED, async (how) => {
    const file = join(newFolder(), 'pid');
    const proxy = new ProxyProcess({ home: newHome(), server: [node, fixture('stubborn'), file] });
    await eventually('the server', () => existsSync(file));
    const pid = Number(readFileSync(file, 'utf8'));
    const before = Date.now();
    if (how === 'SIGTERM') proxy.child.kill('SIGTERM');
    else proxy.child.stdin!.end();
    expect(await proxy.exit).toBe(137);
    expect(Date.now() - before).toBeLessThan(how === 'SIGTERM' ? 1_500 : 2_800);
    expect(() => process.kill(pid, 0)).toThrow('ESRCH');
  });

  it('it ends though a grandchild keeps the pipes of its killed server open', async () => {
    const file = join(newFolder(), 'pid');
    const script = `${node} ${fixture('stubborn')} ${file}; true`;
    const proxy = new ProxyProcess({ home: newHome(), server: ['sh', '-c', script] });
    await eventually('the server', () => existsSync(file));
    proxy.child.kill('SIGTERM');
    const exit = await Promise.race([proxy.exit, sleep(4_000).then(() => 'hangs')]);
    process.kill(Number(readFileSync(file, 'utf8')), 'SIGKILL');
    expect(exit).not.toBe('hangs');
  });

  it('a client that reads no more ends it, without a fault', async () => {
    const { proxy, home } = await toolsProxy({ escalate: ['srv/write'], allow: ['*'] });
    proxy.call(1, 'write', { path: '/nowhere', text: '' });
    await eventually('the hold', () => recordsOf(home, 'hold').length === 1);
    proxy.child.stdout!.destroy();
    for (let id = 2; id < 30; id += 1) proxy.call(id, 'echo', { text: 'x'.repeat(10_000) });
    expect(await Promise.race([proxy.exit, sleep(4_000)])).toBe(0);
    expect(proxy.stderr).toBe('');
    expect(recordsOf(home, 'verdict').map((record) => record['verdict'])).toEqual(['withdrawn']);
  });
});

describe('a server that ends', () => {
  it('while a call is held: it is answered as not executed', async () => {
    const { proxy, home } = await toolsProxy({ escalate: ['srv/write'], allow: ['*'] });
    proxy.call(1, 'write', { path: '/nowhere', text: '' });
    await eventually('the hold', () => recordsOf(home, 'hold').length === 1);
    proxy.call(2, 'crash');
    expect(await proxy.exit).toBe(3);
    expect(await proxy.text(1)).toContain('Not executed. The MCP server ended');
    expect((await proxy.answer(1)).result?.isError).toBe(true);
  });

  it('while a call runs: its outcome is unknown', async () => {
    const { proxy, home } = await toolsProxy({ allow: ['*'] });
    proxy.call(1, 'crash');
    expect(await proxy.exit).toBe(3);
    const { error } = await proxy.answer(1);
    expect(error?.code).toBe(-32603);
    expect(error?.message).toContain('outcome is unknown');
    expect(recordsOf(home, 'outcome')).toMatchObject([{ call: 1, outcome: 'unknown' }]);
  });
});

describe('a start that is thrown away at once, as SDK v2 does for its probe', () => {
  it('leaves no log and no socket, and is gone within a second', TIMED, async () => {
    const home = newHome({ allow: ['*'] });
    const proxy = new ProxyProcess({ home, server: [node, fixture('tools'), join(newFolder(), 'log')] });
    proxy.send({ id: 'server-discover-probe-1', method: 'server/discover', params: {} });
    const before = Date.now();
    proxy.child.stdin!.end();
    proxy.child.kill('SIGTERM');
    await proxy.exit;
    expect(Date.now() - before).toBeLessThan(1_000);
    expect([auditFiles(home), sockets(home)]).toEqual([[], []]);
  });
});

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { approveHold, holdpoint, oneHold } from '../support/cli.ts';
import { eventually } from '../support/eventually.ts';
import { newHome, recordsOf, type TestPolicy } from '../support/home.ts';
import { answer, httpServer, JSON_TYPE, type Script, session } from '../support/http-script.ts';
import { ProxyProcess } from '../support/proxy-process.ts';

const TOOLS = JSON.stringify({
  tools: [
    { name: 'echo', description: 'Echoes its text.', inputSchema: { type: 'object' } },
    {
      name: 'get_note',
      description: 'Reads a note.',
      inputSchema: { type: 'object', properties: { id: { type: 'string' } } },
      annotations: { readOnlyHint: true },
    },
  ],
});
const OPEN = { servers: { srv: { newTools: 'policy' as const } } };

/** A server with one tool; what comes for it goes to `call`. */
const server = (call: Script) =>
  httpServer(
    session((came, response, all) => {
      if (came.json?.method !== 'tools/list') return call(came, response, all);
      response
        .writeHead(200, JSON_TYPE)
        .end(`{"jsonrpc":"2.0","id":${JSON.stringify(came.json.id)},"result":${TOOLS}}`);
    }),
  );

const answers: Script = ({ json }, response) => response.writeHead(200, JSON_TYPE).end(answer(json?.id));

function run(
  url: string,
  policy: TestPolicy,
  more: { home?: string; words?: string[]; env?: Record<string, string>; ownClient?: boolean } = {},
) {
  const home = more.home ?? newHome({ ...OPEN, ...policy });
  const proxy = new ProxyProcess({
    home,
    server: url === '' ? [] : ['--url', url],
    words: ['--server', 'srv', ...(more.words ?? [])],
    env: more.env ?? {},
    ownClient: more.ownClient ?? false,
  });
  return { home, proxy };
}

async function begun(proxy: ProxyProcess): Promise<void> {
  proxy.send({
    id: 'i',
    method: 'initialize',
    params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'c', version: '1' } },
  });
  await proxy.answer('i');
  proxy.send({ method: 'notifications/initialized' });
  proxy.send({ id: 'l', method: 'tools/list' });
  await proxy.answer('l');
}

describe('holdpoint run --url', () => {
  it('decides, records and forwards as before a local server, and says where it is', async () => {
    const { url, calls } = await server(answers);
    const { home, proxy } = run(url, {
      deny: [{ tool: 'srv/echo', when: 'args.x == 1', reason: 'Not one.' }],
      allow: ['*'],
    });
    await begun(proxy);
    proxy.call(1, 'echo', { x: 1 });
    expect(await proxy.text(1)).toContain('Not one.');
    proxy.call(2, 'echo', { x: 2 });
    expect((await proxy.answer(2)).result?.isError).toBeUndefined();
    proxy.child.stdin?.end();
    expect(await proxy.exit).toBe(0);
    expect(calls()).toEqual([2]);
    expect(recordsOf(home, 'decision')).toMatchObject([{ effect: 'deny' }, { effect: 'allow' }]);
    expect(recordsOf(home, 'session')[0]).toMatchObject({ server: 'srv', address: url });
    expect((await holdpoint(home, ['audit', 'verify'])).code).toBe(0);
  });

  it('ends by a signal as a local server would, and tells the server that the session is over', async () => {
    const { url, came } = await server(answers);
    const { proxy } = run(url, { allow: ['*'] });
    await begun(proxy);
    proxy.child.kill('SIGTERM');
    expect(await proxy.exit).toBe(143);
    await eventually('the end of the session', () => came.at(-1)?.method === 'DELETE');
  });

  it('answers each request where the server cannot be reached, and waits for it to come back', async () => {
    const { proxy } = run('http://127.0.0.1:1/mcp', { allow: ['*'] });
    proxy.send({ id: 1, method: 'initialize', params: {} });
    expect((await proxy.answer(1)).error?.message).toContain('127.0.0.1:1 refuses connections');
    proxy.call(2, 'echo');
    expect((await proxy.answer(2)).result?._meta?.['holdpoint/decision']).toMatchObject({
      executed: false,
      why: 'unreached',
    });
    proxy.child.stdin?.end();
    expect(await proxy.exit).toBe(0);
  });

  it.each<[string, Script, string, string | false, string]>([
    ['the connection ends', (_, response) => response.destroy(), 'Outcome unknown.', 'unknown', 'unknown'],
    ['it refuses', (_, response) => void response.writeHead(400).end(), 'Not executed.', false, 'error'],
    [
      'its gateway gives up',
      (_, response) => void response.writeHead(504).end(),
      'Outcome unknown.',
      'unknown',
      'unknown',
    ],
  ])(
    'tells agent and record alike what became of a call: %s',
    async (_, script, ...[text, executed, outcome]) => {
      const { url, calls } = await server(script);
      const { home, proxy } = run(url, { escalate: ['*'] });
      await begun(proxy);
      proxy.call(1, 'echo');
      await approveHold(home, (await oneHold(home)).id);
      expect(await proxy.text(1)).toContain(text);
      expect((await proxy.answer(1)).result).toMatchObject({
        isError: true,
        _meta: { 'holdpoint/decision': { executed } },
      });
      const told = await eventually('the outcome', () => recordsOf(home, 'outcome')[0]);
      expect(told).toMatchObject({ outcome });
      expect(calls()).toEqual([1]);
      proxy.call(2, 'echo');
      await oneHold(home);
    },
  );

  it('has no answer for a call that its client cancelled, whatever the connection does', async () => {
    const { url, calls, came } = await server(
      (_, response) => void setTimeout(() => response.destroy(), 300),
    );
    const { home, proxy } = run(url, { allow: ['*'] });
    await begun(proxy);
    proxy.call(1, 'echo');
    await eventually('the call', () => calls().length === 1);
    proxy.cancel(1);
    await eventually('its cancellation', () =>
      came.some(({ json }) => json?.method === 'notifications/cancelled'),
    );
    proxy.call(2, 'echo');
    await proxy.answer(2);
    expect(proxy.lines.filter(({ json }) => json?.id === 1)).toEqual([]);
    expect(recordsOf(home, 'outcome')[0]).toMatchObject({ outcome: 'cancelled' });
  });

  it('takes a server that moved to another origin for another one: a question, with both', async () => {
    const [first, second] = [await server(answers), await server(answers)];
    const home = newHome(undefined);
    const before = run(first.url, {}, { home, ownClient: true });
    await begun(before.proxy);
    before.proxy.call(1, 'get_note', { id: 'a' });
    expect(await approveHold(home, (await oneHold(home)).id)).toMatchObject({ code: 0, stderr: '' });
    await before.proxy.answer(1);
    before.proxy.child.stdin?.end();
    await before.proxy.exit;
    const after = run(second.url, {}, { home, ownClient: true });
    await begun(after.proxy);
    after.proxy.call(1, 'get_note', { id: 'a' });
    const { stdout } = await eventually('the question', async () => {
      const told = await holdpoint(home, ['pending']);
      return told.stdout.includes('get_note') ? told : undefined;
    });
    expect(stdout.replace(/\s+/g, ' ')).toContain(
      `The server is at ${second.url}, and the one that was accepted is at ${first.url}`,
    );
    expect(second.calls()).toEqual([]);
    after.proxy.child.kill();
    expect((await holdpoint(home, ['tools', 'accept', 'srv', '--yes'])).stdout).toContain(
      `The server is at ${second.url}`,
    );
  });
});

describe('holdpoint tools --url', () => {
  it('asks a remote server for its tools, and says what they may do', async () => {
    const { url } = await server(answers);
    const { stdout } = await holdpoint(newHome(), ['tools', '--url', url, '--json']);
    expect(JSON.parse(stdout)).toMatchObject([{ tool: 'echo' }, { tool: 'get_note', risk: 'read' }]);
  });

  it('gives it a header and a token from variables, as run does', async () => {
    const { url, came } = await server(answers);
    const words = ['--header-env', 'X-Api-Key=MY_KEY', '--bearer-env', 'MY_TOKEN', '--json'];
    const env = { MY_KEY: 'key-of-mine', MY_TOKEN: 'token-of-mine' };
    const { stdout, stderr } = await holdpoint(newHome(), ['tools', '--url', url, ...words], env);
    expect(JSON.parse(stdout)).toHaveLength(2);
    for (const { headers } of came)
      expect(headers).toMatchObject({ authorization: 'Bearer token-of-mine', 'x-api-key': 'key-of-mine' });
    expect(stdout + stderr).not.toMatch(/key-of-mine|token-of-mine/);
  });

  it('says where an address goes that stands in place of a command', async () => {
    const { code, stdout, stderr } = await holdpoint(newHome(), [
      'tools',
      'https://me:se-cret@x.example/mcp?key=se-cret',
    ]);
    expect([code, stdout, stderr]).toEqual([
      2,
      '',
      'holdpoint: https://x.example/mcp is an address and no command: a remote server is given by --url.\n',
    ]);
  });

  it('says why one gave none', async () => {
    const { code, stderr } = await holdpoint(newHome(), ['tools', '--url', 'http://127.0.0.1:1/mcp']);
    expect([code, stderr]).toEqual([
      1,
      expect.stringContaining('127.0.0.1:1 refuses connections: look whether it runs, and at the port.\n'),
    ]);
  });
});

describe('what is secret of a remote server', () => {
  it('goes to it by variables, and into no argument, record or sentence', async () => {
    const { url, came } = await server((_, response) => void response.writeHead(400).end());
    const whole = url.replace('http://', 'http://me:pass-word@').concat('?key=in-the-query');
    const env = { WHERE: whole, MY_KEY: 'key-of-mine' };
    const { home, proxy } = run(
      '',
      { allow: ['*'] },
      { words: ['--url-env', 'WHERE', '--header-env', 'X-Api-Key=MY_KEY'], env },
    );
    await begun(proxy);
    proxy.call(1, 'get_note', { id: 'a' });
    await proxy.answer(1);
    proxy.child.stdin?.end();
    await proxy.exit;
    expect(came[0]).toMatchObject({
      path: '/mcp?key=in-the-query',
      headers: {
        'x-api-key': 'key-of-mine',
        authorization: `Basic ${Buffer.from('me:pass-word').toString('base64')}`,
      },
    });
    const kept = readdirSync(home, { recursive: true, encoding: 'utf8', withFileTypes: true })
      .filter((one) => one.isFile())
      .map((one) => readFileSync(join(one.parentPath, one.name), 'utf8'));
    const said = [...kept, proxy.stderr, proxy.stdout.toString()].join('\n');
    expect(said).toContain(url);
    expect(said).not.toMatch(/in-the-query|key-of-mine|pass-word/);
  });

  it.each([
    [['--header-env', 'Authorization=MY_TOKEN'], 'token-of-mine', 'token-of-mine'],
    [['--bearer-env', 'MY_TOKEN'], ' token-of-mine\n', 'Bearer token-of-mine'],
    [['--bearer-env=MY_TOKEN'], 'token-of-mine', 'Bearer token-of-mine'],
  ])('is the Authorization of every request by %j, and its refusal says so', async (words, token, sent) => {
    const { url, came } = await server((_, response) => void response.writeHead(401).end());
    const { home, proxy } = run(url, { allow: ['*'] }, { words, env: { MY_TOKEN: token } });
    await begun(proxy);
    proxy.call(1, 'echo');
    expect(await proxy.text(1)).toContain('did not take the Authorization header that it was given');
    expect(await proxy.end()).toBe(0);
    expect(new Set(came.map(({ headers }) => headers.authorization))).toEqual(new Set([sent]));
    expect(recordsOf(home, 'outcome')).toMatchObject([{ outcome: 'error' }]);
    for (const text of [proxy.stderr, proxy.stdout.toString(), JSON.stringify(recordsOf(home, 'outcome'))])
      expect(text).not.toContain('token-of-mine');
  });

  it.each([
    ['Bearer secret-value', 'holds more than a token'],
    ['secret-value\u00e9\u0142', 'holds a letter that no header can'],
  ])('is not sent where --bearer-env names a variable with %j', async (MY_TOKEN, said) => {
    const words = ['--url', 'https://x.example', '--bearer-env', 'MY_TOKEN'];
    const proxy = new ProxyProcess({ home: newHome({ allow: ['*'] }), server: [], words, env: { MY_TOKEN } });
    expect(await proxy.exit).toBe(2);
    expect(proxy.stderr).toContain(said);
    expect(proxy.stderr).not.toContain('secret-value');
  });

  it.each([
    [['--url', 'https://me:secret@x.example/mcp'], '--url-env VARIABLE'],
    [['--url', 'https://x.example/mcp?key=secret'], '--url-env VARIABLE'],
    [['--url', 'http://x.example/mcp'], 'plain http'],
    [['--url', 'ftp://x.example'], 'begins with https://'],
    [['--url', 'ftp://me:secret@x.example/y?z'], '"ftp://x.example/y" is no address'],
    [['--url', 'me:secret@x.example/y'], '"x.example/y" is no address'],
    [['--url-env', 'NOT_SET_HERE'], 'NOT_SET_HERE is not set'],
    [
      ['--url', 'https://x.example', '--header-env', 'X-Key=secret-value!'],
      'name of an environment variable',
    ],
    [['--url', 'https://x.example', '--header-env', 'Mcp-Name=HOME'], 'says itself'],
    [['--url', 'https://x.example', '--bearer-env', 'secret-value!'], 'name of an environment variable'],
    [['--url', 'https://x.example', '--bearer-env', 'NOT_SET_HERE'], 'NOT_SET_HERE is not set'],
    [
      ['--url', 'https://x.example', '--bearer-env', 'HOME', '--header-env', 'Authorization=HOME'],
      'given already',
    ],
    [['--url', 'https://x.example', '--bearer-env', 'HOME', '--bearer-env', 'PATH'], 'given already'],
    [['--url', 'https://x.example', '--transport', 'ws'], 'none of auto, http and sse'],
    [['--url', 'https://x.example', '--', 'npx', 'x'], 'before one server'],
    [['--', 'https://x.example/mcp?key=secret'], 'given by --url'],
  ])('%s is refused in a sentence that repeats no secret', async (words, said) => {
    const home = newHome({ allow: ['*'] });
    const proxy = new ProxyProcess({ home, server: [], words });
    expect(await proxy.exit).toBe(2);
    expect(proxy.stderr).toContain(said);
    expect(proxy.stderr).not.toMatch(/=secret|:secret|secret-value/);
  });
});

import { readFileSync } from 'node:fs';
import { createServer as secureServer } from 'node:https';
import { type AddressInfo, createServer as rawServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import { HttpClient } from '../../src/remote/http/http-client.ts';
import { MAX_MESSAGE } from '../../src/remote/reply-reader.ts';
import {
  answer,
  bridged,
  call,
  EVENTS,
  httpServer,
  INITIALIZE,
  inSession,
  JSON_TYPE,
  type Script,
  session,
} from '../support/http-script.ts';
import { LONG } from '../support/long.ts';

const FIXTURES = join(import.meta.dirname, '../fixtures/http');
const LIST = '{"jsonrpc":"2.0","id":5,"method":"tools/list"}';

/** What is told of a call that is answered so. */
async function lostBy(script: Script) {
  const server = await httpServer(session(script));
  const one = await inSession(server.url);
  one.say(call(1));
  return { ...(await one.lost('n:1')), server, one };
}

describe('a connection that ends', () => {
  const half = answer(1).slice(0, 20);
  it.each<[string, Script]>([
    ['before an answer', (_, response) => response.destroy()],
    [
      'within a message',
      (_, response) => void response.writeHead(200, JSON_TYPE).write(half, () => response.destroy()),
    ],
    [
      'within an event',
      (_, response) => void response.writeHead(200, EVENTS).write(`data: ${half}`, () => response.destroy()),
    ],
    ['before an event', (_, response) => void response.writeHead(200, EVENTS).end(': nothing\n\n')],
    [
      'within an event that is whole but for its end',
      (_, response) => void response.writeHead(200, EVENTS).end(`data: ${answer(1)}\n`),
    ],
    [
      'with less than it promised',
      (_, response) =>
        void response
          .writeHead(200, { ...JSON_TYPE, 'content-length': '999' })
          .write(answer(1), () => response.destroy()),
    ],
    ['with nothing', (_, response) => void response.writeHead(200, JSON_TYPE).end()],
  ])('%s leaves a call unknown, and it is never sent again', async (_, script) => {
    const { outcome, server, one } = await lostBy(script);
    expect(outcome).toBe('unknown');
    one.say(LIST);
    await one.lost('n:5');
    expect(server.calls()).toEqual([1]);
    expect(one.lines).toHaveLength(1);
  });

  it('behind an event with an id is taken up there, by a GET and never by a POST', async () => {
    const from: unknown[] = [];
    const server = await httpServer((came, response, all) => {
      const last = came.headers['last-event-id'];
      if (came.method === 'GET' && last !== undefined) {
        from.push(last);
        response.writeHead(200, EVENTS);
        if (from.length < 3) return void response.end(`retry: 5\nid: e${from.length}\ndata:\n\n`);
        return void response.end(`data: ${answer(1)}\n\n`);
      }
      session(
        (_, reply) =>
          void reply.writeHead(200, EVENTS).write('retry: 5\nid: e0\ndata:\n\n', () => reply.destroy()),
      )(came, response, all);
    });
    const { say, line } = await inSession(server.url);
    say(call(1));
    expect(await line('"id":1')).toBe(`${answer(1)}\n`);
    expect([from, server.calls()]).toEqual([['e0', 'e1', 'e2'], [1]]);
  });

  it('and cannot be taken up leaves a call unknown', async () => {
    const server = await httpServer((came, response, all) => {
      if (came.method === 'GET' && came.headers['last-event-id'] !== undefined)
        return void response.writeHead(400).end();
      session((_, reply) => void reply.writeHead(200, EVENTS).end('retry: 5\nid: e0\ndata:\n\n'))(
        came,
        response,
        all,
      );
    });
    const { say, lost } = await inSession(server.url);
    say(call(1));
    expect(await lost('n:1')).toMatchObject({
      outcome: 'unknown',
      said: expect.stringContaining('HTTP 400'),
    });
  });
});

describe('a server that cannot be reached', () => {
  it('has got nothing, and that is said', async () => {
    const { say, lost } = await bridged('http://127.0.0.1:1/mcp');
    say(INITIALIZE, call(1));
    expect(await lost('s:init')).toMatchObject({
      outcome: 'unsent',
      said: expect.stringContaining('127.0.0.1:1 refuses connections'),
    });
    expect((await lost('n:1')).outcome).toBe('unsent');
  });

  it('by a name that nobody knows is told so', async () => {
    const { say, lost } = await bridged('https://no-such-host.invalid/mcp');
    say(INITIALIZE);
    expect(await lost('s:init')).toMatchObject({
      outcome: 'unsent',
      said: expect.stringMatching(/no-such-host\.invalid (?:is not known|could not be looked up)/),
    });
  });

  it('for its certificate is not trusted gets nothing', async () => {
    const came: unknown[] = [];
    const [key, cert] = ['key.pem', 'cert.pem'].map((name) => readFileSync(join(FIXTURES, name)));
    const server = secureServer({ key, cert }, (request) => came.push(request.url));
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    onTestFinished(() => void server.close());
    const { say, lost } = await bridged(`https://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`);
    say(call(1));
    expect(await lost('n:1')).toMatchObject({
      outcome: 'unsent',
      said: expect.stringContaining('NODE_EXTRA_CA_CERTS'),
    });
    expect(came).toEqual([]);
  });

  it('through the proxy that the environment names is reached through it alone', async () => {
    const asked: string[] = [];
    const proxy = rawServer((socket: Socket) => {
      socket.on('error', () => {});
      socket.once('data', (head) => {
        asked.push(head.toString().split('\r\n')[0] ?? '');
        socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
      });
    });
    await new Promise<void>((listening) => proxy.listen(0, '127.0.0.1', listening));
    onTestFinished(() => void proxy.close());
    const { port } = proxy.address() as AddressInfo;
    const { say, lost } = await bridged(
      'https://mcp.example.com/mcp',
      {},
      { HTTPS_PROXY: `http://127.0.0.1:${port}` },
    );
    say(call(1));
    expect((await lost('n:1')).outcome).toBe('unsent');
    expect(asked).toEqual(['CONNECT mcp.example.com:443 HTTP/1.1']);
  });

  const proxied = async (reply: (socket: Socket) => void, ms?: number) => {
    let asked = 0;
    const proxy = rawServer((socket) => {
      asked += 1;
      socket.on('error', () => {});
      socket.once('data', () => reply(socket));
    });
    await new Promise<void>((listening) => proxy.listen(0, '127.0.0.1', listening));
    onTestFinished(() => void proxy.close());
    const host = `127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    const { say, lost } = await bridged(
      'https://mcp.example.com/mcp',
      {},
      { HTTPS_PROXY: `http://me:pass-word@${host}` },
    );
    say(call(1));
    const { outcome, said } = await lost('n:1', ms);
    expect(said).not.toContain('pass-word');
    return { outcome, said: said.replace(host, 'PROXY'), asked };
  };

  it.each<[string, (socket: Socket) => void, string]>([
    ['hangs up', (socket) => socket.destroy(), 'is reached by a proxy (HTTPS_PROXY), and PROXY broke the'],
    ['ends', (socket) => socket.end(), 'and PROXY broke the connection'],
    ['speaks no HTTP', (socket) => socket.end('SSH-2.0-x\r\n'), 'and PROXY does not speak HTTP'],
    [
      'refuses',
      (socket) => socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n'),
      'not let it be reached (HTTP 502)',
    ],
    ['wants a password', (socket) => socket.end('HTTP/1.1 407 No\r\n\r\n'), 'wants a name and a password'],
  ])('by a proxy that %s is asked for once, and the proxy is named', async (_, reply, words) => {
    const { outcome, said, asked } = await proxied(reply);
    expect([outcome, said, asked]).toEqual(['unsent', expect.stringContaining(words), 1]);
  });

  it.runIf(LONG)('by a proxy that says nothing does not wait for ever', async () => {
    const { outcome, said } = await proxied(() => {}, 30_000);
    expect([outcome, said]).toEqual(['unsent', expect.stringContaining('and PROXY does not answer')]);
  });

  it('by a proxy that is not there, or by what is no address of one, says so', async () => {
    const { say, lost } = await bridged('https://mcp.example.com/mcp', {}, { https_proxy: '127.0.0.1:1' });
    say(call(1));
    expect((await lost('n:1')).said).toContain(
      'by a proxy (HTTPS_PROXY), and 127.0.0.1:1 refuses connections',
    );
    for (const HTTPS_PROXY of ['http://pass-word@', 'ftp://pass-word', 'pass-word proxy'])
      await expect(HttpClient.load({ HTTPS_PROXY })).rejects.toMatchObject({
        exitCode: 2,
        message: expect.stringMatching(
          /^The variable HTTPS_PROXY holds no address of a proxy(?!.*pass-word)/,
        ),
      });
  });
});

describe('a refusal of the server', () => {
  it('that is the very answer passes', async () => {
    const error = '{"jsonrpc":"2.0","id":1,"error":{"code":-32602,"message":"no"}}';
    const server = await httpServer(session((_, response) => response.writeHead(400, JSON_TYPE).end(error)));
    const { say, line } = await inSession(server.url);
    say(call(1));
    expect(await line('"id":1')).toBe(`${error}\n`);
  });

  it.each<[number, string, 'refused' | 'unknown', string]>([
    [
      400,
      '{"jsonrpc":"2.0","id":null,"error":{"code":-32000,"message":"Not so"}}',
      'refused',
      'HTTP 400: Not so.',
    ],
    [413, 'too large', 'refused', 'HTTP 413.'],
    [429, '', 'refused', 'HTTP 429.'],
    [500, '<h1>\u001b[31mboom</h1>', 'unknown', 'HTTP 500.'],
    [502, '', 'unknown', 'HTTP 502.'],
    [504, '', 'unknown', 'HTTP 504.'],
    [408, '', 'unknown', 'HTTP 408.'],
  ])('by %i and %s leaves a call %s', async (status, body, outcome, said) => {
    const lost = await lostBy((_, response) => void response.writeHead(status, JSON_TYPE).end(body));
    expect(lost).toMatchObject({ outcome, said: expect.stringContaining(said) });
    expect(lost.server.calls()).toEqual([1]);
  });

  it('of who we are names what to do, and a call is not sent again', async () => {
    const { outcome, said, server } = await lostBy((_, response) => void response.writeHead(401).end());
    expect([outcome, said]).toEqual(['refused', 'Sign in: holdpoint login X']);
    expect(server.calls()).toEqual([1]);
  });

  it('of a sign-in that was renewed sends a list again, and a call not', async () => {
    const server = await httpServer(
      session(({ headers, json }, response) => {
        if (headers.authorization !== 'Bearer new') return void response.writeHead(401).end();
        response.writeHead(200, JSON_TYPE).end(answer(json?.id));
      }),
    );
    let now = 'Bearer old';
    const credentials = {
      header: async () => now,
      refused: async () => {
        now = 'Bearer new';
        return { header: now };
      },
    };
    const { say, line, lost } = await inSession(server.url, { credentials });
    say(LIST);
    await line('"id":5');
    now = 'Bearer old';
    say(call(1));
    expect(await lost('n:1')).toMatchObject({
      outcome: 'refused',
      said: expect.stringContaining('Ask again.'),
    });
    expect(server.calls()).toEqual([1]);
  });
});

describe('a redirect', () => {
  it('within the server is followed by a list and not by a call', async () => {
    const server = await httpServer((came, response, all) => {
      if (came.path === '/mcp' && came.json?.method !== 'initialize' && came.json?.id !== undefined)
        return void response.writeHead(307, { location: '/mcp/' }).end();
      session(({ json }, reply) => reply.writeHead(200, JSON_TYPE).end(answer(json?.id)))(
        came,
        response,
        all,
      );
    });
    const { say, lost, line } = await inSession(server.url);
    say(call(1));
    expect(await lost('n:1')).toMatchObject({
      outcome: 'refused',
      said: expect.stringContaining('moved to another path'),
    });
    say(LIST, call(2));
    await line('"id":2');
    expect(server.came.filter(({ json }) => json?.id === 2).map(({ path }) => path)).toEqual(['/mcp/']);
  });

  it.each([
    'http://localhost:1/mcp',
    'https://elsewhere.example/mcp?token=1',
    '//elsewhere.example',
    'http://[',
  ])('to %s is not followed', async (location) => {
    const { outcome, said, server } = await lostBy(
      (_, response) => void response.writeHead(308, { location }).end(),
    );
    expect(outcome).toBe('refused');
    expect(said).toMatch(/another server|nowhere/);
    expect(said).not.toContain('token');
    expect(server.calls()).toEqual([1]);
  });

  it('that goes round is given up', async () => {
    const server = await httpServer(
      (_, response) => void response.writeHead(307, { location: '/mcp' }).end(),
    );
    const { say, lost } = await bridged(server.url);
    say(INITIALIZE);
    expect((await lost('s:init')).said).toContain('did so again');
    expect(server.came.length).toBeLessThan(5);
  });
});

describe('what is no MCP', () => {
  it.each<[string, Script, string]>([
    [
      'a page',
      (_, response) => void response.writeHead(200, { 'content-type': 'text/html' }).end('<html>'),
      'text/html',
    ],
    ['no content type', (_, response) => void response.writeHead(200).end('{}'), 'no content type'],
    [
      'a packed answer',
      (_, response) =>
        void response
          .writeHead(200, { ...JSON_TYPE, 'content-encoding': 'gzip' })
          .end(gzipSync(Buffer.alloc(20e6))),
      'packed',
    ],
    ['a taken call without an answer', (_, response) => void response.writeHead(202).end(), 'gave no answer'],
    [
      'an answer to another request',
      (_, response) => void response.writeHead(200, JSON_TYPE).end(answer(99)),
      'without an answer',
    ],
    [
      'several answers at once',
      (_, response) => void response.writeHead(200, JSON_TYPE).end(`[${answer(1)}]`),
      'without an answer',
    ],
  ])('%s leaves a call unknown', async (_, script, said) => {
    expect(await lostBy(script)).toMatchObject({ outcome: 'unknown', said: expect.stringContaining(said) });
  });

  it.each([
    ['a message', JSON_TYPE, '{"jsonrpc":"2.0","id":1,"result":{"t":"'],
    ['an event', EVENTS, 'data: {"jsonrpc":"2.0","id":1,"result":{"t":"'],
    ['the lines of an event', EVENTS, 'data: [\n'],
  ])('%s of 200 MB is cut at what is allowed, and its call is unknown', async (what, type, begin) => {
    let written = 0;
    const piece = what === 'the lines of an event' ? `data: ${'x'.repeat(65_000)}\n` : 'x'.repeat(65_536);
    const { outcome, said } = await lostBy((_, response) => {
      response.writeHead(200, type).write(begin);
      const more = (): void => {
        while (written < 200e6 && !response.destroyed) {
          written += piece.length;
          if (!response.write(piece)) return void response.once('drain', more);
        }
      };
      more();
    });
    expect([outcome, said]).toEqual(['unknown', expect.stringContaining('more than 32 MiB')]);
    expect(written).toBeLessThan(2 * MAX_MESSAGE);
  });

  it('a stream that never ends is no answer, and no other call waits for it', async () => {
    const server = await httpServer(
      session(({ json }, response) => {
        if (json?.id !== 1) return void response.writeHead(200, JSON_TYPE).end(answer(json?.id));
        response.writeHead(200, EVENTS);
        const timer = setInterval(() => response.write(': alive\n\ndata:\n\n'.repeat(200)), 5);
        response.on('close', () => clearInterval(timer));
      }),
    );
    const { say, line, unanswered } = await inSession(server.url);
    say(call(1), call(2));
    await line('"id":2');
    expect(unanswered).toEqual([]);
  });
});

import { describe, expect, it } from 'vitest';
import { Delay } from '../../src/remote/delay.ts';
import { ReplyRoom } from '../../src/remote/reply-room.ts';
import { eventually } from '../support/eventually.ts';
import { answer, call, EVENTS, httpServer, inSession, JSON_TYPE, session } from '../support/http-script.ts';
import { chunked, rawServer, reply } from '../support/raw-server.ts';

const OK = 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n';

/** What is no reply, or an odd one. */
const GARBAGE: [string, string][] = [
  ['nothing', ''],
  ['another protocol', 'SSH-2.0-OpenSSH_9.6\r\n'],
  ['another version of HTTP', 'HTTP/2.0 200 OK\r\n\r\n'],
  ['an upgrade', 'HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\nhello'],
  ['a call to go on', 'HTTP/1.1 100 Continue\r\n\r\n'],
  ['hints without end', 'HTTP/1.1 103 Early Hints\r\n\r\n'.repeat(1_000)],
  ['headers of 100 kB', `${OK}x: ${'y'.repeat(100_000)}\r\n\r\n`],
  ['a negative length', `${OK}content-length: -1\r\n\r\n{}`],
  ['two lengths', `${OK}content-length: 1\r\ncontent-length: 2\r\n\r\n{}`],
  ['a length and chunks', `${OK}content-length: 2\r\ntransfer-encoding: chunked\r\n\r\n{}`],
  ['a chunk without end', `${OK}transfer-encoding: chunked\r\n\r\nfffffffffffffffff\r\n{}`],
  ['a NUL in a header', `${OK}x: a\0b\r\n\r\n{}`],
  ['a status of none', 'HTTP/1.1 000 No\r\n\r\n'],
  ['a status of many', 'HTTP/1.1 9999 No\r\n\r\n'],
  ['a lone header', ': x\r\n\r\n'],
  ['nothing new', 'HTTP/1.1 304 Not Modified\r\n\r\n'],
  ['no content', 'HTTP/1.1 204 No Content\r\n\r\n'],
  ['an empty body', `${OK}content-length: 0\r\n\r\n`],
  ['a blank one', reply('200 OK\r\ncontent-type: application/json', '  \n ')],
  [
    'a broken text',
    reply('200 OK\r\ncontent-type: application/json', '{"jsonrpc":"2.0","id":1000,"result":"'),
  ],
  ['brackets', reply('200 OK\r\ncontent-type: application/json', '['.repeat(100_000))],
  ['an event that is none', chunked('text/event-stream', 'data: not json\n\n')],
];

describe('a reply that is none', () => {
  it.each(GARBAGE)('of %s leaves its call unknown, and the next one goes', async (_, bytes) => {
    const server = await rawServer({
      reply: ({ json }) =>
        json?.id === 1000
          ? { bytes, cut: 'end' }
          : { bytes: reply('200 OK\r\ncontent-type: application/json', answer(json?.id)), cut: undefined },
    });
    const one = await inSession(server.url);
    one.say(call(1000));
    expect((await one.lost('n:1000')).outcome).toBe('unknown');
    one.say(call(1001));
    await one.line('"id":1001');
    expect([server.ran, one.unanswered.length]).toEqual([[1000, 1001], 1]);
  });

  it('that lies ready on a connection is no answer to the call that comes next', async () => {
    const json = '200 OK\r\ncontent-type: application/json';
    const server = await rawServer({
      reply: ({ json: asked }) => ({
        bytes: `${reply(json, answer(asked?.id))}${asked?.id === 1000 ? reply(json, answer(1001)) : ''}`,
        cut: undefined,
      }),
    });
    const one = await inSession(server.url);
    one.say(call(1000));
    await one.line('"id":1000');
    one.say(call(1001));
    await one.line('"id":1001');
    expect(server.ran).toEqual([1000, 1001]);
  });

  it.each([
    ['JSON', JSON_TYPE, answer(1)],
    ['a stream', EVENTS, `: x\r\nid: 1\r\nevent: message\r\ndata: ${answer(1)}\r\n\r\n`],
  ])('but an answer as %s that drips byte by byte is one', async (_, type, bytes) => {
    const server = await httpServer(
      session(async (_came, response) => {
        response.socket?.setNoDelay(true);
        response.writeHead(200, type);
        for (const byte of bytes) {
          response.write(byte);
          await new Promise((later) => setImmediate(later));
        }
        response.end();
      }),
    );
    const { say, line } = await inSession(server.url);
    say(call(1));
    expect(await line('"id":1')).toBe(`${answer(1)}\n`);
  });
});

describe('what a server asks', () => {
  it.each(['over the stream of a call', 'over its own'])(
    '%s is a line, and its answer is posted as it is',
    async (how) => {
      const ask = '{"jsonrpc":"2.0", "id":9007199254740993,"method":"elicitation/create","params":{}}';
      const said = '{ "jsonrpc":"2.0","result":{"action":"decline"}, "id":9007199254740993 }';
      const server = await httpServer((came, response, all) => {
        if (came.body === said) return void response.writeHead(202).end();
        const asks = (): void => void response.writeHead(200, EVENTS).write(`data: ${ask}\n\n`);
        if (came.method === 'GET' && how === 'over its own') return asks();
        session((_, reply) => {
          if (how !== 'over its own') reply.writeHead(200, EVENTS).write(`data: ${ask}\n\n`);
          const wait = setInterval(() => {
            if (!all.some(({ body }) => body === said)) return;
            clearInterval(wait);
            if (how === 'over its own') reply.writeHead(200, JSON_TYPE).end(answer(1));
            else reply.end(`data: ${answer(1)}\n\n`);
          }, 5);
          reply.on('close', () => clearInterval(wait));
        })(came, response, all);
      });
      const { say, line } = await inSession(server.url);
      say(call(1));
      expect(await line('elicitation')).toBe(`${ask}\n`);
      say(said);
      await line('"id":1,');
      expect(server.came.filter(({ body }) => body === said)).toHaveLength(1);
    },
  );
});

describe('what is kept', () => {
  it('of lines that a server does not take stops the client', async () => {
    const server = await httpServer(session(() => {}));
    const { say, bridge } = await inSession(server.url);
    const big = (id: number) =>
      `{"jsonrpc":"2.0","id":${id},"method":"tools/call","params":{"name":"x","arguments":{"a":"${'x'.repeat(25_000_000)}"}}}`;
    say(big(1), big(2));
    await eventually('both', () => server.calls().length === 2);
    expect(bridge.backlog).toBe(0);
    say(big(3));
    await eventually('the third', () => server.calls().length === 3);
    expect(bridge.backlog).toBeGreaterThan(1024 * 1024);
  });

  it('of the replies of a server together has an end, and what is done with is forgotten', () => {
    const room = new ReplyRoom();
    const replies = Array.from({ length: 9 }, () => ({}));
    const fit = replies.map((one) => room.holds(one, 32 * 1024 * 1024));
    expect(fit).toEqual([...Array(8).fill(true), false]);
    for (const one of replies.slice(5)) room.free(one);
    expect(room.holds({}, 32 * 1024 * 1024)).toBe(true);
    expect(room.holds(replies[0] ?? {}, 0)).toBe(true);
  });
});

describe('when a stream is asked for again', () => {
  it('is as it says, longer in vain, and never many times a second', () => {
    const told = new Delay();
    told.retry(3_000);
    expect([told.take(0), told.take(0)]).toEqual([3_000, 3_000]);
    const vain = new Delay();
    const waits = Array.from({ length: 7 }, () => vain.take(0));
    expect(waits).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
    vain.worked();
    expect(vain.take(0)).toBe(1_000);
    const hasty = new Delay();
    hasty.retry(0);
    const [first = 0] = Array.from({ length: 10 }, (_, at) => hasty.take(20_000 + at));
    expect(first).toBeLessThan(100);
    expect(hasty.take(20_011)).toBe(1_000);
    expect(hasty.take(60_000)).toBeLessThan(100);
  });
});

describe('a server on this machine by another address', () => {
  it('of IPv6 is spoken to', async () => {
    const server = await httpServer(
      session(({ json }, response) => response.writeHead(200, JSON_TYPE).end(answer(json?.id))),
      '::1',
    );
    const { say, line } = await inSession(server.url);
    say(call(1));
    await line('"id":1');
  });
});

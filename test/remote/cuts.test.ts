import type { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.ts';
import {
  answer,
  type Bridged,
  bridged,
  call,
  EVENTS,
  httpServer,
  INITIALIZE,
  initialized,
  inSession,
} from '../support/http-script.ts';
import { LONG } from '../support/long.ts';
import { chunked, type RawServer, rawServer, reply } from '../support/raw-server.ts';

const JSON_HEAD = '200 OK\r\ncontent-type: application/json';
/** Every byte in the long run. */
const STEP = LONG ? 1 : 13;

/** What the client was told of a call: by the server, or by us. */
async function told({ lines, unanswered }: Bridged, id: number): Promise<string[]> {
  const all = () => [
    ...lines.filter((line) => line.includes(`"id":${id},`)).map(() => 'answered'),
    ...unanswered.filter(({ request }) => request === `n:${id}`).map(({ outcome }) => outcome),
  ];
  await eventually(`word of call ${id}`, () => all().length > 0);
  return all();
}

/** One word for each call, and a true one: what the server ran is never called not executed, and it ran each once. */
async function agrees(one: Bridged, server: RawServer, id: number): Promise<void> {
  const words = await told(one, id);
  expect([id, words.length]).toEqual([id, 1]);
  const ran = server.ran.filter((call) => call === id).length;
  expect([id, ran]).toEqual([id, Math.min(ran, 1)]);
  if (ran === 1) expect([id, words[0]]).toEqual([id, expect.stringMatching(/answered|unknown/)]);
  else expect([id, words[0]]).toEqual([id, expect.stringMatching(/unknown|unsent/)]);
}

const replies: [string, (id: unknown) => string][] = [
  ['JSON of a known length', (id) => reply(JSON_HEAD, answer(id))],
  ['JSON in chunks', (id) => chunked('application/json', answer(id).slice(0, 20), answer(id).slice(20))],
  ['JSON that the end of the connection ends', (id) => `HTTP/1.1 ${JSON_HEAD}\r\n\r\n${answer(id)}`],
  [
    'a stream',
    (id) => chunked('text/event-stream', ': hello\n\n', `event: message\ndata: ${answer(id)}\n\n`),
  ],
  [
    'a stream with ids',
    (id) =>
      chunked(
        'text/event-stream',
        `retry: 1\nid: ${id}-0\ndata:\n\n`,
        `id: ${id}-1\ndata: ${answer(id)}\n\n`,
      ),
  ],
];

describe.each(['end', 'reset'] as const)('a connection that is cut by %s', (how) => {
  it.each(replies)(
    'at a byte of %s leaves a true word of its call',
    async (_, of) => {
      const server = await rawServer({
        reply: ({ method, headers, json }) => {
          if (method === 'GET') {
            const id = Number(/last-event-id: (\d+)-/.exec(headers)?.[1]);
            return { bytes: chunked('text/event-stream', `data: ${answer(id)}\n\n`), cut: undefined };
          }
          const bytes = of(json?.id);
          return { bytes: bytes.slice(0, Number(json?.id) - 1000), cut: how };
        },
      });
      const one = await inSession(server.url);
      const ids = [];
      for (let at = 0; at <= of(1000).length; at += STEP) ids.push(1000 + at);
      one.say(...ids.map((id) => call(id)));
      await Promise.all(ids.map((id) => agrees(one, server, id)));
    },
    60_000,
  );

  it('at a byte of the request leaves a true word of its call, on a new connection and a used one', async () => {
    let most: number | undefined;
    const server = await rawServer({
      readAtMost: () => most,
      reset: how === 'reset',
      reply: ({ json }) => ({ bytes: reply(JSON_HEAD, answer(json?.id)), cut: undefined }),
    });
    const one = await inSession(server.url);
    one.say(call(1000));
    await agrees(one, server, 1000);
    for (let at = 1; at < 450; at += STEP) {
      most = at;
      one.say(call(1000 + at));
      await agrees(one, server, 1000 + at);
      most = undefined;
      // Every other one meets a connection that stands.
      if (at % 2 === 0) continue;
      one.say(call(5000 + at));
      await agrees(one, server, 5000 + at);
    }
  }, 60_000);
});

describe('a connection that the server ends while nothing is under way', () => {
  it('loses no call that comes much later, and sends none twice', async () => {
    const server = await rawServer({
      reply: ({ json }) => ({ bytes: reply(JSON_HEAD, answer(json?.id)), cut: 'end' }),
    });
    const one = await inSession(server.url);
    for (let id = 1000; id < 1010; id += 1) {
      one.say(call(id));
      expect(await told(one, id)).toEqual(['answered']);
      await new Promise((later) => setTimeout(later, 20));
    }
    expect(server.ran).toHaveLength(10);
  });

  it('at the very time of the next call leaves a true word of it', async () => {
    const server = await rawServer({
      reply: ({ json }) => ({ bytes: reply(JSON_HEAD, answer(json?.id)), cut: 'reset' }),
    });
    const one = await inSession(server.url);
    for (let id = 1000; id < (LONG ? 1200 : 1025); id += 1) {
      one.say(call(id));
      await agrees(one, server, id);
    }
  });
});

describe.each(['end', 'reset'] as const)('the stream of the older transport that is cut by %s', (how) => {
  it('at any byte leaves a true word of each call, and no other is sent', async () => {
    const event = (id: unknown) => `event: message\ndata: ${answer(id)}\n\n`;
    for (let at = 0; at <= event(1000).length; at += STEP) {
      let tell: (bytes: string, then?: () => void) => void = () => {};
      let stream: Socket | null = null;
      const ran: unknown[] = [];
      const server = await httpServer(({ method, json }, response) => {
        if (method === 'GET') {
          response.writeHead(200, EVENTS).write('event: endpoint\ndata: /messages\n\n');
          stream = response.socket;
          tell = (bytes, then) => void response.write(bytes, then);
          return;
        }
        response.writeHead(202).end();
        if (json?.method === 'initialize') return tell(`data: ${initialized(json.id, '2024-11-05')}\n\n`);
        if (json?.id === undefined) return;
        ran.push(json.id);
        const cut = (): void => void (how === 'end' ? stream?.destroy() : stream?.resetAndDestroy());
        if (at === 0) cut();
        else tell(event(json.id).slice(0, at), cut);
      });
      const one = await bridged(server.url, { transport: 'sse' });
      one.say(INITIALIZE);
      await one.line('"init"');
      one.say(call(1000));
      const words = await told(one, 1000);
      expect([at, ran, words.length]).toEqual([at, [1000], 1]);
      expect([at, words[0]]).toEqual([at, expect.stringMatching(/answered|unknown/)]);
      // Only then it is certain that the end was seen.
      if (words[0] === 'answered') continue;
      one.say(call(1001));
      expect([at, await told(one, 1001)]).toEqual([at, ['unsent']]);
      expect(ran).toEqual([1000]);
    }
  });
});

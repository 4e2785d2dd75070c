import { describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.ts';
import {
  answer,
  bridged,
  call,
  EVENTS,
  httpServer,
  INITIALIZE,
  INITIALIZED,
  initialized,
  inSession,
  JSON_TYPE,
  type Script,
  session,
} from '../support/http-script.ts';
import { part } from '../support/long.ts';

const LIST = '{"jsonrpc":"2.0","id":5,"method":"tools/list"}';
const cancel = (id: number): string =>
  `{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":${id}}}`;
const later = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const answers: Script = ({ json }, response) => response.writeHead(200, JSON_TYPE).end(answer(json?.id));
const NOTE = '{"jsonrpc":"2.0","method":"notifications/after"}';

describe('a call that nobody asks for any more', () => {
  it('is not sent where it waited behind what begins the session', async () => {
    let go: () => void = () => {};
    const server = await httpServer((came, response, all) => {
      const act = () => session(answers)(came, response, all);
      if (came.json?.method === 'initialize') go = act;
      else act();
    });
    const { say, line } = await bridged(server.url);
    say(INITIALIZE, INITIALIZED, call(1), call(2));
    await eventually('the start', () => server.came.length === 1);
    say(cancel(1));
    go();
    await line('"id":2');
    expect(server.calls()).toEqual([2]);
    expect(server.came.some(({ json }) => json?.method === 'notifications/cancelled')).toBe(false);
  });

  it('is not sent where it waited for a sign-in, also not at the end', async () => {
    let go: (header: string | undefined) => void = () => {};
    let waits = false;
    const header = () =>
      waits
        ? new Promise<string | undefined>((resolve) => {
            go = resolve;
          })
        : Promise.resolve(undefined);
    const server = await httpServer(session(answers));
    const credentials = { header, refused: async () => ({ said: '' }) };
    const one = await inSession(server.url, { credentials });
    waits = true;
    one.say(call(1));
    await later(20);
    const first = go;
    one.say(cancel(1), call(2));
    await later(20);
    const second = go;
    void one.bridge.close(100);
    first(undefined);
    second(undefined);
    await later(150);
    expect([server.calls(), one.unanswered]).toEqual([[], []]);
  });

  it('is not sent where its server answers before it has it', async () => {
    let go: () => void = () => {};
    let waits = false;
    const header = () =>
      waits
        ? new Promise<undefined>((resolve) => {
            go = () => resolve(undefined);
          })
        : Promise.resolve(undefined);
    let tell: (text: string) => void = () => {};
    const server = await httpServer((came, response, all) => {
      if (came.json?.id !== 7) return session(answers)(came, response, all);
      response.writeHead(200, EVENTS).flushHeaders();
      tell = (text) => response.write(`data: ${text}\n\n`);
    });
    const one = await inSession(server.url, { credentials: { header, refused: async () => ({ said: '' }) } });
    one.say(call(7));
    await eventually('the first', () => server.calls().length === 1);
    waits = true;
    one.say(call(1));
    await later(20);
    tell(answer(1));
    await one.line('"id":1');
    go();
    await later(50);
    expect(server.calls()).toEqual([7]);
  });

  it('and whose id is used again takes no answer from its follower, and gives it none', async () => {
    const first: { reply?: (text: string) => void } = {};
    const server = await httpServer(
      session((_, response, all) => {
        const nth = all.filter(({ json }) => json?.method === 'tools/call').length;
        const reply = (text: string) => void response.writeHead(200, JSON_TYPE).end(text);
        if (nth === 1) first.reply = reply;
        else setTimeout(() => reply('{"jsonrpc":"2.0","id":1,"result":{"second":1}}'), 150);
      }),
    );
    const one = await inSession(server.url);
    one.say(call(1));
    await eventually('the first', () => first.reply !== undefined);
    one.say(cancel(1), call(1));
    await eventually('the second', () => server.calls().length === 2);
    first.reply?.('{"jsonrpc":"2.0","id":1,"result":{"first":1}}');
    expect(await one.line('"id":1')).toContain('second');
    await later(50);
    expect([one.lines.filter((line) => line.includes('"id":1')).length, one.unanswered]).toEqual([1, []]);
  });
});

describe('an answer', () => {
  it('is one: a second on its stream is dropped', async () => {
    const server = await httpServer(
      session(({ json }, response) =>
        response
          .writeHead(200, EVENTS)
          .end(`data: ${answer(json?.id)}\n\ndata: ${answer(json?.id)}\n\ndata: ${NOTE}\n\n`),
      ),
    );
    const { say, line, lines } = await inSession(server.url);
    say(call(1));
    await line('after');
    expect(lines.filter((one) => one.includes('"id":1'))).toHaveLength(1);
  });

  it('that was to come on a stream that ended is told to be unknown', async () => {
    let end: () => void = () => {};
    const server = await httpServer((came, response, all) => {
      if (came.method !== 'GET')
        return session((_, reply) => reply.writeHead(202).end())(came, response, all);
      response.writeHead(200, EVENTS).write(`data: ${NOTE}\n\n`);
      end = () => response.end();
    });
    const { say, line, lost, lines } = await inSession(server.url);
    await line('after');
    say(call(1));
    await eventually('the call', () => server.calls().length === 1);
    await later(50);
    end();
    expect((await lost('n:1')).outcome).toBe('unknown');
    expect(lines.some((one) => one.includes('"id":1'))).toBe(false);
  });

  it('of a redirect that is used behind what was done is no word that nothing was', async () => {
    const server = await httpServer(
      session((_, response) => void response.writeHead(303, { location: '/mcp/done' }).end()),
    );
    const { say, lost } = await inSession(server.url);
    say(call(1));
    expect((await lost('n:1')).outcome).toBe('unknown');
    expect(server.calls()).toEqual([1]);
  });

  it('may wait for the answer to what the server asks while the session begins', async () => {
    const server = await httpServer((came, response, all) => {
      if (came.json?.method === 'initialize')
        return void response
          .writeHead(200, { ...EVENTS, 'mcp-session-id': 'one' })
          .write('data: {"jsonrpc":"2.0","id":"p","method":"ping"}\n\n', () => {
            const wait = setInterval(() => {
              if (!all.some(({ json }) => json?.id === 'p')) return;
              clearInterval(wait);
              response.write(`data: ${initialized('init')}\n\n`);
            }, 5);
            response.on('close', () => clearInterval(wait));
          });
      if (came.json?.id === 'p') return void response.writeHead(202).end();
      session(answers)(came, response, all);
    });
    const { say, line } = await bridged(server.url);
    say(INITIALIZE);
    await line('"ping"');
    say('{"jsonrpc":"2.0","id":"p","result":{}}');
    await line('"init"');
    // That stream is open still.
    say(INITIALIZED, call(1));
    await line('"id":1');
  });
});

/** A server that forgets its session `s1`; what it answers to `initialize` from then on goes to `anew`. */
async function forgetful(anew: Script, rest: Script = answers) {
  const state = { gone: false, begun: 0 };
  const server = await httpServer((came, response, all) => {
    // It takes its time to be told of the end.
    if (came.method === 'DELETE' && state.gone) return;
    if (came.method === 'POST' && state.gone) {
      if (came.headers['mcp-session-id'] === 's1') {
        // Some are told long after a new one was begun.
        const late = Number(came.json?.id) % 2 === 0 ? 250 : 0;
        return void setTimeout(() => response.writeHead(404).end(), late);
      }
      if (came.json?.method === 'initialize') {
        state.begun += 1;
        return anew(came, response, all);
      }
    }
    const id = state.gone ? 's2' : 's1';
    session(rest, { 'mcp-session-id': id })(came, response, all);
  });
  return { server, state, one: await inSession(server.url) };
}

const asNew: Script = ({ json }, response) =>
  void response.writeHead(200, { ...JSON_TYPE, 'mcp-session-id': 's2' }).end(initialized(json?.id));

describe('a session that the server forgot', () => {
  it('is begun anew once for many calls at a time, however late some of them hear of it', async () => {
    const { server, state, one } = await forgetful((...all) => void setTimeout(() => asNew(...all), 60));
    state.gone = true;
    const ids = Array.from({ length: 50 }, (_, at) => at + 100);
    for (const [at, id] of ids.entries()) setTimeout(() => one.say(call(id)), at * 3);
    await Promise.all(
      ids.map((id) =>
        eventually(`word of ${id}`, () => {
          const lost = one.unanswered.filter(({ request }) => request === `n:${id}`);
          const got = one.lines.filter((line) => line.includes(`"id":${id},`));
          return lost.length + got.length === 1 && lost.every(({ outcome }) => outcome === 'refused');
        }),
      ),
    );
    expect(state.begun).toBe(1);
    expect(new Set(server.calls()).size).toBe(server.calls().length);
  });

  it('and cannot begin anew is asked once for many calls at a time', async () => {
    const { state, one } = await forgetful((_, response) => void response.writeHead(500).end());
    state.gone = true;
    const ids = Array.from({ length: 50 }, (_, at) => at + 100);
    one.say(...ids.map((id) => call(id)));
    await eventually('their words', () => one.unanswered.length === 50);
    expect(state.begun).toBe(1);
    expect(one.unanswered.every(({ said }) => said.includes('Restart this server'))).toBe(true);
  });

  it('is begun anew over a stream that stays open', async () => {
    const { state, one } = await forgetful(({ json }, response) =>
      response
        .writeHead(200, { ...EVENTS, 'mcp-session-id': 's2' })
        .write(`data: ${initialized(json?.id)}\n\n`),
    );
    state.gone = true;
    one.say(LIST);
    await one.line('"id":5');
  });

  it('gets no answer that was for the earlier one', async () => {
    const { server, state, one } = await forgetful(asNew);
    state.gone = true;
    one.say('{"jsonrpc":"2.0","id":"asked","result":{}}');
    await eventually('the word', () => one.said.some((said) => said.includes('an answer did not arrive')));
    expect(server.came.filter(({ json }) => json?.id === 'asked')).toHaveLength(1);
  });

  it('and of which it knows nothing right after its start is given up, and nothing hangs', async () => {
    const server = await httpServer((came, response, all) => {
      if (all.length > 3 && came.method === 'POST' && came.json?.method !== 'initialize')
        return void response.writeHead(404).end();
      session(answers, { 'mcp-session-id': `s${all.length}` })(came, response, all);
    });
    const one = await inSession(server.url);
    await eventually('the stream', () => server.came.length === 3);
    one.say(call(1), LIST, '{"jsonrpc":"2.0","method":"notifications/roots/list_changed"}');
    expect((await one.lost('n:1')).outcome).toBe('refused');
    expect((await one.lost('n:5')).outcome).toBe('refused');
    await later(200);
    expect(server.came.length).toBeLessThan(30);
  });

  it('keeps what comes meanwhile until the new one stands', async () => {
    const { server, state, one } = await forgetful((...all) => void setTimeout(() => asNew(...all), 100));
    state.gone = true;
    one.say(LIST);
    await eventually('the new start', () => state.begun === 1);
    one.say(call(2), call(3));
    one.say(cancel(3));
    await one.line('"id":2');
    const sent = server.came.filter(({ json }) => json?.method === 'tools/call');
    expect(sent.map(({ headers, json }) => [json?.id, headers['mcp-session-id']])).toEqual([[2, 's2']]);
  });

  it('and whose client ends meanwhile gets nothing that waited', async () => {
    const { server, state, one } = await forgetful((...all) => void setTimeout(() => asNew(...all), 80));
    state.gone = true;
    one.say(LIST);
    await eventually('the new start', () => state.begun === 1);
    one.say(call(2), call(3));
    await one.bridge.close(300);
    expect(server.calls()).toEqual([]);
  });

  it('is not taken up again by an answer that was under way', async () => {
    let late: () => void = () => {};
    const { server, state, one } = await forgetful(
      (...all) => void setTimeout(() => asNew(...all), 60),
      ({ json }, response) => {
        const reply = () =>
          void response.writeHead(200, { ...JSON_TYPE, 'mcp-session-id': 's1' }).end(answer(json?.id));
        if (json?.id === 9) late = reply;
        else answers({ json } as never, response, []);
      },
    );
    one.say(call(9));
    await eventually('it', () => server.calls().length === 1);
    state.gone = true;
    one.say(LIST);
    await eventually('the new start', () => state.begun === 1);
    late();
    await one.line('"id":5');
    one.say(call(2));
    await one.line('"id":2');
    expect([state.begun, server.came.at(-1)?.headers['mcp-session-id']]).toEqual([1, 's2']);
  });
});

describe('a server without measure', () => {
  it('whose notifications are not taken is not asked for ever', async () => {
    const server = await httpServer((came, response, all) => {
      if (came.json?.method === 'notifications/x')
        return void response.writeHead(307, { location: '/mcp' }).end();
      session(answers)(came, response, all);
    });
    const one = await inSession(server.url);
    one.say('{"jsonrpc":"2.0","method":"notifications/x"}', call(1));
    await one.line('"id":1');
    await eventually('the end', () => one.said.some((said) => said.includes('did so again')));
    expect(server.came.filter(({ json }) => json?.method === 'notifications/x').length).toBeLessThan(5);
  });

  it.each(
    part(
      [
        'retry: 0\nid: x\ndata:\n\n',
        'retry: 0\nid: x\ndata: {"jsonrpc":"2.0","method":"notifications/x"}\n\n',
      ],
      2,
    ),
  )(
    'that ends its streams at once and says to come back at once is asked now and then: %j',
    async (event) => {
      const server = await httpServer((came, response, all) => {
        if (came.method === 'GET') return void response.writeHead(200, EVENTS).end(event);
        session((_, reply) => reply.writeHead(200, EVENTS).end(event))(came, response, all);
      });
      const one = await inSession(server.url);
      one.say(call(1));
      await later(1_500);
      expect(server.came.filter(({ method }) => method === 'GET').length).toBeLessThan(20);
      expect([server.calls(), one.unanswered]).toEqual([[1], []]);
    },
  );

  it('that never ends its reply to the end of the start holds nothing up', async () => {
    const server = await httpServer((came, response, all) => {
      if (came.json?.method !== 'notifications/initialized') return session(answers)(came, response, all);
      response.writeHead(200, EVENTS).flushHeaders();
    });
    const { say, line } = await bridged(server.url);
    say(INITIALIZE, INITIALIZED, call(1));
    await line('"id":1');
  });

  it.each(['\u0001', 'a\u0007b', '\u{1f600}é', 'x\r'])(
    'that gives its events the id %j breaks no header',
    async (id) => {
      const from: unknown[] = [];
      const server = await httpServer((came, response, all) => {
        if (came.method === 'GET' && came.headers['last-event-id'] !== undefined) {
          from.push(Buffer.from(came.headers['last-event-id'] as string, 'latin1').toString());
          return void response.writeHead(200, EVENTS).end(`data: ${answer(1)}\n\n`);
        }
        session((_, reply) =>
          reply.writeHead(200, EVENTS).end(`retry: 1\nid: ok\ndata:\n\nid: ${id}\ndata:\n\n`),
        )(came, response, all);
      });
      const { say, line } = await inSession(server.url);
      say(call(1));
      await line('"id":1');
      expect(from[0]).toBe(id.includes('é') ? id : id === 'x\r' ? 'x' : 'ok');
    },
  );

  it('whose JSON is cut off leaves one word of its call, and no half line', async () => {
    const server = await httpServer(
      session((_, response) =>
        response.writeHead(200, { ...JSON_TYPE, connection: 'close' }).end(answer(1).slice(0, -3)),
      ),
    );
    const { say, lost, lines } = await inSession(server.url);
    say(call(1));
    expect(await lost('n:1')).toMatchObject({ outcome: 'unknown', said: expect.stringContaining('no JSON') });
    expect(lines).toHaveLength(1);
  });
});

describe('the stream on which a server speaks unasked', () => {
  it.each(
    part(
      [
        [500, true],
        [429, true],
        [405, false],
        [404, false],
      ] as const,
      2,
    ),
  )('is asked for again behind HTTP %i: %s', async (status, again) => {
    let gets = 0;
    const server = await httpServer((came, response, all) => {
      if (came.method !== 'GET') return session(answers)(came, response, all);
      gets += 1;
      if (gets === 1) return void response.writeHead(status).end();
      response.writeHead(200, EVENTS).write(`data: ${NOTE}\n\n`);
    });
    const { line } = await inSession(server.url);
    if (again) await line('after');
    else await later(1_200);
    expect(gets).toBe(again ? 2 : 1);
  });

  it('of a session that is over is left, and that of the new one is opened', async () => {
    const open: unknown[] = [];
    const state = { gone: false };
    const server = await httpServer((came, response, all) => {
      const id = came.headers['mcp-session-id'];
      if (came.method === 'GET') {
        open.push(id);
        response.on('close', () => open.splice(open.indexOf(id), 1));
        return void response.writeHead(200, EVENTS).flushHeaders();
      }
      if (state.gone && id === 's1') return void response.writeHead(404).end();
      session(answers, { 'mcp-session-id': state.gone ? 's2' : 's1' })(came, response, all);
    });
    const { say, line } = await inSession(server.url);
    await eventually('the stream', () => open.length === 1);
    state.gone = true;
    say(LIST);
    await line('"id":5');
    await eventually('the other', () => open.length === 1 && open[0] === 's2');
  });
});

describe('a sign-in that is refused', () => {
  it('is asked of for each of many calls, of which none goes twice and all have one word', async () => {
    const server = await httpServer(session((_, response) => void response.writeHead(401).end()));
    let at = 0;
    const credentials = {
      header: async () => `Bearer ${at}`,
      refused: async () => {
        at += 1;
        await later(at % 5);
        return at % 2 === 0 ? { header: `Bearer ${at}` } : { said: 'Sign in.' };
      },
    };
    const one = await inSession(server.url, { credentials });
    const ids = Array.from({ length: 50 }, (_, nth) => nth + 100);
    one.say(...ids.map((id) => call(id)), LIST);
    await eventually('their words', () => one.unanswered.length === 51);
    expect(server.calls().toSorted()).toEqual(ids);
    expect(new Set(one.unanswered.map(({ outcome }) => outcome))).toEqual(new Set(['refused']));
  });
});

describe('a credential that fails', () => {
  it('loses no request without a word, and ends nothing', async () => {
    const server = await httpServer(session(() => {}));
    const credentials = {
      header: async () => {
        throw new Error('no');
      },
      refused: async () => {
        throw new Error('no');
      },
    };
    const { say } = await bridged(server.url, { credentials });
    say(INITIALIZE, call(1));
    await eventually('the call', () => server.came.length > 1);
  });
});

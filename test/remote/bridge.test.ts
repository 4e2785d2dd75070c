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
  session,
} from '../support/http-script.ts';

const SPELLED =
  '{ "jsonrpc":"2.0",  "params":{"arguments":{"n":9007199254740993,"x":1.0,"u":"\\u00e9","b":2,"a":1},"name":"echo"},"id": 7 ,"method":"tools\\/call"}';

describe('a line for a remote server', () => {
  it('is the body of one POST, byte for byte', async () => {
    const server = await httpServer(
      session(({ json }, response) => response.writeHead(200, JSON_TYPE).end(answer(json?.id))),
    );
    const { say, line } = await inSession(server.url);
    say(SPELLED);
    await line('"id":7');
    expect(server.came.filter(({ body }) => body === SPELLED)).toHaveLength(1);
    expect(server.came.at(-1)?.headers).toMatchObject({
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      'accept-encoding': 'identity',
      'mcp-session-id': 'one',
      'mcp-protocol-version': '2025-06-18',
    });
  });

  it('waits behind what begins the session', async () => {
    const server = await httpServer((came, response, all) => {
      const late = came.json?.method === 'initialize' ? 150 : 0;
      setTimeout(
        () =>
          session(({ json }, reply) => reply.writeHead(200, JSON_TYPE).end(answer(json?.id)))(
            came,
            response,
            all,
          ),
        late,
      );
    });
    const { say, line } = await bridged(server.url);
    say(INITIALIZE, INITIALIZED, call(1));
    await line('"id":1');
    const posts = server.came.filter(({ method }) => method === 'POST').map(({ json }) => json?.method);
    expect(posts).toEqual(['initialize', 'notifications/initialized', 'tools/call']);
  });

  it('does not wait behind a call that runs', async () => {
    const server = await httpServer(
      session(({ json }, response) => {
        if (json?.id !== 1) response.writeHead(200, JSON_TYPE).end(answer(json?.id));
      }),
    );
    const { say, line } = await inSession(server.url);
    say(call(1), call(2));
    expect(await line('"id":2')).toBe(`${answer(2)}\n`);
  });
});

describe('an answer of a remote server', () => {
  it.each([
    ['as it came', '{"jsonrpc":"2.0", "id":1,"result":{"n":9007199254740993,"e":"\\u00e9 é"}}', undefined],
    [
      'with each byte of a line break as a space',
      '{\r\n  "jsonrpc": "2.0",\n "id": 1, "result": {"t": "a\\nb"}\n}\n',
      '{    "jsonrpc": "2.0",  "id": 1, "result": {"t": "a\\nb"} }',
    ],
  ])('is one line, %s', async (_, body, line) => {
    const server = await httpServer(
      session((_came, response) => response.writeHead(200, JSON_TYPE).end(body)),
    );
    const one = await inSession(server.url);
    one.say(call(1));
    await eventually('the answer', () => one.lines.length === 2);
    expect(one.lines[1]).toBe(`${line ?? body}\n`);
  });

  it('comes out of a stream the same, behind events without data and notifications', async () => {
    const server = await httpServer(
      session((_came, response) => {
        response.writeHead(200, EVENTS);
        response.write(
          ': alive\n\nid: 1\ndata:\n\nevent: message\r\ndata: {"jsonrpc":"2.0","method":"notifications/x"}\r\n\r\n',
        );
        response.end('data: {"jsonrpc":"2.0",\ndata:  "id":1,"result":{}}\n\n');
      }),
    );
    const { say, line, lines } = await inSession(server.url);
    say(call(1));
    await line('"id":1');
    expect(lines.slice(1)).toEqual([
      '{"jsonrpc":"2.0","method":"notifications/x"}\n',
      '{"jsonrpc":"2.0",  "id":1,"result":{}}\n',
    ]);
  });

  it('is refused where a line break stands within a text: it cannot be one line', async () => {
    const server = await httpServer(
      session((_came, response) =>
        response.writeHead(200, JSON_TYPE).end('{"jsonrpc":"2.0","id":1,"result":{"t":"a\nb"}}'),
      ),
    );
    const { say, lost } = await inSession(server.url);
    say(call(1));
    expect(await lost('n:1')).toMatchObject({
      outcome: 'unknown',
      said: expect.stringContaining('line break within a text'),
    });
  });

  it('is dropped where it comes after we answered', async () => {
    let tell: (line: string) => void = () => {};
    const server = await httpServer((came, response, all) => {
      if (came.method === 'GET') {
        response.writeHead(200, EVENTS).flushHeaders();
        tell = (line) => response.write(`data: ${line}\n\n`);
        return;
      }
      session((_, reply) => reply.destroy())(came, response, all);
    });
    const { say, lost, line, lines } = await inSession(server.url);
    await eventually('the stream', () => server.came.some(({ method }) => method === 'GET'));
    say(call(1));
    await lost('n:1');
    tell(answer(1));
    tell('{"jsonrpc":"2.0","method":"notifications/after"}');
    await line('after');
    expect(lines.some((one) => one.includes('"id":1'))).toBe(false);
  });
});

describe('a session of a remote server', () => {
  it('is begun anew where the server ended it: a list is asked for again, a call is not', async () => {
    let ended = false;
    let begun = 0;
    const server = await httpServer((came, response, all) => {
      const stale = came.headers['mcp-session-id'] === 's1' && ended;
      if (stale && came.method === 'POST')
        return void response.writeHead(404, JSON_TYPE).end('{"error":"gone"}');
      if (came.json?.method === 'initialize') begun += 1;
      session(({ json }, reply) => reply.writeHead(200, JSON_TYPE).end(answer(json?.id)), {
        'mcp-session-id': `s${begun}`,
      })(came, response, all);
    });
    const { say, line, lost, lines } = await inSession(server.url);
    ended = true;
    say(call(1));
    expect(await lost('n:1')).toMatchObject({
      outcome: 'refused',
      said: expect.stringContaining('a new one was begun'),
    });
    await line('list_changed');
    say('{"jsonrpc":"2.0","id":2,"method":"tools/list"}', call(3));
    await line('"id":3');
    expect(lines.filter((one) => one.includes('"init"'))).toHaveLength(1);
    expect(server.calls()).toEqual([1, 3]);
    expect(server.came.at(-1)?.headers['mcp-session-id']).toBe('s2');
  });

  it('that cannot be begun anew is told with what to do', async () => {
    const server = await httpServer((came, response, all) => {
      if (came.headers['mcp-session-id'] !== undefined || all.length > 2)
        return void response.writeHead(404).end();
      session(() => {})(came, response, all);
    });
    const { say, lost } = await inSession(server.url);
    say(call(1));
    expect((await lost('n:1')).said).toContain('Restart this server in its client.');
  });

  it('keeps the name that it began with, whatever a later answer says', async () => {
    const server = await httpServer(
      session(({ json }, response) =>
        response.writeHead(200, { ...JSON_TYPE, 'mcp-session-id': `x${json?.id}` }).end(answer(json?.id)),
      ),
    );
    const { say, line, said } = await inSession(server.url);
    say(call(1));
    await line('"id":1');
    say(call(2));
    await line('"id":2');
    expect(server.came.at(-1)?.headers['mcp-session-id']).toBe('one');
    expect(said[0]).toContain('named another session');
  });

  it('is ended with a DELETE', async () => {
    const server = await httpServer(session(() => {}));
    const { bridge } = await inSession(server.url);
    await bridge.close();
    expect(server.came.at(-1)).toMatchObject({ method: 'DELETE', headers: { 'mcp-session-id': 'one' } });
  });
});

describe('giving up on a call', () => {
  it('is posted behind the call itself', async () => {
    const server = await httpServer(session(() => {}));
    const { say } = await inSession(server.url);
    say(call(1));
    await eventually('the call', () => server.calls().length === 1);
    say('{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}');
    await eventually(
      'the cancellation',
      () => server.came.at(-1)?.json?.method === 'notifications/cancelled',
    );
    expect(server.came.at(-2)?.json?.method).toBe('tools/call');
  });

  it('closes the connection of one of 2026-07-28, and is posted to nobody', async () => {
    let closed = false;
    const server = await httpServer((_came, response) => {
      response.on('close', () => {
        closed = true;
      });
    });
    const { say, unanswered } = await bridged(server.url);
    say(
      '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"t","_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28"}}}',
    );
    await eventually('the call', () => server.came.length === 1);
    expect(server.came[0]?.headers).toMatchObject({
      'mcp-protocol-version': '2026-07-28',
      'mcp-method': 'tools/call',
      'mcp-name': 't',
    });
    say('{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}');
    await eventually('the end of the connection', () => closed);
    expect([server.came.length, unanswered]).toEqual([1, []]);
  });
});

describe('the stream on which a server speaks unasked', () => {
  it('is opened once the session stands, and taken up where it ended', async () => {
    const ids: (string | undefined)[] = [];
    const server = await httpServer((came, response, all) => {
      if (came.method !== 'GET') return session(() => {})(came, response, all);
      ids.push(came.headers['last-event-id'] as string | undefined);
      response.writeHead(200, EVENTS);
      response.end(
        `retry: 10\nid: e${ids.length}\ndata: {"jsonrpc":"2.0","method":"notifications/n${ids.length}"}\n\n`,
      );
    });
    const { line } = await inSession(server.url);
    await line('/n2');
    await eventually('the third', () => ids.length > 2);
    expect(ids.slice(0, 3)).toEqual([undefined, 'e1', 'e2']);
  });

  it('brings an answer that its request did not get', async () => {
    let tell: (line: string) => void = () => {};
    const server = await httpServer((came, response, all) => {
      if (came.method !== 'GET')
        return session((_, reply) => reply.writeHead(202).end())(came, response, all);
      response.writeHead(200, EVENTS).flushHeaders();
      tell = (line) => response.write(`data: ${line}\n\n`);
    });
    const { say, line } = await inSession(server.url);
    await eventually('the stream', () => server.came.some(({ method }) => method === 'GET'));
    await new Promise((later) => setTimeout(later, 50));
    say(call(1));
    await eventually('the call', () => server.calls().length === 1);
    tell(answer(1));
    expect(await line('"id":1')).toBe(`${answer(1)}\n`);
  });
});

describe('the older transport', () => {
  function older(onCall: (id: unknown, tell: (line: string) => void) => void, endpoint = '/messages?s=1') {
    let tell: (line: string) => void = () => {};
    let cut: () => void = () => {};
    return httpServer(({ method, path, json }, response) => {
      if (method === 'GET') {
        response.writeHead(200, EVENTS).write(`event: endpoint\ndata: ${endpoint}\n\n`);
        tell = (line) => response.write(`event: message\ndata: ${line}\n\n`);
        cut = () => response.destroy();
        return;
      }
      if (path === '/mcp') return void response.writeHead(405).end();
      response.writeHead(202, { 'content-type': 'text/plain' }).end('Accepted');
      if (json?.method === 'initialize') tell(initialized(json.id, '2024-11-05'));
      else if (json?.id === 9) cut();
      else if (json?.id !== undefined) onCall(json.id, tell);
    });
  }

  it.each(['auto', 'sse'] as const)('is spoken by --transport %s', async (transport) => {
    const server = await older((id, tell) => tell(answer(id)));
    const { say, line } = await bridged(server.url, { transport });
    say(INITIALIZE);
    await line('"init"');
    say(INITIALIZED, call(1));
    expect(await line('"id":1')).toBe(`${answer(1)}\n`);
    expect(server.came.at(-1)).toMatchObject({ method: 'POST', path: '/messages?s=1' });
  });

  it('is not by --transport http', async () => {
    const server = await older(() => {});
    const { say, lost } = await bridged(server.url, { transport: 'http' });
    say(INITIALIZE);
    expect(await lost('s:init')).toMatchObject({
      outcome: 'refused',
      said: expect.stringContaining('HTTP 405'),
    });
  });

  it('posts to no other server', async () => {
    const server = await older(() => {}, 'http://127.0.0.1:1/messages');
    const { say, lost } = await bridged(server.url, { transport: 'sse' });
    say(INITIALIZE);
    expect((await lost('s:init')).said).toContain('another server');
  });

  it('leaves what runs unknown when its stream ends, and takes nothing more', async () => {
    const server = await older(() => {});
    const { say, line, lost } = await bridged(server.url, { transport: 'sse' });
    say(INITIALIZE);
    await line('"init"');
    say(call(1), call(9));
    expect(await lost('n:1')).toMatchObject({
      outcome: 'unknown',
      said: expect.stringContaining('has ended'),
    });
    expect((await lost('n:9')).outcome).toBe('unknown');
    say(call(2));
    expect(await lost('n:2')).toMatchObject({ outcome: 'unsent' });
    expect(server.calls()).toEqual([1, 9]);
  });
});

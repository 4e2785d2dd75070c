import { PassThrough } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { readClientLine } from '../../src/protocol/client-message.ts';
import type { CallMessage } from '../../src/protocol/gated/tools-call.ts';
import { CallDigester } from '../../src/proxy/call-digest.ts';
import { ClientOutput } from '../../src/proxy/client-output.ts';

function output() {
  const stream = new PassThrough();
  const out = new ClientOutput(stream);
  return {
    out,
    relay: (text: string) => out.relay(Buffer.from(text)),
    text: () => stream.read()?.toString() ?? '',
  };
}

describe('lines of ours between the bytes of the server', () => {
  it('go out at once at a line boundary', () => {
    const { out, relay, text } = output();
    relay('{"a":1}\n');
    out.own('ours\n');
    relay('{"b":2}\n');
    expect(text()).toBe('{"a":1}\nours\n{"b":2}\n');
  });

  it('wait for the end of a half line, in their order', () => {
    const { out, relay, text } = output();
    relay('{"a"');
    out.own('one\n');
    out.own('two\n');
    relay(':1');
    relay('}\n{"half');
    expect(text()).toBe('{"a":1}\none\ntwo\n{"half');
  });

  it('close a half line that the server will never end', () => {
    const { out, relay, text } = output();
    relay('half');
    out.own('ours\n');
    out.serverEnded();
    expect(text()).toBe('half\nours\n');
  });

  it('add nothing to a half line when there is nothing of ours to say', () => {
    const { out, relay, text } = output();
    relay('half');
    out.serverEnded();
    expect(text()).toBe('half');
  });
});

describe('a client that does not read', () => {
  const slow = () => {
    const stream = new PassThrough({ highWaterMark: 10 });
    const out = new ClientOutput(stream);
    out.own('x'.repeat(100));
    return { out, stream };
  };
  const state = async (promise: Promise<void>) =>
    Promise.race([promise.then(() => 'drained'), sleep(50).then(() => 'waits')]);

  it('is waited for at the end, until it reads', async () => {
    const { out, stream } = slow();
    const drained = out.drained(new AbortController().signal);
    expect([out.busy, await state(drained)]).toEqual([true, 'waits']);
    stream.resume();
    await drained;
    expect([out.busy, out.unread]).toEqual([false, 0]);
  });

  it('is not waited for when it tells us to end, nor when it is gone', async () => {
    const hurry = new AbortController();
    const drained = slow().out.drained(hurry.signal);
    hurry.abort();
    await drained;
    await slow().out.drained(hurry.signal);
    const { out } = slow();
    out.broke();
    expect([out.busy, out.unread, await state(out.drained(new AbortController().signal))]).toEqual([
      false,
      0,
      'drained',
    ]);
  });

  it('is busy also while a line of ours waits for the end of a half line', () => {
    const { out, relay } = output();
    relay('half');
    expect(out.busy).toBe(false);
    out.own('ours\n');
    expect([out.busy, out.unread >= 5]).toEqual([true, true]);
  });
});

describe('the digest of a call', () => {
  const digest = (params: string, id = '1', server = 's', command = 'c'): string => {
    const line = `{"jsonrpc":"2.0","id":${id},"method":"tools/call","params":${params}}`;
    return new CallDigester(server, command).of(readClientLine(Buffer.from(line)) as CallMessage);
  };
  const base = '{"name":"t","arguments":{"a":1,"b":["x",{"c":null}]}}';

  it.for([
    ['other spacing and order', '{ "arguments" : {"b":[ "x",{"c":null}],"a":1} , "name":"t"}'],
    ['other escapes', '{"name":"\\u0074","arguments":{"\\u0061":1,"b":["\\u0078",{"c":null}]}}'],
    [
      '_meta and requestState',
      '{"name":"t","arguments":{"a":1,"b":["x",{"c":null}]},"_meta":{"x":1},"requestState":"s"}',
    ],
  ] as const)('is the same for %s', ([, params]) => {
    expect(digest(params)).toBe(digest(base));
    expect(digest(params, '"other id"')).toBe(digest(base));
  });

  it.for([
    ['another tool', '{"name":"u","arguments":{"a":1,"b":["x",{"c":null}]}}'],
    ['another number spelling', '{"name":"t","arguments":{"a":1.0,"b":["x",{"c":null}]}}'],
    ['another array order', '{"name":"t","arguments":{"a":1,"b":[{"c":null},"x"]}}'],
    ['no arguments', '{"name":"t"}'],
    ['a task', '{"name":"t","arguments":{"a":1,"b":["x",{"c":null}]},"task":{"ttl":1}}'],
    ['answers', '{"name":"t","arguments":{"a":1,"b":["x",{"c":null}]},"inputResponses":{}}'],
  ] as const)('is another for %s', ([, params]) => {
    expect(digest(params)).not.toBe(digest(base));
  });

  it('is another for another server or command', () => {
    expect(digest(base, '1', 's2')).not.toBe(digest(base));
    expect(digest(base, '1', 's', 'c2')).not.toBe(digest(base));
  });

  it('tells 9007199254740993 from …992', () => {
    expect(digest('{"name":"t","arguments":{"n":9007199254740993}}')).not.toBe(
      digest('{"name":"t","arguments":{"n":9007199254740992}}'),
    );
  });
});

import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { newFolder, newHome, recordsOf } from '../support/home.ts';
import { fixture } from '../support/proxy-process.ts';
import { RawClient } from '../support/raw-client.ts';

const node = process.execPath;
const MiB = 1024 * 1024;
/** Of a run with a line of 32 MiB in it: read, decoded, digested, cut for the record. */
const PEAK_MIB = 400;

/** What a client gets of a server that says this and goes at once. */
async function heard(says: Uint8Array): Promise<Buffer> {
  const file = join(newFolder(), 'says');
  writeFileSync(file, says);
  const client = new RawClient({ home: newHome(), server: ['cat', file] }).read();
  const ended = new Promise((done) => client.child.once('close', done));
  expect(await client.exit).toBe(0);
  await ended;
  return client.bytes;
}

describe('junk that a server says reaches its client as it is', () => {
  it.each([
    ['text that is not JSON', 'Server running on stdio\n{"jsonrpc":"2.0"\n}\n'],
    ['NULs and control characters', '\0\0\n\u0001\u001b[31m\u0007\0'],
    ['invalid UTF-8', Buffer.from([0xff, 0xfe, 0x0a, 0xc3, 0x28, 0xe2, 0x82, 0x0a, 0xed, 0xa0, 0x80])],
    ['a byte order mark, CRLF, lone CR', '\ufeff{"a":1}\r\n\r\r\n\r'],
    ['empty lines only', '\n\n\r\n\n'],
    ['half a line', '{"jsonrpc":"2.0","id":1,"resu'],
    ['a last line without its LF', '{"jsonrpc":"2.0","method":"a"}\n{"jsonrpc":"2.0","method":"b"}'],
    ['nothing at all', ''],
    ['more than a pipe takes', Buffer.alloc(3 * MiB, 'line\nhalf')],
  ])('%s, though the server has gone at once', async (_, says) => {
    const want = Buffer.from(says);
    const got = await heard(want);
    expect([got.length, got.equals(want)]).toEqual([want.length, true]);
  });
});

describe('a line of the client at the limit', () => {
  /** One call whose line has this many bytes, its LF among them. */
  const call = (bytes: number): string => {
    const [head, tail] = [
      '{"jsonrpc":"2.0","id":0,"method":"tools/call","params":{"name":"t","arguments":{"x":"',
      '"}}}\n',
    ];
    return `${head}${'a'.repeat(bytes - head.length - tail.length)}${tail}`;
  };
  const measured = (line: string) => `${line.length} ${createHash('sha256').update(line).digest('hex')}`;

  it('is read at 32 MiB with its LF, and refused and recorded at one byte more; the next line works', async () => {
    const home = newHome({ allow: ['*'] });
    const client = new RawClient({ home, server: [node, fixture('measure')] }).read();
    const fits = call(32 * MiB);
    await client.flood([fits]);
    await eventually('its answer', () => client.messages().length === 1, 30_000);
    await client.flood([call(32 * MiB + 1)]);
    await eventually('the refusal', () => client.messages().length === 2, 30_000);
    await client.flood([call(200)]);
    await eventually('the next answer', () => client.messages().length === 3, 30_000);
    const [first, refused, next] = client.messages();
    expect(first?.result?.content?.[0]?.text).toBe(measured(fits));
    expect([refused?.id, refused?.error?.code]).toEqual([null, -32700]);
    expect(refused?.error?.message).toContain('The line is 33554433 bytes long');
    expect(next?.result?.content?.[0]?.text).toBe(measured(call(200)));
    expect(recordsOf(home, 'refusal')).toMatchObject([{ cause: 'overlong-line' }]);
    expect(client.peak()).toBeLessThan(PEAK_MIB);
    await client.end();
  }, 60_000);

  it('is refused as one line when it has no end for 200 MiB, in little memory', async () => {
    const client = new RawClient({
      home: newHome({ allow: ['*'] }),
      server: [node, fixture('measure')],
    }).read();
    const piece = Buffer.alloc(MiB, 'x');
    await client.flood(Array.from({ length: 200 }, () => piece));
    await client.flood(['\n', '{"jsonrpc":"2.0","method":"n"}\n']);
    await eventually('the server', () => client.messages().length === 2, 30_000);
    expect(client.messages().map(({ error }) => error?.code)).toContain(-32700);
    expect(client.peak()).toBeLessThan(250);
    await client.end();
  }, 60_000);
});

describe('a line of the server without an end', () => {
  it('of 200 MiB passes in little memory, and our answer behind it comes when the server has ended', async () => {
    const home = newHome({ deny: ['*'] });
    const client = new RawClient({ home, server: [node, fixture('endless'), '200', 'wait'] }).read();
    await eventually('much of it', () => client.size > 100 * MiB, 30_000);
    client.call(1, 'no');
    await eventually('all of it', () => client.size === 200 * MiB, 30_000);
    await eventually('the decision', () => recordsOf(home, 'decision').length === 1);
    expect(client.size).toBe(200 * MiB);
    expect(client.peak()).toBeLessThan(250);
    await client.end();
    await eventually('our line', () => client.size > 200 * MiB);
    const ours = client.bytes.subarray(200 * MiB).toString();
    expect(ours).toMatch(/^\n\{.*"isError":true.*\}\n$/);
  }, 60_000);

  it('of 33 MiB passes unchanged, and so does the line behind it', async () => {
    const client = new RawClient({ home: newHome(), server: [node, fixture('endless'), '33', 'LF'] }).read();
    const want = `${'y'.repeat(33 * MiB)}\n{"jsonrpc":"2.0","method":"after"}\n`;
    await eventually('all of it', () => client.size === want.length, 30_000);
    await client.end();
    expect(client.bytes.toString() === want).toBe(true);
  }, 40_000);

  it('makes answers of ours wait, and a client that goes on asking is then read no further', async () => {
    const home = newHome({ deny: [{ tool: '*', reason: 'because '.repeat(120) }] });
    const client = new RawClient({ home, server: [node, fixture('endless'), '0.0625', 'wait'] }).read();
    const denied = '{"jsonrpc":"2.0","id":"ID","method":"tools/call","params":{"name":"no"}}\n';
    const lines = Array.from({ length: 450 }, (_, n) =>
      Array.from({ length: 100 }, (_, m) => denied.replace('ID', `${n}-${m}`)).join(''),
    );
    await eventually('the half line', () => client.size === 65_536);
    const flood = client.flood(lines);
    expect(await client.stalled()).toBeLessThan(1.5 * MiB);
    expect(client.size).toBe(65_536);
    client.child.kill('SIGTERM');
    await flood;
    await client.exit;
    await eventually('our answers', () => client.messages().length > 1000);
  });
});

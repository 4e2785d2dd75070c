import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ServerLine } from '../../src/protocol/server-line.ts';
import { ServerLineReader } from '../../src/protocol/server-line-reader.ts';

/** The line, handed over in stretches of this many bytes. */
function read(line: string | Uint8Array, stretch = Number.POSITIVE_INFINITY): ServerLine {
  const bytes = Buffer.from(line as string);
  const reader = new ServerLineReader();
  for (let at = 0; at < bytes.length; at += stretch) reader.feed(bytes.subarray(at, at + stretch));
  return reader.end();
}

const result = (more: string): string => `{"jsonrpc":"2.0","result":${more},"id":7}`;

/** A line and what it is: an answer (some of its fields), `clean` for a message that is none, or why it is odd. */
const LINES: [string, object | string][] = [
  [result('{"isError":true}'), { id: { key: 'n:7' }, outcome: 'ok', isError: true }],
  [result('{"content":[{"isError":true,"text":"\\"}]{\\\\"}],"isError":false}'), { isError: false }],
  [result('{"a":{"isError":true}}'), { isError: false }],
  [result('[{"isError":true}]'), { outcome: 'ok', isError: false }],
  [result('null'), { outcome: 'ok' }],
  [
    ' { "id" : "a" , "jsonrpc":"2.0","error" : {"code":1,"message":"x"}} \t',
    { id: { key: 's:a' }, outcome: 'error' },
  ],
  ['{"id":"\\u0061","jsonrpc":"2.0","result":{}}', { id: { key: 's:a', text: '"\\u0061"' } }],
  [
    result('{"resultType":"input_required","requestState":"s\\"1","inputRequests":{"k":[1, {}]}}'),
    { inputRequired: { requestState: 's"1', inputRequests: '{"k":[1, {}]}' } },
  ],
  [result('{"resultType":"input_required"}'), { inputRequired: {} }],
  [result('{"resultType":"complete","requestState":"s"}'), { inputRequired: undefined }],
  ['{"jsonrpc":"2.0","id":1,"method":"ping"}', 'clean'],
  ['{"jsonrpc":"2.0","method":"notifications/progress","params":{"id":7,"result":{}}}', 'clean'],
  ['{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"?"}}', 'clean'],
  ['', 'clean'],
  [' \t\r', 'clean'],
  ['log line', 'not-an-object'],
  ['[{"jsonrpc":"2.0","id":7,"result":{}}]', 'not-an-object'],
  ['{"jsonrpc":"2.0","id":1,"result":{},"error":{}}', 'not-a-message'],
  ['{"jsonrpc":"2.0","id":1}', 'not-a-message'],
  ['{"jsonrpc":"2.0","id":1,"method":"x","result":{}}', 'hybrid'],
  ['{"jsonrpc":"2.0","id":1,"id":2,"result":{}}', 'duplicate-key'],
  ['{"jsonrpc":"2.0","id":1,"\\u0069d":2,"result":{}}', 'duplicate-key'],
  [result('{"isError":true,"isError":false}'), 'duplicate-key'],
  ['{"jsonrpc":"2.0","id":1,"result":{},"result":{}}', 'duplicate-key'],
  ['{"jsonrpc":"2.0","ID":1,"result":{}}', 'look-alike-key'],
  ['{"jsonrpc":"2.0","id":1,"result":{},"extra":1}', 'unknown-key'],
  ['{"jsonrpc":"2.0","id":null,"result":{}}', 'bad-id'],
  ['{"jsonrpc":"2.0","id":1.0,"result":{}}', { id: { key: 'x:1.0', text: '1.0' } }],
  ['{"jsonrpc":"2.0","id":01,"result":{}}', 'not-json'],
  ['{"jsonrpc":"2.0","id":true,"result":{}}', 'bad-id'],
  ['{"jsonrpc":"2.0","id":{"a":1},"result":{}}', 'bad-id'],
  ['{"jsonrpc":"2.0","id":"\\x","result":{}}', 'bad-id'],
  ['{"jsonrpc":"1.0","id":1,"result":{}}', 'bad-version'],
  ['{"id":1,"result":{}}', 'bad-version'],
  ['{"jsonrpc":"2.0","id":7,"result":{}', 'not-json'],
  ['{"jsonrpc":"2.0","id":7,"result":{"a":"x', 'not-json'],
  ['{"jsonrpc":"2.0","id":7,"result":{},}', 'not-json'],
  ['{"jsonrpc":"2.0","id":7 7,"result":{}}', 'not-json'],
  ['{"jsonrpc":"2.0","id":07,"result":{}}', 'not-json'],
  ['{"jsonrpc":"2.0","id":7,"result":{}} {}', 'not-json'],
  ["{'jsonrpc':'2.0','id':7,'result':{}}", 'not-json'],
];

describe("a server's line", () => {
  it.for(LINES)('%s is %j, in whatever stretches it comes', ([line, wanted]) => {
    for (const stretch of [1, 2, 3, 7, 64, Number.POSITIVE_INFINITY]) {
      const seen = read(line, stretch);
      if (wanted === 'clean') expect(seen).toEqual({ answer: undefined });
      else if (typeof wanted === 'string') expect(seen).toEqual({ odd: wanted });
      else expect(seen).toMatchObject({ answer: wanted });
    }
  });

  it('with bytes that are no UTF-8 in its id teaches nothing', () => {
    const [head, tail] = [Buffer.from('{"jsonrpc":"2.0","result":{},"id":"'), Buffer.from('"}')];
    expect(read(Buffer.concat([head, Buffer.from([0xff]), tail]))).toEqual({ odd: 'not-json' });
  });

  it('leaves nothing behind for the next one', () => {
    const reader = new ServerLineReader();
    for (const line of ['{"jsonrpc":"2.0","id":9,"result":{"x":"', 'junk', '{"id":1,"id":2}', result('{}')]) {
      reader.feed(Buffer.from(line));
      const seen = reader.end();
      if (line === result('{}')) expect(seen).toMatchObject({ answer: { id: { key: 'n:7' } } });
      else expect(seen).toHaveProperty('odd');
    }
  });

  it('is searched once, however many escapes stand in it', () => {
    const line = Buffer.from(result(JSON.stringify('\n'.repeat(20_000))));
    let searched = 0;
    const counting = Object.assign(Buffer.from(line), {
      indexOf: (value: number, from: number): number => {
        const at = line.indexOf(value, from);
        searched += (at === -1 ? line.length : at) - from;
        return at;
      },
    });
    const reader = new ServerLineReader();
    reader.feed(counting);
    expect(reader.end()).toMatchObject({ answer: { id: { key: 'n:7' } } });
    expect(searched).toBeLessThan(3 * line.length);
  });

  it('keeps no value that is longer than 64 KiB', () => {
    const long = 'x'.repeat(70_000);
    const line = result(`{"resultType":"input_required","requestState":"${long}"}`);
    for (const stretch of [1_000, Number.POSITIVE_INFINITY]) {
      expect(read(line, stretch)).toMatchObject({ answer: { inputRequired: { requestState: undefined } } });
    }
    expect(read(`{"jsonrpc":"2.0","id":"${long}","result":{}}`)).toEqual({ odd: 'bad-id' });
  });

  it('is read as JSON.parse reads it, whatever the result', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.integer({ min: 1, max: 40 }), fc.boolean(), (value, stretch, pretty) => {
        const message = { jsonrpc: '2.0', result: value, id: 7 };
        const line = JSON.stringify(message, null, pretty ? '\t' : undefined).replaceAll('\n', ' ');
        const { isError } = Object(value) as { isError?: unknown };
        expect(read(line, stretch)).toMatchObject({
          answer: { id: { key: 'n:7' }, isError: !Array.isArray(value) && isError === true },
        });
      }),
    );
  });
});

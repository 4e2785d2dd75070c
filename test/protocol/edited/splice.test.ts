import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { withArguments, withWord } from '../../../src/protocol/edited/splice.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (part: Uint8Array): string => new TextDecoder().decode(part);

describe('a line with other arguments', () => {
  it('keeps every other byte, its end too', () => {
    const line =
      ' {"jsonrpc":"2.0" , "id":1e2,"method":"tools/call","params":{ "_meta":{"a":"é"},"arguments" : {"x": 1} , "name":"t"}}\r\n';
    expect(text(withArguments(bytes(line), '{"y":2.0}'))).toBe(line.replace('{"x": 1}', '{"y":2.0}'));
  });

  it.each([
    ['{"name":"t"}', '{"arguments":{"y":1},"name":"t"}'],
    ['{}', '{"arguments":{"y":1}}'],
    ['{"arguments":null,"name":"t"}', '{"arguments":{"y":1},"name":"t"}'],
  ])('has them also where it had none: params %s', (params, made) => {
    const line = (some: string): string => `{"id":1,"params":${some}}\n`;
    expect(text(withArguments(bytes(line(params)), '{"y":1}'))).toBe(line(made));
  });

  it('is none for a line without params', () => {
    expect(() => withArguments(bytes('{"id":1}\n'), '{}')).toThrow('no params');
  });
});

describe('an answer with a word of ours', () => {
  it.each([
    [
      '{"id":1,"result":{"content":[{"type":"text","text":"x"}],"isError":true}}\n',
      '{"id":1,"result":{"content":[{"type":"text","text":"w\\"w"},{"type":"text","text":"x"}],"isError":true}}\n',
    ],
    [
      '{"id":1,"result":{"content":[ ]}}\r\n',
      '{"id":1,"result":{"content":[{"type":"text","text":"w\\"w"} ]}}\r\n',
    ],
    ['{"id":1,"error":{"code":-1,"message":"no"}}\n', '{"id":1,"error":{"code":-1,"message":"w\\"w no"}}\n'],
    ['{"id":1,"result":{"task":{}}}\n', '{"id":1,"result":{"task":{}}}\n'],
    ['{"id":1,"result":{"content":"text"}}\n', '{"id":1,"result":{"content":"text"}}\n'],
    ['{"id":1,"result":{"content":[]}\n', '{"id":1,"result":{"content":[]}\n'],
    [
      '{"id":1,"result":{"structuredContent":{"content":[1]}}}\n',
      '{"id":1,"result":{"structuredContent":{"content":[1]}}}\n',
    ],
  ])('%s', (line, told) => {
    expect(text(withWord(bytes(line), 'w"w'))).toBe(told);
  });

  it('has what it had behind it, whatever that was', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue()), (content) => {
        const line = JSON.stringify({ jsonrpc: '2.0', id: 1, result: { content } });
        const made = JSON.parse(text(withWord(bytes(line), 'w'))) as { result: { content: unknown[] } };
        expect(made.result.content.slice(1)).toEqual(JSON.parse(line).result.content);
      }),
    );
  });
});

import { describe, expect, it } from 'vitest';
import { type Hidden, withoutHidden } from '../../src/protocol/hidden-tools.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (parts: readonly Uint8Array[]): string =>
  parts.map((part) => new TextDecoder().decode(part)).join('');
const hidden: Hidden = (tool) => tool.startsWith('h');

describe('a list without its hidden tools', () => {
  const line = (tools: string): string => `{"jsonrpc":"2.0","result":{"tools":[${tools}]},"id":1}\n`;
  it.for([
    ['{"name":"h1"},{"name":"a"}', '{"name":"a"}'],
    ['{"name":"a"},{"name":"h1"}', '{"name":"a"}'],
    ['{"name":"a"} , {"name":"h1"} ,  {"name":"b"}', '{"name":"a"} ,  {"name":"b"}'],
    ['{"name":"h1"},{"name":"h2"}', ''],
    [' {"name":"h1"} ', '  '],
    ['{"name":"a","x":{"name":"h1"}}', '{"name":"a","x":{"name":"h1"}}'],
    ['{"n\\u0061me":"h1"},{"name":"\\u0068x"},{"name":"ok"}', '{"name":"ok"}'],
    ['', ''],
    ['5,{"name":"h1"}', '5'],
  ] as const)('%s becomes %s', ([before, after]) => {
    expect(text([withoutHidden(bytes(line(before)), hidden)])).toBe(line(after));
  });

  it('is the same line when nothing is hidden, and when it is no list', () => {
    for (const same of [
      line('{"name":"a"}'),
      '{"tools":[{"name":"h1"}]}\n',
      'not json\n',
      '\n',
      '{"result":{"tools":5}}\r\n',
    ])
      expect(text([withoutHidden(bytes(same), hidden)])).toBe(same);
  });
});

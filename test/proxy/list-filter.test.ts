import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { requestIdOf } from '../../src/protocol/request-id.ts';
import { type Hidden, ListFilter, withoutHidden } from '../../src/proxy/list-filter.ts';

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

describe('the filter', () => {
  const LIST = '{"jsonrpc":"2.0","result":{"tools":[{"name":"h1"},{"name":"a"}]},"id":7}\n';
  const OTHER = '{"jsonrpc":"2.0","id":8,"result":{"tools":[{"name":"h1"}]}}\n';
  const SHORT = LIST.replace('{"name":"h1"},', '');

  function filtering(policy: () => Hidden | 'unknown' | undefined, wanted = () => true) {
    const out: Uint8Array[] = [];
    const filter = new ListFilter({
      wanted,
      isList: ({ id }) => id.key === requestIdOf('7')?.key,
      hidden: policy,
      relay: (part) => void out.push(Uint8Array.from(part)),
    });
    return { filter, out };
  }

  it('changes the awaited list and nothing else, however the bytes are cut', () => {
    const whole = `log line\n${OTHER}${LIST}rest without end`;
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 12 }), (cuts) => {
        const { filter, out } = filtering(() => hidden);
        let at = 0;
        for (const cut of cuts) {
          filter.push(bytes(whole.slice(at, at + cut)));
          at += cut;
        }
        filter.push(bytes(whole.slice(at)));
        filter.end();
        expect(text(out)).toBe(`log line\n${OTHER}${SHORT}rest without end`);
      }),
    );
  });

  it('holds a list, and all behind it, until the policy is there', () => {
    let policy: Hidden | 'unknown' = 'unknown';
    const { filter, out } = filtering(() => policy);
    filter.push(bytes(OTHER));
    filter.push(bytes(LIST));
    filter.push(bytes('more\n'));
    expect(text(out)).toBe(OTHER);
    policy = hidden;
    filter.release();
    expect(text(out)).toBe(`${OTHER}${SHORT}more\n`);
  });

  it('passes what it held when there will be no policy, and when the server ends', () => {
    let policy: 'unknown' | undefined = 'unknown';
    const { filter, out } = filtering(() => policy);
    filter.push(bytes(LIST));
    policy = undefined;
    filter.end();
    expect(text(out)).toBe(LIST);
  });

  it('keeps nothing back while no list is awaited', () => {
    const { filter, out } = filtering(
      () => hidden,
      () => false,
    );
    filter.push(bytes('half a li'));
    expect(text(out)).toBe('half a li');
  });

  it('passes a line that is too long to be kept as it comes', () => {
    const { filter, out } = filtering(() => hidden);
    const chunk = new Uint8Array(1024 * 1024).fill(0x61);
    for (let n = 0; n < 18; n += 1) filter.push(chunk);
    expect(out.reduce((sum, part) => sum + part.length, 0)).toBeGreaterThan(16 * 1024 * 1024);
  });
});

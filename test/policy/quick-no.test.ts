import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decide } from '../../src/policy/decide/decide.ts';
import { certainlyNone } from '../../src/policy/decide/quick-no.ts';
import { compilePolicy } from '../../src/policy/source/compile.ts';
import { JsonSource } from '../../src/protocol/json-source.ts';
import { FACTS } from '../support/policy.ts';

const WORDS = ['.holdpoint', 'file:', '.json'];
const LONG = 'x'.repeat(20_000);
const none = (text: string): boolean => certainlyNone(JsonSource.of(JSON.stringify({ text })), WORDS);

describe('a quick no about long arguments', () => {
  it('is given without decoding where no word can stand', () => {
    expect(none(LONG)).toBe(true);
    expect(none(`${LONG} a.b c:d .jso .hold FILE ${'line\n'.repeat(100)}`)).toBe(true);
  });

  it.for([
    ['the word itself', '/home/ada/.holdpoint/x'],
    ['the word in capitals', 'FILE:///x'],
    ['an escape that may spell it', '\u0001'],
    ['very many dots', '.'.repeat(3000)],
    ['very many backslashes', '\\'.repeat(3000)],
  ] as const)('is not given for %s, wherever it stands', ([, part]) => {
    for (const text of [part + LONG, LONG + part, LONG + part + LONG]) expect(none(text)).toBe(false);
  });

  it('is not given for short arguments, nor for a word without a mark', () => {
    expect(none('x')).toBe(false);
    expect(certainlyNone(JsonSource.of(JSON.stringify(LONG)), ['holdpoint'])).toBe(false);
  });

  it('never changes a decision: what the text search finds is found behind any length', async () => {
    const { policy } = await compilePolicy('{"version":1,"allow":["*"]}');
    const places = {
      holdpointHome: '/home/ada/.holdpoint',
      userHome: '/home/ada',
      workingFolder: '/work',
      besides: [],
    };
    const pieces = fc.constantFrom(
      '/.holdpoint',
      '~/',
      'file:',
      '/mcp.json',
      '.HOLDPOINT',
      'a.b',
      '\n',
      '\\',
      'é',
      ' ',
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 6 }), (parts) => {
        const effect = (filler: string) => {
          const source = JsonSource.of(JSON.stringify({ text: `${parts.join('')} ${filler}` }));
          const call = { server: 's', tool: 't', arguments: source, caller: undefined, client: undefined };
          return decide(call, policy!, { ...FACTS, places }).rule;
        };
        expect(effect(LONG)).toBe(effect(''));
      }),
    );
  });
});

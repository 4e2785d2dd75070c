import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decide } from '../../../src/policy/decide/decide.ts';
import { Prefilter } from '../../../src/policy/paths/prefilter.ts';
import { compilePolicy } from '../../../src/policy/source/compile.ts';
import { JsonSource } from '../../../src/protocol/json/json-source.ts';
import { FACTS } from '../../support/policy.ts';

const WORDS = ['.holdpoint', 'file:', '.json'];
const LONG = 'x'.repeat(20_000);
const quick = new Prefilter(WORDS);
const noneIn = (json: string, asked = quick): boolean => {
  const { bytes } = JsonSource.of(json);
  return asked.certain(bytes, 0, bytes.length);
};
const none = (text: string): boolean => noneIn(JSON.stringify({ text }));

describe('a quick no about long arguments', () => {
  it('is given without decoding where no word can stand', () => {
    expect(none(LONG)).toBe(true);
    expect(none(`${LONG} a.b c:d .jso .hold FILE ${'line\n'.repeat(100)}`)).toBe(true);
  });

  it.for([
    ['the word itself', '/home/ada/.holdpoint/x'],
    ['the word in capitals', 'FILE:///x'],
    ['a character in it that some file systems leave out', '/home/ada/.hold\u200bpoint'],
    ['another case of one of its letters', 'a.j\u017fon'],
  ] as const)('is not given for %s, wherever it stands', ([, part]) => {
    for (const text of [part + LONG, LONG + part, LONG + part + LONG]) expect(none(text)).toBe(false);
  });

  it.for(['\\u002eholdpoint', '.h\\u006fldpoint', '.hold\\u200bpoint', 'file\\u003A', 'a\\/b'])(
    'is not given for an escape that may spell the word: %s',
    (part) => {
      expect(noneIn(`{"text":"${LONG}${part}${LONG}"}`)).toBe(false);
    },
  );

  it.for(['.'.repeat(3000), '\\'.repeat(3000), '\u0001\u001b[0m', 'é漢😀’', 'a\nb\t"c"'])(
    'is given for what holds no word: %j',
    (part) => {
      expect(none(LONG + part + LONG)).toBe(true);
    },
  );

  it('is not given for a word without a mark', () => {
    expect(noneIn(JSON.stringify(LONG), new Prefilter(['holdpoint']))).toBe(false);
  });

  it('names stretches that can be decoded alone, and that hold every word together', () => {
    const pieces = fc.constantFrom(
      '.holdpoint',
      'file:',
      'x',
      ' ',
      '\n',
      '"',
      '\\',
      '\\u',
      'é',
      '.',
      'y'.repeat(300),
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 40 }), (parts) => {
        const source = JsonSource.of(JSON.stringify(parts.join('')));
        const said: string[] = [];
        quick.eachSuspect(source.bytes, { start: 1, end: source.bytes.length - 1 }, (start, end) => {
          said.push(source.said(start, end));
          return true;
        });
        const count = (texts: string[]): number => texts.join(' ').split(/\.holdpoint|file:/).length;
        expect(count(said)).toBe(count([parts.join('')]));
      }),
    );
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

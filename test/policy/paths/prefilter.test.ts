import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decide } from '../../../src/policy/decide/decide.ts';
import { protectedPlaces } from '../../../src/policy/paths/own-places.ts';
import { UNSEEN } from '../../../src/policy/paths/path-letters.ts';
import { Prefilter } from '../../../src/policy/paths/prefilter.ts';
import { compilePolicy } from '../../../src/policy/source/compile.ts';
import { JsonSource } from '../../../src/protocol/json/json-source.ts';
import { reading } from '../../../src/protocol/json/simd.ts';
import { FACTS } from '../../support/policy.ts';

const WORDS = ['.holdpoint', 'file:', '.json'];
const LONG = 'x'.repeat(20_000);
const quick = new Prefilter(WORDS);
const noneIn = (json: string, asked = quick): boolean => {
  const { bytes } = JsonSource.of(json);
  return asked.certain(reading(bytes), 0, bytes.length);
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

  it('is never given where a text, or what is left of it without its quotes, holds what marks a path', () => {
    const places = protectedPlaces({
      holdpointHome: '/home/ada/.holdpoint',
      userHome: '/home/ada',
      workingFolder: '/work',
      besides: ['/opt/holdpoint/dist', '/opt/holdpoint/package.json'],
    });
    const quoted = fc
      .tuple(
        fc.constantFrom('.json', '.holdpoint', '/bin', 'dist/', '/cwd', '.policyrc', 'holdpoint_home'),
        fc.nat(5),
      )
      .map(([word, at]) => `${word.slice(0, at)}"'\\"${word.slice(at)}`);
    const plain = fc.constantFrom(
      ...[
        '.holdpoint',
        '/fd/',
        'holdpoint_home',
        'dist/',
        '/dist',
        '\\dist',
        'package.json',
        '.yml',
        '.code-work',
      ],
      ...[
        '.',
        'j',
        's',
        'o',
        'n',
        '/',
        'c',
        'w',
        'd',
        '"',
        "'",
        '\\',
        '\n',
        'é',
        '\u200b',
        '’',
        '\u017f',
        'x',
        '%',
        '20',
      ],
      ...['.ya', 'ml', 'space', 'x'.repeat(200), '. . . '],
    );
    const pieces = fc.oneof({ weight: 1, arbitrary: quoted }, { weight: 4, arbitrary: plain });
    const spelling = fc.constantFrom('none', 'slash', 'dot', 'all');
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 7 }), spelling, fc.nat(200), (parts, spelled, pad) => {
        const text = `${'y'.repeat(pad)}${parts.join('')}`;
        let json = JSON.stringify(text);
        if (spelled === 'slash') json = json.replaceAll('/', '\\/');
        if (spelled === 'dot') json = json.replaceAll('.', '\\u002e');
        if (spelled === 'all') json = json.replaceAll('j', '\\u006A').replaceAll('d', '\\u0064');
        const seen = text.replace(UNSEEN, '');
        const marked = [seen, seen.replace(/["'\\]+/g, '')].some(
          (one) => one.search(places.markBeyond) !== -1,
        );
        const source = JsonSource.of(`{"text":${json}}`);
        const certain = places.quickNo.certain(reading(source.bytes), 0, source.bytes.length);
        if (marked) expect(certain, json).toBe(false);
      }),
      { numRuns: 60_000 },
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

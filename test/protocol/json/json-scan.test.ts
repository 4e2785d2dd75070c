import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sha256Hex, sha256OfPieces } from '../../../src/platform/digest.ts';
import { canonicalText } from '../../../src/protocol/json/canonical-json.ts';
import { JsonProblem } from '../../../src/protocol/json/json-problem.ts';
import {
  type JsonNode,
  MAX_DEPTH,
  memberOf,
  readJson,
  stringOf,
} from '../../../src/protocol/json/json-scan.ts';
import { JsonSource } from '../../../src/protocol/json/json-source.ts';

function valueIn(source: JsonSource, node: JsonNode): unknown {
  if (node.members !== undefined) {
    return Object.fromEntries(node.members.map(({ key, value }) => [key, valueIn(source, value)]));
  }
  if (node.items !== undefined) return node.items.map((item) => valueIn(source, item));
  if (node.kind === 'string') return stringOf(source, node);
  return JSON.parse(source.slice(node.start, node.end)) as unknown;
}

const causeOf = (text: string): string | undefined => {
  try {
    readJson(text);
    return undefined;
  } catch (error) {
    return error instanceof JsonProblem ? error.cause : 'not a JsonProblem';
  }
};

describe('the scanner', () => {
  it('reads what JSON.parse reads', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = JSON.stringify(value);
        const { source, root } = readJson(text);
        expect(valueIn(source, root)).toEqual(JSON.parse(text));
      }),
    );
  });

  it('refuses whatever JSON.parse refuses', () => {
    const texts = fc.string({
      unit: fc.constantFrom(...'{}[]",:0123456789.eE+-truefalsn\\u \t/'),
      maxLength: 12,
    });
    fc.assert(
      fc.property(texts, (text) => {
        let parses = true;
        try {
          JSON.parse(text);
        } catch {
          parses = false;
        }
        if (!parses) expect(causeOf(text)).toBeDefined();
        else expect([undefined, 'duplicate-key']).toContain(causeOf(text));
      }),
      { numRuns: 20_000 },
    );
  });

  it.for([
    ['{"a":1,"a":2}', 'duplicate-key'],
    ['{"a":1,"\\u0061":2}', 'duplicate-key'],
    ['{"x":[{"deep":{"b":1,"b":1}}]}', 'duplicate-key'],
    ['{"a":1}\r', 'trailing-text'],
    ['{\r"a":1}', 'not-json'],
    ['{"a":1}\u00a0', 'trailing-text'],
    ['{"a":1}{"b":2}', 'trailing-text'],
    ['{"a":"\t"}', 'raw-control'],
    ['{"a":"\u0000"}', 'raw-control'],
    ['{"a":01}', 'not-json'],
    ['{"a":+1}', 'not-json'],
    ['{"a":NaN}', 'not-json'],
    ['{"a":1,}', 'not-json'],
    ["{'a':1}", 'not-json'],
    ['{"a":1}// c', 'trailing-text'],
    ['{"a":"\\x41"}', 'not-json'],
    ['"', 'not-json'],
    ['', 'not-json'],
    ['\ufeff{}', 'not-json'],
    ['[]]', 'trailing-text'],
  ] as const)('refuses %j as %s', ([text, cause]) => {
    expect(causeOf(text)).toBe(cause);
  });

  it('goes as deep as its limit and not one further, whatever the depth', () => {
    expect(causeOf('['.repeat(MAX_DEPTH) + ']'.repeat(MAX_DEPTH))).toBeUndefined();
    expect(causeOf('['.repeat(MAX_DEPTH + 1) + ']'.repeat(MAX_DEPTH + 1))).toBe('too-deep');
    expect(causeOf('{"a":'.repeat(1_000_000))).toBe('too-deep');
  });

  it('refuses what would keep the loop for seconds, and says what there is too much of', () => {
    const keys = (count: number, spell: (n: number) => string) =>
      `{${Array.from({ length: count }, (_, n) => `"${spell(n)}":1`).join(',')}}`;
    expect(causeOf(`[${'1,'.repeat(250_000)}1]`)).toBe('too-many-values');
    expect(causeOf(`[${'{},'.repeat(250_000)}{}]`)).toBe('too-many-values');
    expect(causeOf(keys(125_001, String))).toBe('too-many-values');
    expect(causeOf(keys(20_001, (n) => `\\u0061${n}`))).toBe('too-many-values');
    expect(causeOf('1'.repeat(16_385))).toBe('too-many-values');
    expect(causeOf(`[${'1,'.repeat(240_000)}1]`)).toBeUndefined();
    expect(causeOf(keys(120_000, String))).toBeUndefined();
  });

  it('takes linear time for many keys, also such as collide as numbers', () => {
    const keys = Array.from({ length: 100_000 }, (_, n) => `"${n * 65_536}":1`);
    expect(causeOf(`{${keys.join(',')}}`)).toBeUndefined();
  });

  it('keeps "__proto__" a key like any other', () => {
    const text = '{"__proto__":{"x":1}}';
    expect(memberOf(readJson(text).root, '__proto__')?.kind).toBe('object');
    expect(memberOf(readJson('{}').root, 'constructor')).toBeUndefined();
  });
});

describe('the canonical form', () => {
  const canonical = (text: string): string => canonicalText(JsonSource.of(text), sha256OfPieces);

  it('is equal for equal values in other spellings, and itself the same again', () => {
    fc.assert(
      fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
        const text = JSON.stringify(value);
        expect(canonical(JSON.stringify(value, null, '\t').replaceAll('\n', ' '))).toBe(canonical(text));
        expect(canonical(canonical(text))).toBe(canonical(text));
        expect(JSON.parse(canonical(text))).toEqual(JSON.parse(text));
      }),
    );
  });

  it.for([
    ['{"b":1,"a":[1.0, 1,9007199254740993 ]}', '{"a":[1.0,1,9007199254740993],"b":1}'],
    ['{"é":"\\u00e9\\/","\\ud83d":"\\ud800"}', '{"é":"é/","\\ud83d":"\\ud800"}'],
    ['{"10":1,"9":2,"a":3,"B":4}', '{"10":1,"9":2,"B":4,"a":3}'],
  ] as const)('of %s is %s', ([text, wanted]) => {
    expect(canonical(text)).toBe(wanted);
  });

  it('of a long string is its length and digest, whatever its spelling', () => {
    const value = 'é'.repeat(3000);
    const spelled = [JSON.stringify(value), `"${'\\u00e9'.repeat(3000)}"`];
    for (const text of spelled) {
      expect(canonical(`{"b":${text},"a":1}`)).toBe(`{"a":1,"b":#6000:${sha256Hex(value)}}`);
    }
    expect(canonical(JSON.stringify('x'.repeat(4094)))).toBe(JSON.stringify('x'.repeat(4094)));
  });

  it('of long strings that UTF-8 cannot tell apart is not the same', () => {
    const [one, two] = ['\\ud800', '\\ud801'].map((lone) => canonical(`"${lone}${'x'.repeat(5000)}"`));
    expect(one).not.toBe(two);
  });
});

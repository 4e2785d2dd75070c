import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compact, isObject, laidOut } from '../../../src/protocol/edited/layout.ts';
import { JsonProblem } from '../../../src/protocol/json/json-problem.ts';

describe('arguments laid out for an editor', () => {
  it('keep the spelling of numbers and strings, one member a line', () => {
    expect(
      laidOut('{"n":1.0,"big":9007199254740993,"s":"a\\u0062/\\/","l":[ ],"o":{},"d":[1,{"x":null}]}'),
    ).toBe(
      '{\n  "n": 1.0,\n  "big": 9007199254740993,\n  "s": "a\\u0062/\\/",\n  "l": [],\n  "o": {},\n  "d": [\n    1,\n    {\n      "x": null\n    }\n  ]\n}\n',
    );
  });

  it('show what a screen would hide as escapes, which say the same', () => {
    const text = '{"a":"x\u202e\u200b\u{e0041}y"}';
    const out = laidOut(text);
    expect(out).toBe('{\n  "a": "x\\u202e\\u200b\\udb40\\udc41y"\n}\n');
    expect(JSON.parse(out)).toEqual(JSON.parse(text));
  });

  it('are the same value, and come back as the same source, whatever they are', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        const plain = compact(text);
        expect(JSON.parse(laidOut(text))).toEqual(JSON.parse(text));
        expect(compact(laidOut(plain))).toBe(compact(compact(laidOut(plain))));
        expect(plain).not.toContain('\n');
      }),
    );
  });

  it('are read whatever line ends an editor leaves', () => {
    expect(compact('{\r\n\t"a" :\r\n1 , "b": "x y"\r\n}\r\n')).toBe('{"a":1,"b":"x y"}');
    expect([isObject('\n{}\n'), isObject('\n[]\n')]).toEqual([true, false]);
  });

  it.each([
    ['', 'this is not a JSON value'],
    ['{"a":"x\ny"}', 'control'],
    ['{"a":1,"\\u0061":2}', 'twice'],
    ['{"a":1}}', 'more text follows'],
    ['{"a":1 // no\n}', 'a comma is missing'],
    ["{'a':1}", 'quoted key'],
    ['{"a":"x}', 'a string does not end'],
    ['{"a":NaN}', 'not a JSON value'],
  ])('refuse what is no clean JSON: %j', (text, said) => {
    expect(() => compact(text)).toThrow(JsonProblem);
    expect(() => compact(text)).toThrow(said);
  });

  it('take a text of a hundred thousand escapes', () => {
    const text = `{"a":"${'\\"'.repeat(100_000)}"}`;
    expect(compact(laidOut(text))).toBe(text);
  });
});

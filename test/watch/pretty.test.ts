import { describe, expect, it } from 'vitest';
import { prettyArguments, spelledOut } from '../../src/watch/pretty.ts';
import { column, fit, wrapLines } from '../../src/watch/wrap.ts';

const shown = (source: string, first: string[] = [], width = 200): string[] =>
  wrapLines(prettyArguments(source, first), width).map(
    (row) => ' '.repeat(row.indent) + (row.block ? '│ ' : '') + row.segments.map((one) => one.text).join(''),
  );

describe('arguments on a card', () => {
  it('are all there, numbers as they were spelled', () => {
    expect(
      shown('{"id":9007199254740993,"x":1.0,"y":1e400,"deep":{"a":[1,{"b":null}],"e":{},"l":[]}}'),
    ).toEqual([
      '"id": 9007199254740993',
      '"x": 1.0',
      '"y": 1e400',
      '"deep": {',
      '  "a": [',
      '    1',
      '    {',
      '      "b": null',
      '    }',
      '  ]',
      '  "e": {}',
      '  "l": []',
      '}',
    ]);
  });

  it('put first what the policy asks to show', () => {
    expect(shown('{"a":1,"b":2,"c":3}', ['c', 'b'])).toEqual(['"c": 3', '"b": 2', '"a": 1']);
  });

  it('cannot fake a member, a line or a card from inside a text', () => {
    expect(shown('{"a":"x\\", \\"path\\": \\"/safe"}')).toEqual(['"a": "x\\", \\"path\\": \\"/safe"']);
    expect(shown('{"a":"one\\n\\"path\\": \\"/safe\\""}')).toEqual([
      '"a": text of 2 lines',
      '  │ one',
      '  │ "path": "/safe"',
    ]);
  });

  it('cannot hide a letter behind an escape', () => {
    expect(shown('{"cmd":"\\u0072m -rf \\u002f"}')).toEqual(['"cmd": "rm -rf /"']);
  });

  it('spell out and count what drives or deceives a terminal', () => {
    const lines = prettyArguments('{"a":"\u202ex\\u001b[2J","k\u200b":"\\r\\n\\t"}', []);
    expect(lines.map((line) => line.segments.map((one) => one.text).join(''))).toEqual([
      '"a": "\\u{202e}x\\u{001b}[2J"',
      '"k\\u{200b}": text of 2 lines',
      '\\r',
      '\\t',
    ]);
    expect(spelledOut(lines)).toBe(5);
  });

  it('of a call without any say so', () => {
    expect(shown('{}')).toEqual(['no arguments']);
  });

  it('wrap at the width, wide characters as two columns, and lose nothing', () => {
    expect(shown('{"a":"日本語日本語"}', [], 12)).toEqual(['"a": "日本語', '日本語"']);
    const long = 'x'.repeat(1000);
    expect(shown(`{"a":"${long}"}`, [], 40).join('')).toBe(`"a": "${long}"`);
  });
});

describe('fit and column', () => {
  it('cut with a mark and fill with spaces', () => {
    expect(fit('abcdef', 4)).toBe('abc…');
    expect(fit('日本語', 4)).toBe('日…');
    expect(column('ab', 4)).toBe('ab  ');
    expect(fit('abc', 0)).toBe('');
  });
});

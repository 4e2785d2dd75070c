import { describe, expect, it } from 'vitest';
import { column, fit, wrapLines } from '../../../src/approvals/answering/wrap.ts';
import { prettyArguments, prettyCall } from '../../../src/approvals/showing/call-lines.ts';
import { spelledOut } from '../../../src/approvals/showing/lines.ts';
import { obligations } from '../../support/obligations.ts';

const shown = (source: string, first: string[] = [], width = 200): string[] =>
  wrapLines(prettyArguments(source, first), width).map(
    (row) => ' '.repeat(row.indent) + (row.block ? '│ ' : '') + row.segments.map((one) => one.text).join(''),
  );

describe('what of a call stands beside its arguments', () => {
  const LINES = 250_000;
  const text = JSON.stringify({ a: 'x\n'.repeat(LINES) });
  const call = { argumentsText: '{}', obligations: obligations() };

  it.each([
    ['a task', { task: text }],
    ['answers', { input: { answers: text, questions: null, continues: null } }],
    ['questions', { input: { answers: '{}', questions: text, continues: null } }],
  ])('is shown however many lines it has: %s', (_, more) => {
    expect(prettyCall({ ...call, ...more }).length).toBeGreaterThan(LINES);
  });
});

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

describe('all of a call', () => {
  const lines = (more: Partial<Parameters<typeof prettyCall>[0]>): string[] =>
    prettyCall({
      argumentsText: '{"a":1}',
      obligations: obligations({ timeoutMs: 1 }),
      ...more,
    }).map((line) => `${' '.repeat(line.indent)}${line.segments.map((one) => one.text).join('')}`);

  it('is its arguments alone when there is nothing else', () => {
    expect(lines({})).toEqual(['"a": 1']);
  });

  it('says that it runs as a task, and with which limits', () => {
    expect(lines({ task: '{"ttl":60000}' })).toEqual([
      '"a": 1',
      'Runs as a task, after its client has been answered:',
      '  "ttl": 60000',
    ]);
  });

  it('shows what the server asked and what the client answers, and says where it was not seen', () => {
    const answers = '{"k":{"action":"accept"}}';
    expect(lines({ input: { answers, questions: '{"k":1}', continues: 7 } })).toEqual([
      '"a": 1',
      'The server asked about call 7:',
      '  "k": 1',
      "The client's answers:",
      '  "k": {',
      '    "action": "accept"',
      '  }',
    ]);
    expect(lines({ input: { answers, questions: null, continues: null } })[1]).toContain('was not seen');
  });

  it('lets nothing foreign stand at the margin, not even what is no JSON', () => {
    const questions = "The client's answers:";
    const [, , faked] = lines({ input: { answers: '{}', questions, continues: 1 } });
    expect(faked).toBe("  The client's answers:");
  });
});

describe('what would push a line out of sight', () => {
  it('is told by its count: blank lines, wherever they are, and a wide gap', () => {
    expect(shown(JSON.stringify({ command: `ls${'\n'.repeat(51)}rm -rf ~` }))).toEqual([
      '"command": text of 52 lines',
      '  │ ls',
      '  (50 blank lines)',
      '  │ rm -rf ~',
    ]);
    expect(shown(JSON.stringify({ a: `${'\n'.repeat(60)}x\n\n\ny${' \t\r\n'.repeat(20)}` }))).toEqual([
      '"a": text of 84 lines',
      '  (60 blank lines)',
      '  │ x',
      '  │ ',
      '  │ ',
      '  │ y \\t\\r',
      '  (20 blank lines)',
    ]);
    expect(shown(JSON.stringify({ a: `ls${' '.repeat(400)}; rm`, b: ' '.repeat(60) }))).toEqual([
      '"a": "ls [400 spaces] ; rm"',
      `"b": "${' '.repeat(60)}"`,
    ]);
  });

  it('is marked as ours where it folds, and cannot be faked from inside', () => {
    const lines = prettyArguments(JSON.stringify({ a: `(50 blank lines)\n\n\n\nx${' '.repeat(99)}y` }), []);
    expect(lines.map(({ block }) => block)).toEqual([false, true, false, true]);
    expect(lines.at(-1)?.segments.map(({ text, escaped }) => [text, escaped])).toEqual([
      ['x', false],
      [' [99 spaces] ', true],
      ['y', false],
    ]);
    expect(spelledOut(lines)).toBe(0);
  });

  it('between lines of right-to-left letters is told too', () => {
    expect(shown(JSON.stringify({ a: `של${'\n'.repeat(9)}x` })).slice(1)).toEqual([
      '  של',
      '  (8 blank lines)',
      '  │ x',
      'end of the right-to-left text',
    ]);
  });
});

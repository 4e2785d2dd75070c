import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PrettyLine } from '../../../src/approvals/showing/lines.ts';
import { plainView } from '../../../src/approvals/showing/view.ts';
import { visible } from '../../../src/text/visible.ts';
import { anyText, HOSTILE } from '../../support/hostile-texts.ts';
import { rows, said, view } from '../../support/views.ts';

const NAMES = [
  ...[
    'sql',
    'query',
    'command',
    'cmd',
    'args',
    'code',
    'url',
    'to',
    'bcc',
    'subject',
    'body',
    'amount',
    'currency',
  ],
  ...[
    'old_text',
    'new_text',
    'oldText',
    'newText',
    'search',
    'replace',
    'before',
    'after',
    'path',
    'content',
  ],
  ...['patch', 'edits', 'data', 'k\u202e', 'x y', 'replace_all', 'mode'],
];

const value = fc.letrec((tie) => ({
  any: fc.oneof({ maxDepth: 3 }, anyText, anyText, fc.integer(), fc.boolean(), tie('list'), tie('object')),
  list: fc.array(tie('any'), { maxLength: 4 }),
  object: fc.dictionary(fc.constantFrom(...NAMES), tie('any'), { maxKeys: 6 }),
})).object;

/** Each text of the arguments; names too, for they also come from outside. */
function texts(of: unknown): string[] {
  if (typeof of === 'string') return [of];
  if (typeof of !== 'object' || of === null) return [];
  return Object.entries(of).flatMap(([key, inner]) => [...(Array.isArray(of) ? [] : [key]), ...texts(inner)]);
}

/** What of a text an eye sees, without what folds or is written before it. */
function letters(shown: string): string {
  return shown.replace(/\\?["\\]|\s|\\[nrt]/g, '');
}

function seen(lines: readonly PrettyLine[]): string {
  return letters(
    lines
      .flatMap(({ segments }) => segments.filter(({ text: own }) => !/^ \[\d+ spaces\] $/.test(own)))
      .map(({ text: own }) => own)
      .join(''),
  );
}

/** Whether the letters stand in it in their order. */
function inOrder(of: string, whole: string): boolean {
  let at = 0;
  for (const letter of of) {
    at = whole.indexOf(letter, at) + 1;
    if (at === 0) return false;
  }
  return true;
}

describe('no view shows less than the plain form', () => {
  it('of any arguments: each text stands in it, letter for letter in order, and each number', () => {
    fc.assert(
      fc.property(value, fc.constantFrom('x', 'edit_file', 'send_email', 'powershell'), (args, tool) => {
        const { lines, fellBack } = view(args, { tool });
        const whole = seen(lines);
        for (const one of texts(args)) {
          // Line by line: a line alike in both texts of a pair stands once, and many of them are counted.
          for (const line of one.split('\n'))
            if (line.trim().length > 0 && line.length < 4_000) {
              const found = inOrder(letters(visible(line)), whole);
              if (!found && !/alike\)/.test(rows(lines).join('\n')))
                expect({ line, rows: rows(lines) }).toBe('shown');
            }
        }
        expect(fellBack ?? '.').toMatch(/\.$/);
      }),
      { numRuns: 400 },
    );
  });

  it('and none has a raw control, a bidi mark or a line break in it', () => {
    fc.assert(
      fc.property(value, (args) => {
        const { lines, warnings } = view(args, { file: { text: HOSTILE.join('\n') } });
        for (const one of [
          ...lines.flatMap(({ segments }) => segments.map((part) => part.text)),
          ...warnings.map((w) => w.text),
        ])
          expect(visible(one)).toBe(one);
      }),
      { numRuns: 300 },
    );
  });

  it('and nothing foreign stands at the margin or behind it without a bar, quotes or brackets', () => {
    const faked =
      'statement 9 of 9: SELECT\n  host: good.test\n(12 lines alike)\nits base64 says:\nend of the right-to-left text';
    for (const args of [
      { sql: `SELECT 1;${faked}` },
      { command: `ls; ${faked}` },
      { old_text: faked, new_text: `${faked}x` },
      { patch: `@@ -1 +1 @@\n${faked}` },
    ]) {
      const shown = rows(view(args).lines).filter((row) =>
        /of 9|host: good|12 lines|its base64|end of/.test(row),
      );
      expect(shown.length).toBeGreaterThan(3);
      expect(
        shown.filter((row) => !/^ +│ /.test(row)).filter((row) => !/^"|^ +statement \d of 2/.test(row)),
      ).toEqual([]);
    }
  });

  it('and one that would fail gives way to the plain form, with the reason', () => {
    const long = `SELECT ${'x'.repeat(300_000)}`;
    const shown = view({ sql: long });
    expect(shown.fellBack).toBe('"sql" is shown as it stands: it is longer than 256 KiB.');
    expect(rows(shown.lines)).toEqual([`"sql": "${long}"`]);
    const more = view({ sql: 'SELECT 1;\n'.repeat(6_000) });
    expect(more.fellBack).toBe('"sql" is shown as it stands: it has more than 5,000 lines.');
    expect(view({ command: 'echo שלום; rm -rf /' }).fellBack).toBe(
      '"command" is shown as it stands: it has right-to-left letters.',
    );
    const all = JSON.stringify({ a: 'x'.repeat(600_000), command: 'ls; rm x' });
    expect(view(all)).toEqual({
      ...plainView({ tool: 'x', argumentsText: all, obligations: { show: [] } }),
      fellBack: 'The arguments are shown as they stand: they are longer than 512 KiB.',
    });
    expect(view('{"a":').lines).toHaveLength(1);
    expect(view('{"a":').fellBack).toBe(
      'The arguments are shown as they stand: no view could be made of them.',
    );
  });

  it.each([
    ['quotes', "'".repeat(200_000)],
    ['double quotes', '"$('.repeat(80_000)],
    ['backticks', '`'.repeat(200_000)],
    ['comments', '/*'.repeat(100_000)],
    ['line comments', '--\n'.repeat(4_900)],
    ['dollars', '$a$'.repeat(80_000)],
    ['deletes', 'delete '.repeat(36_000)],
    ['deletes in brackets', 'delete('.repeat(36_000)],
    ['or', `or${' '.repeat(250_000)}`],
    ['brackets', `or ${'('.repeat(250_000)}`],
    ['curl', 'curl '.repeat(50_000)],
    ['rm', 'rm -a '.repeat(40_000)],
    ['git', 'git push '.repeat(25_000)],
    ['escapes', '"\\x41'.repeat(40_000)],
    ['escapes in one', `"${'\\x41'.repeat(2_000)}"`.repeat(20)],
    ['letters before an escape', `"${'a'.repeat(8_000)}\\u00" `.repeat(8)],
    ['base64', `base64 -d ${'QUJD'.repeat(15_000)}`],
    ['equals', 'a='.repeat(120_000)],
    ['copies', 'copy '.repeat(50_000)],
    ['here texts', '<<A '.repeat(60_000)],
    ['redirects', '> '.repeat(120_000)],
    ['dots', '.'.repeat(250_000)],
    ['percent', '%41'.repeat(20_000)],
  ])('and one made to take long does not: %s', (_, hostile) => {
    for (const args of [
      { sql: `SELECT ${hostile}` },
      { command: `ls ${hostile}` },
      { code: hostile },
      { url: `https://x.test/${hostile}` },
      { patch: `@@ -1 +1 @@\n${hostile}` },
      { old_text: hostile, new_text: `x${hostile}` },
    ])
      expect(view(args).lines.length).toBeGreaterThan(0);
  });
});

describe('of very many values', () => {
  it('the first are looked into, and that it is so is said', () => {
    const many = Object.fromEntries(Array.from({ length: 20_000 }, (_, at) => [`old_${at}`, `a ${at}`]));
    const shown = view({ ...many, list: Array.from({ length: 5_000 }, () => 'x') });
    expect(shown.fellBack).toBe('All but the first 2,000 values are shown as they stand: there are more.');
    expect(shown.lines).toHaveLength(25_002);
  });
});

describe('the order', () => {
  it('is what the rule wants first, then what tells most', () => {
    const args = { note: 'n', cwd: '/srv', command: 'ls', id: 7 };
    const order = (show: string[]): string[] =>
      rows(view(args, { show }).lines).map((row) => row.split(':')[0] ?? '');
    expect(order([])).toEqual(['"command"', '"id"', '"cwd"', '"note"']);
    expect(order(['note', 'id']).slice(0, 3)).toEqual(['"note"', '"id"', '"command"']);
  });

  it('of what is said puts danger first', () => {
    const shown = view({
      url: 'http://127.0.0.1/',
      sql: 'SELECT 1; DROP TABLE a',
      to: 'a@b.test',
      body: 'x',
    });
    expect(said(shown).map((one) => one.split(':')[0])).toEqual(
      [...said(shown).map((one) => one.split(':')[0])].sort(
        (a, b) => ['danger', 'warn', 'note'].indexOf(a ?? '') - ['danger', 'warn', 'note'].indexOf(b ?? ''),
      ),
    );
    expect(said(shown)[0]).toContain('drops a table');
  });

  it('keeps what runs besides the arguments', () => {
    const call = {
      tool: 'x',
      argumentsText: '{"sql":"SELECT 1;\\nSELECT 2"}',
      obligations: { show: [] },
      task: '{"ttl":1}',
    };
    expect(rows(plainView(call).lines).slice(-2)).toEqual([
      'Runs as a task, after its client has been answered:',
      '  "ttl": 1',
    ]);
  });
});

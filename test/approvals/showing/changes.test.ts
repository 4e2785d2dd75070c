import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PrettyLine } from '../../../src/approvals/showing/lines.ts';
import { isRightToLeft, visible } from '../../../src/text/visible.ts';
import { anyText } from '../../support/hostile-texts.ts';
import { rows, said, toned, view } from '../../support/views.ts';

const lines = (count: number): string[] =>
  Array.from({ length: count }, (_, at) => `const line${at} = ${at};`);
const changed = (at: number, to: string): string => lines(500).with(at, to).join('\n');
const MANY = lines(500).join('\n');

/** One of the two texts as a diff says it: each line by what stands there, each fold by its count. */
function side(shown: readonly PrettyLine[], skipped: '+' | '-', whole: readonly string[]): string[] {
  const found: string[] = [];
  for (const { block, segments } of shown) {
    const text = segments.map((one) => one.text).join('');
    if (block) {
      if (text[0] !== skipped) found.push(text.slice(2));
      continue;
    }
    const [, count = '', kind = ''] =
      /^\(([\d,]+) (?:lines? alike|blank lines( removed| added)?)\)$/.exec(text) ?? [];
    expect(count, text).not.toBe('');
    if (kind === (skipped === '+' ? ' added' : ' removed')) continue;
    const folded = whole.slice(found.length, found.length + Number(count.replace(',', '')));
    if (text.includes('blank')) expect(folded.filter((line) => /[^ \t\r]/.test(line))).toEqual([]);
    found.push(
      ...folded.map((line) => visible(line).replace(/ {61,}/g, (gap) => ` [${gap.length} spaces] `)),
    );
  }
  return found;
}

describe('a diff', () => {
  it('says both texts in full, line by line, folds by their count', () => {
    fc.assert(
      fc.property(
        fc.array(anyText, { maxLength: 8 }),
        fc.array(anyText, { maxLength: 8 }),
        fc.boolean(),
        (a, b, alike) => {
          const old = [...a, ...(alike ? b : [])].join('\n');
          const now = [...(alike ? a.slice(1) : b), ...b].join('\n');
          if (isRightToLeft(old + now)) return;
          const shown = view({ old_text: old, new_text: now }, { tool: 'edit' }).lines.slice(1);
          const gaps = (text: string): string[] =>
            text
              .split('\n')
              .map((line) => visible(line).replace(/ {61,}/g, (gap) => ` [${gap.length} spaces] `));
          expect(side(shown, '+', old.split('\n'))).toEqual(gaps(old));
          expect(side(shown, '-', now.split('\n'))).toEqual(gaps(now));
        },
      ),
      { numRuns: 400 },
    );
  });

  it('has one changed line among 500 on its first screen, with the words in which it differs', () => {
    const shown = view({ path: 'a.ts', old_string: MANY, new_string: changed(300, 'const line300 = 301;') });
    expect(shown.name).toBe('diff');
    expect(rows(shown.lines)).toEqual([
      '"path": "a.ts"',
      '"old_string" → "new_string": 1 of 500 lines changed',
      '  (298 lines alike)',
      '  │   const line298 = 298;',
      '  │   const line299 = 299;',
      '  │ - const line300 = 300;',
      '  │ + const line300 = 301;',
      '  │   const line301 = 301;',
      '  │   const line302 = 302;',
      '  (197 lines alike)',
    ]);
    expect(toned(shown.lines, 'changed')).toEqual(['300', '301']);
  });

  it('folds lines alike for what edits alone, and only where the file has the old text', () => {
    const pair = { old_text: MANY, new_text: changed(300, 'x') };
    const folded = (shown: { lines: PrettyLine[] }): boolean =>
      rows(shown.lines).some((row) => row.includes('alike)'));
    expect(folded(view(pair, { tool: 'notify' }))).toBe(false);
    expect(folded(view(pair, { tool: 'edit_it' }))).toBe(true);
    expect(folded(view({ ...pair, path: 'a' }, { file: { text: MANY } }))).toBe(true);
    expect(folded(view({ ...pair, path: 'a' }, { file: { text: 'other' } }))).toBe(false);
  });

  it('keeps an added blank run from pushing what follows it away', () => {
    const shown = view({ oldText: 'a', newText: `a${'\n'.repeat(60)}rm -rf /` });
    expect(rows(shown.lines).slice(1)).toEqual(['  │   a', '  (59 blank lines added)', '  │ + rm -rf /']);
  });

  it('cannot be faked from inside: each of its lines has its own mark', () => {
    const shown = view({ old_str: 'a\nb', new_str: 'a\n- c\n(9 lines alike)\nb' });
    expect(rows(shown.lines).slice(1)).toEqual(['  │   a', '  │ + - c', '  │ + (9 lines alike)', '  │   b']);
  });

  it.each([
    ['old_text', 'new_text'],
    ['oldText', 'newText'],
    ['old_string', 'new_string'],
    ['old_str', 'new_str'],
    ['old', 'new'],
    ['text_old', 'text_new'],
  ])('is drawn of %s and %s, in whichever place', (old, now) => {
    for (const args of [
      { [old]: 'a 1', [now]: 'a 2' },
      { [now]: 'a 2', [old]: 'a 1' },
    ]) {
      const shown = view({ edits: [args] });
      expect(shown.name).toBe('diff');
      expect(rows(shown.lines).slice(2, -2)).toEqual([
        `    "${old}" → "${now}": 1 line changed`,
        '      │ - a 1',
        '      │ + a 2',
      ]);
    }
  });

  it.each([
    ['search', 'replace'],
    ['find', 'replacement'],
    ['needle', 'repl'],
    ['before', 'after'],
    ['original', 'updated'],
  ])(
    'is drawn of %s and %s where the tool edits or there are lines, for a list has such names too',
    (old, now) => {
      expect(view({ [old]: 'a 1', [now]: 'a 2' }, { tool: 'edit_file' }).name).toBe('diff');
      expect(view({ [old]: 'a\n1', [now]: 'a\n2' }, { tool: 'x' }).name).toBe('diff');
      expect(view({ [old]: 'a1', [now]: 'a2' }, { tool: 'list_things' }).name).toBe('plain');
    },
  );

  it('of a long line says where it differs', () => {
    const long = 'x'.repeat(3_000);
    const shown = view({ old_text: `${long}amount=10${long}`, new_text: `${long}amount=100${long}` });
    expect(said(shown)).toEqual([
      'note: In a long line: from character 3,010 of 6,009 characters on "" → "0".',
    ]);
  });

  it('of texts that differ in too much gives way, with the reason', () => {
    const other = (letter: string): string =>
      Array.from({ length: 2_000 }, (_, at) => `${letter}${at}`).join('\n');
    const shown = view({ old_text: other('a'), new_text: other('b') });
    expect(shown.fellBack).toBe(
      '"old_text" is shown as it stands: the two texts differ in too many lines to be compared.',
    );
    expect(rows(shown.lines)).toHaveLength(4_002);
  });
});

describe('with the file as on this machine, an edit', () => {
  const edit = (old_text: string, text: string, more = {}): string[] =>
    said(view({ path: 'a', old_text, new_text: 'x', ...more }, { file: { text } }));

  it('says where its old text is not there, or more than once', () => {
    expect(edit('b', 'a b c')).toEqual([]);
    expect(edit('d', 'a b c')).toEqual([
      'warn: The old text does not stand in the file as it is on this machine.',
    ]);
    expect(edit('b', 'b b b')).toEqual(['note: The old text stands 3 times in the file as on this machine.']);
    expect(edit('b', 'b b b', { replace_all: true })).toEqual([
      'warn: The old text stands 3 times in the file as on this machine: all are replaced.',
    ]);
  });
});

describe('a whole file', () => {
  const write = (content: string, more = {}, tool = 'write_file') =>
    view({ path: 'a.ts', content, ...more }, { tool, file: { text: MANY } });

  it('is drawn against the file as on this machine', () => {
    const shown = write(changed(42, 'evil();'));
    expect(said(shown)).toEqual([
      'note: It writes over a file of 500 lines, as on this machine: 1 of 500 lines changed.',
      'note: Line 43 becomes: evil();',
    ]);
    expect(rows(shown.lines).slice(1, 8)).toEqual([
      '"content": against the file as on this machine: 1 of 500 lines changed',
      '  (40 lines alike)',
      '  │   const line40 = 40;',
      '  │   const line41 = 41;',
      '  │ - const line42 = 42;',
      '  │ + evil();',
      '  │   const line43 = 43;',
    ]);
  });

  it('that shares nothing with it is warned of', () => {
    expect(said(write('x'))).toEqual([
      'warn: It writes over a file of 500 lines, as on this machine: lines: 500 removed, 1 added.',
    ]);
  });

  it('is not compared by a tool that adds, or where another text is replaced', () => {
    expect(write('x', {}, 'append_file').name).toBe('plain');
    expect(write('x', { mode: 'append' }).name).toBe('plain');
    expect(write('x', { append: true }).name).toBe('plain');
    expect(write('x', { search: 'y' }).name).toBe('plain');
  });

  it('that is not read is shown whole, with the reason', () => {
    const shown = view(
      { path: 'a', content: 'x' },
      { file: { why: 'a does not exist on this machine: it would be new.' } },
    );
    expect(said(shown)).toEqual(['note: a does not exist on this machine: it would be new.']);
    expect(rows(shown.lines)).toEqual(['"path": "a"', '"content": "x"']);
  });
});

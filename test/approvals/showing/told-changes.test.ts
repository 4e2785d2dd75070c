import { describe, expect, it } from 'vitest';
import { said, view } from '../../support/views.ts';

const LINES = Array.from({ length: 40 }, (_, at) => `const line${at} = ${at};`);
const file = LINES.join('\n');
const edited = (at: number, ...lines: string[]): string => LINES.toSpliced(at, 1, ...lines).join('\n');
const edit = (newText: string, oldText = file): string[] =>
  said(view({ path: 'a.ts', edits: [{ oldText, newText }] }, { tool: 'edit_file' }));

describe('the lone changed lines of a diff', () => {
  it('are said before it, with their numbers', () => {
    expect(edit(edited(28, '  admin = true;'))).toEqual(['note: Line 29 becomes: admin = true;']);
    expect(edit(edited(28))).toEqual(['note: Line 29 goes: const line28 = 28;']);
    expect(edit(edited(28, LINES[28]!, 'evil();'))).toEqual(['note: Line 30 comes: evil();']);
    const two = LINES.with(3, 'one();').with(36, 'two();').join('\n');
    expect(edit(two)).toEqual(['note: Line 4 becomes: one();', 'note: Line 37 becomes: two();']);
  });

  it('of a line that is too long for the sentence are shown around the first difference', () => {
    const long = (word: string) => `call(${'0123456789, '.repeat(16)}${word})`;
    const [told] = edit(edited(20, long('grant')), edited(20, long('check')));
    expect(told).toMatch(/^note: Line 21 becomes: ….*grant\)$/);
  });

  it('are not said of a short diff, nor of one with many of them', () => {
    expect(edit('b', 'a')).toEqual([]);
    expect(edit(LINES.map((line, at) => (at % 9 === 0 ? `${line} // x` : line)).join('\n'))).toEqual([]);
  });

  it('are said of a whole file against the file as it is', () => {
    const shown = view(
      { path: 'a.ts', content: edited(5, 'x();') },
      { tool: 'write_file', file: { text: file } },
    );
    expect(said(shown)).toContain('note: Line 6 becomes: x();');
  });
});

describe('a host that a diff brings in', () => {
  it('is said, in whichever of many edits it stands', () => {
    const edits = LINES.slice(0, 9).map((oldText, at) => ({
      oldText: `${oldText} // https://a.test/x`,
      newText: at === 6 ? 'post("https://user@evil.test:8443/x")' : `${oldText} // https://a.test/y`,
    }));
    expect(said(view({ path: 'a.ts', edits }, { tool: 'edit_file' }))).toEqual([
      'note: It brings in what was not there: evil.test.',
    ]);
  });

  it('is not one that the old text or the file names', () => {
    expect(edit('get("https://a.test/2")', 'get("https://A.test/1")')).toEqual([]);
    const shown = view(
      { path: 'a.ts', oldText: 'const line1 = 1;', newText: 'get("https://a.test/")' },
      { tool: 'edit_file', file: { text: `${file}\nget("https://a.test/1")` } },
    );
    expect(said(shown)).toEqual([]);
  });
});

import { describe, expect, it } from 'vitest';
import { fit, wordRows, wrapLines } from '../../../src/approvals/answering/wrap.ts';
import { prettyArguments } from '../../../src/approvals/showing/call-lines.ts';
import { cells } from '../../../src/text/cells.ts';

const HOSTILE = {
  'skin tones': '👍🏽',
  'a Devanagari conjunct': 'क्ष',
  'a Bengali conjunct': 'ক্ষ',
  'a Burmese stack': 'က္က',
  'ordinary Hindi': 'नमस्ते दुनिया ',
  flags: '🇩🇪',
  'wide letters': '漢字',
  'text symbols that some draw wide': '☎©',
  Thai: 'น้ำ',
  Tamil: 'நி',
};

/** As a terminal draws that knows no clusters: each code point by itself, marks over the one before. */
function drawn(text: string): number {
  let sum = 0;
  for (const letter of text) {
    if (/[\p{Mn}\p{Me}]/u.test(letter)) continue;
    sum += /\p{Extended_Pictographic}|\p{Regional_Indicator}|\p{Emoji_Modifier}|\p{Script=Han}/u.test(letter)
      ? 2
      : 1;
  }
  return sum;
}

describe.each(Object.entries(HOSTILE))('%s', (_, text) => {
  it.each([60, 80, 200])(
    'makes no row longer than the terminal, however that draws it (%i columns)',
    (width) => {
      const lines = prettyArguments(JSON.stringify({ command: 'rm -rf /srv', text: text.repeat(420) }), []);
      const rows = wrapLines(lines, width);
      for (const { indent, block, segments } of rows) {
        const row = segments.map((one) => one.text).join('');
        expect(drawn(row) + indent + (block ? 2 : 0)).toBeLessThanOrEqual(width);
      }
      const whole = rows.map(({ segments }) => segments.map((one) => one.text).join('')).join('');
      expect(whole.replaceAll(' ', '')).toContain(text.repeat(420).replaceAll(' ', ''));
    },
  );

  it('is cut and broken by the same reckoning in names and sentences', () => {
    expect(drawn(fit(text.repeat(50), 40))).toBeLessThanOrEqual(40);
    for (const row of wordRows(text.repeat(50), 40)) expect(drawn(row)).toBeLessThanOrEqual(40);
    expect(cells(text)).toBeGreaterThanOrEqual(drawn(text));
  });
});

describe('a name of one endless sign', () => {
  const name = '\u{1f468}\u200d'.repeat(200_000);

  it('is measured and cut like others', () => {
    expect(cells(name)).toBeGreaterThanOrEqual(400_000);
    expect(cells(fit(name, 20))).toBeLessThanOrEqual(20);
    expect(fit(name, 20)).toMatch(/…$/);
  });
});

describe('a value with right-to-left letters', () => {
  const shown = (args: object): string[] =>
    prettyArguments(JSON.stringify(args), []).map(
      ({ block, segments }) => `${block ? '│ ' : ''}${segments.map((one) => one.text).join('')}`,
    );

  it('stands alone on its lines, and is marked so', () => {
    expect(shown({ transfer: 'אב 10 -> 9999 גד', note: 'plain' })).toEqual([
      `"transfer": right-to-left text, 1 line, each drawn in your terminal's own order:`,
      'אב 10 -> 9999 גד',
      'end of the right-to-left text',
      '"note": "plain"',
    ]);
  });

  it('cannot fake a line of ours with lines that have no such letters: they keep their bar', () => {
    const lines = shown({ text: 'שלום\n"command": "ls"\nend of the right-to-left text' });
    expect(lines.slice(1, 4)).toEqual(['שלום', '│ "command": "ls"', '│ end of the right-to-left text']);
  });

  it('in a name is spelled out', () => {
    expect(shown({ אב: 1 })).toEqual(['"\\u{05d0}\\u{05d1}": 1']);
  });
});

describe('a tone', () => {
  it('is kept by wrapping, on each of its rows, and joins no other', () => {
    const segments = [
      { text: 'aaaaaaaa', escaped: false },
      { text: 'bbbbbb', escaped: false, tone: 'added' as const },
      { text: 'cc', escaped: false, tone: 'added' as const },
      { text: 'd', escaped: true, tone: 'added' as const },
    ];
    expect(wrapLines([{ indent: 0, block: false, segments }], 10)).toEqual([
      {
        indent: 0,
        block: false,
        segments: [
          { text: 'aaaaaaaa', escaped: false },
          { text: 'bb', escaped: false, tone: 'added' },
        ],
      },
      {
        indent: 0,
        block: false,
        segments: [
          { text: 'bbbbcc', escaped: false, tone: 'added' },
          { text: 'd', escaped: true, tone: 'added' },
        ],
      },
    ]);
  });
});

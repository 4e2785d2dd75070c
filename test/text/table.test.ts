import { describe, expect, it } from 'vitest';
import { cells } from '../../src/text/cells.ts';
import { table } from '../../src/text/table.ts';

const COLUMNS = [{ title: 'TIME' }, { title: 'NAME', least: 12 }, { title: 'WHY', least: 10 }];
const ROWS = [
  ['10:00', 'many/run_command_as_another', 'escalate[0].when of the third layer'],
  ['10:01', 'a/b', '-'],
];
const whole = (lines: readonly string[]): string => lines.join('').replace(/\s/g, '');

describe('a table', () => {
  it('has each row in one line, whole, where a program reads', () => {
    const [head, first, second, ...none] = table(COLUMNS, ROWS, Number.POSITIVE_INFINITY);
    expect([head?.split(/ +/), none]).toEqual([['TIME', 'NAME', 'WHY'], []]);
    expect(first).toBe('10:00  many/run_command_as_another  escalate[0].when of the third layer');
    expect(second).toBe('10:01  a/b                          -');
  });

  it('goes on in the next line at blanks and joints where a terminal is narrow', () => {
    expect(table(COLUMNS, ROWS, 40)).toEqual([
      'TIME   NAME              WHY',
      '10:00  many/run_         escalate[0].',
      '       command_as_       when of the',
      '       another           third layer',
      '10:01  a/b               -',
    ]);
  });

  it.each([20, 25, 33, 41, 60, 79, 80])(
    'of %d columns leaves nothing out and keeps to its width',
    (width) => {
      const rows = [
        ...ROWS,
        ['1', '日本語の長い名前/道具', 'x'.repeat(150)],
        ['2', '👨‍👩‍👧‍👦'.repeat(9), ' two  blanks '],
      ];
      const lines = table(COLUMNS, rows, width);
      for (const line of lines) expect(cells(line)).toBeLessThanOrEqual(Math.max(width, 27));
      for (const row of rows)
        for (const cell of row) {
          const letters = new Set(whole([cell]));
          expect([...letters].every((letter) => whole(lines).includes(letter))).toBe(true);
        }
      expect(whole(lines).length).toBe(whole([...COLUMNS.map(({ title }) => title), ...rows.flat()]).length);
    },
  );

  it('folds a cell of a megabyte', () => {
    const lines = table(COLUMNS, [['1', 'ab_'.repeat(350_000), '']], 60);
    expect(whole(lines.slice(1))).toBe(`1${'ab_'.repeat(350_000)}`);
  });
});

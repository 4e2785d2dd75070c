import { cells } from './cells.ts';

/** A column. Its cells are cut when the terminal is narrow, to `least` cells before any column is cut further; never without it. */
export interface Column {
  title: string;
  least?: number;
}

const GAP = '  ';
const NARROWEST = 8;
/** A text cut to at most `width` cells, with an ellipsis where it was longer. */
export function clip(text: string, width: number): string {
  if (cells(text) <= width) return text;
  let kept = '';
  let used = 1;
  for (const character of text) {
    used += cells(character);
    if (used > width) break;
    kept += character;
  }
  return `${kept}…`;
}

function columnWidths(columns: readonly Column[], rows: readonly string[][], width: number): number[] {
  const widths = columns.map((column, index) =>
    rows.reduce((most, row) => Math.max(most, cells(row[index] ?? '')), cells(column.title)),
  );
  const excess = widths.reduce((sum, one) => sum + one, 0) + GAP.length * (columns.length - 1) - width;
  const leasts = columns.map((column) => column.least);
  const left = shrink(widths, leasts, excess);
  shrink(
    widths,
    leasts.map((least) => (least === undefined ? undefined : NARROWEST)),
    left,
  );
  return widths;
}

/** Takes cells from the columns that have most above their least; returns how many could not be taken. */
function shrink(widths: number[], leasts: readonly (number | undefined)[], excess: number): number {
  let left = excess;
  while (left > 0) {
    const spare = widths.map((width, index) => width - (leasts[index] ?? width));
    const most = Math.max(...spare);
    if (most <= 0) break;
    const index = spare.indexOf(most);
    widths[index] = (widths[index] ?? 0) - 1;
    left -= 1;
  }
  return left;
}

/** Lines of aligned columns under their titles, at most `width` cells wide where shrinking can do it. Cells are `visible` already. */
export function table(columns: readonly Column[], rows: readonly string[][], width: number): string[] {
  const widths = columnWidths(columns, rows, width);
  const line = (row: readonly string[]): string =>
    row
      .map((cell, index) => {
        const shown = clip(cell, widths[index] ?? 0);
        return shown + ' '.repeat(Math.max(0, (widths[index] ?? 0) - cells(shown)));
      })
      .join(GAP)
      .trimEnd();
  return [line(columns.map((column) => column.title)), ...rows.map(line)];
}

import { cells } from './cells.ts';

/**
 * A column. Where there is no room its cells go on in the next line: down to `least` cells before any column gives more,
 * then down to 8; one without it keeps its width.
 */
export interface Column {
  title: string;
  least?: number;
}

const GAP = '  ';
const NARROWEST = 8;
/** Behind these a name may go on in the next line. */
const JOINT = /[\s/_.,;:=-]/;

function columnWidths(columns: readonly Column[], rows: readonly string[][], width: number): number[] {
  const widths = columns.map((column, index) =>
    rows.reduce((most, row) => Math.max(most, cells(row[index] ?? '')), cells(column.title)),
  );
  if (width === Number.POSITIVE_INFINITY) return widths;
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

/** A segmenter takes the square of a text's length (measured, Node 20). */
const MOST_AT_ONCE = 512;

/** What a reader takes for one sign each, with where it begins; a long text may be cut in one, at every 512th letter. */
function* signs(text: string): Generator<[index: number, sign: string]> {
  const segmenter = new Intl.Segmenter();
  for (let at = 0; at < text.length; ) {
    const last = text.charCodeAt(at + MOST_AT_ONCE - 1);
    const end = at + MOST_AT_ONCE - (last >= 0xd800 && last <= 0xdbff ? 1 : 0);
    for (const { index, segment } of segmenter.segment(text.slice(at, end))) yield [at + index, segment];
    at = end;
  }
}

/** A cell as lines of at most `width` cells: all of it, broken at blanks and joints where there are some. */
export function folded(text: string, width: number): string[] {
  if (cells(text) <= width) return [text];
  const lines: string[] = [];
  let start = 0;
  let joint = 0;
  let used = 0;
  for (const [index, segment] of signs(text)) {
    const wide = cells(segment);
    if (used + wide > width && index > start) {
      // A blank right behind the line ends a word as well.
      const at = joint > start && segment !== ' ' ? joint : index;
      lines.push(text.slice(start, at).trimEnd());
      start = at;
      used = cells(text.slice(at, index));
    }
    if (segment === ' ' && index === start) start += 1;
    else used += wide;
    if (JOINT.test(segment)) joint = index + segment.length;
  }
  return [...lines, text.slice(start)];
}

/**
 * Lines of aligned columns under their titles; nothing is left out. At most `width` cells wide where folding can do it;
 * infinitely wide, where programs read, each row is one line. Cells are `visible` already.
 */
export function table(columns: readonly Column[], rows: readonly string[][], width: number): string[] {
  const widths = columnWidths(columns, rows, width);
  const lines = (row: readonly string[]): string[] => {
    const parts = columns.map((_, index) => folded(row[index] ?? '', widths[index] ?? 0));
    const height = Math.max(...parts.map((part) => part.length));
    return Array.from({ length: height }, (_, at) =>
      parts
        .map((part, index) => {
          const shown = part[at] ?? '';
          return shown + ' '.repeat(Math.max(0, (widths[index] ?? 0) - cells(shown)));
        })
        .join(GAP)
        .trimEnd(),
    );
  };
  return [columns.map((column) => column.title), ...rows].flatMap(lines);
}

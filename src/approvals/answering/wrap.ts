import { cells } from '../../text/cells.ts';
import type { Segment } from '../../text/visible.ts';
import type { PrettyLine } from '../showing/lines.ts';

/** One row of the screen. */
export interface Row {
  indent: number;
  block: boolean;
  segments: Segment[];
}

const ASCII = /^[\x20-\x7e]*$/;
const LEAST = 10;
const WIDEST_CLUSTER = 8;

/** Cuts lines to rows of at most `width` columns; each character counts as the most columns that a terminal may draw it over. */
export function wrapLines(lines: readonly PrettyLine[], width: number): Row[] {
  return lines.flatMap((line) => wrapLine(line, width));
}

function wrapLine(line: PrettyLine, width: number): Row[] {
  const room = Math.max(LEAST, width - line.indent - (line.block ? 2 : 0));
  const rows: Segment[][] = [[]];
  let used = 0;
  const put = (text: string, { escaped, tone }: Segment): void => {
    const row = rows[rows.length - 1] as Segment[];
    const last = row.at(-1);
    if (last !== undefined && last.escaped === escaped && last.tone === tone) last.text += text;
    else row.push(tone === undefined ? { text, escaped } : { text, escaped, tone });
  };
  for (const segment of line.segments) {
    const { text } = segment;
    for (const piece of pieces(text, room)) {
      if (used + piece.width > room && used > 0) {
        rows.push([]);
        used = 0;
      }
      put(piece.text, segment);
      used += piece.width;
    }
  }
  return rows.map((segments) => ({ indent: line.indent, block: line.block, segments }));
}

/** Plain ASCII in stretches of one row, anything else character by character. */
function* pieces(text: string, room: number): Generator<{ text: string; width: number }> {
  if (ASCII.test(text) && text.length > 0) {
    // The first stretch may fill up a row that other text has begun, so it goes letter by letter when short.
    if (text.length <= room) {
      for (const letter of text) yield { text: letter, width: 1 };
      return;
    }
    for (let at = 0; at < text.length; at += room) {
      const part = text.slice(at, at + room);
      yield { text: part, width: part.length };
    }
    return;
  }
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    const width = cells(segment);
    // Letters that a virama joins are one cluster, however many: no row would hold it.
    if (width <= WIDEST_CLUSTER) yield { text: segment, width };
    else for (const letter of segment) yield { text: letter, width: cells(letter) };
  }
}

/** A sentence in rows of at most `width` columns, broken between words where it can be. */
export function wordRows(text: string, width: number): string[] {
  const rows: string[] = [];
  let row = '';
  for (const word of text.split(' ')) {
    const longer = row === '' ? word : `${row} ${word}`;
    if (cells(longer) <= width) {
      row = longer;
      continue;
    }
    if (row !== '') rows.push(row);
    // A word that no row can hold is cut like an argument.
    const [...cut] = wrapLine({ indent: 0, block: false, segments: [{ text: word, escaped: false }] }, width);
    row = textOf(cut.pop());
    rows.push(...cut.map(textOf));
  }
  return [...rows, row];
}

function textOf(row: Row | undefined): string {
  return row?.segments.map(({ text }) => text).join('') ?? '';
}

/** A text cut to `width` columns, with `…` where something is missing. */
export function fit(text: string, width: number): string {
  if (width <= 0) return '';
  if (cells(text) <= width) return text;
  let out = '';
  let used = 0;
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    const wide = cells(segment);
    if (used + wide > width - 1) break;
    out += segment;
    used += wide;
  }
  return `${out}…`;
}

/** `fit`, then filled up with spaces. */
export function column(text: string, width: number): string {
  const cut = fit(text, width);
  return cut + ' '.repeat(Math.max(0, width - cells(cut)));
}

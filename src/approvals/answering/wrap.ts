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
  const rows: Row[] = [];
  for (const line of lines) for (const row of wrapLine(line, width)) rows.push(row);
  return rows;
}

function wrapLine(line: PrettyLine, width: number): Row[] {
  const { indent, block, segments } = line;
  const room = Math.max(LEAST, width - indent - (block ? 2 : 0));
  // Most lines are short and plain.
  const [only] = segments;
  if (only === undefined) return [{ indent, block, segments: [] }];
  if (segments.length === 1 && only.text.length <= room && ASCII.test(only.text))
    return [{ indent, block, segments: [{ ...only }] }];
  const rows = new Rows(room);
  for (const segment of segments) rows.add(segment);
  return rows.rows.map((row) => ({ indent, block, segments: row }));
}

/** Letters that are one column wide, or two, each by itself: no mark is among them, and no sign that is drawn as a picture. */
const NARROW = String.raw`\x20-\x7e\u00c0-\u02af\u0386-\u03ff\u0400-\u0482\u048a-\u052f`;
const DOUBLE = String.raw`\u3041-\u3096\u30a1-\u30fa\u4e00-\u9fff\uac00-\ud7a3`;
/** A run of narrow ones, of double ones, or of others with the letter before: a mark among them belongs to it. */
const RUNS = new RegExp(
  `[${NARROW}]+(?=[${NARROW}${DOUBLE}]|$)|[${DOUBLE}]+(?=[${NARROW}${DOUBLE}]|$)|[${NARROW}${DOUBLE}]?[^${NARROW}${DOUBLE}]+`,
  'gu',
);
const ALL_NARROW = new RegExp(`^[${NARROW}]*$`, 'u');
const ALL_DOUBLE = new RegExp(`^[${DOUBLE}]*$`, 'u');
/** A segmenter takes the square of a text's length (V8 12: 55,000 characters 0.4 s, four times as many 50 s). */
const MOST_SEGMENTED = 256;
const SEGMENTER = new Intl.Segmenter();

/** The rows of one line, as they fill up. */
class Rows {
  readonly rows: Segment[][] = [[]];
  private used = 0;
  private readonly room: number;

  constructor(room: number) {
    this.room = room;
  }

  add(segment: Segment): void {
    for (const [run] of segment.text.matchAll(RUNS)) {
      if (ALL_NARROW.test(run)) this.run(run, 1, segment);
      else if (ALL_DOUBLE.test(run)) this.run(run, 2, segment);
      else for (const cluster of clusters(run)) this.cluster(cluster, segment);
    }
  }

  /** Letters of one width: as many as the row still holds, then whole rows of them. */
  private run(text: string, width: number, segment: Segment): void {
    for (let at = 0; at < text.length; ) {
      const fits = Math.floor((this.room - this.used) / width);
      if (fits === 0) this.next();
      else {
        const part = text.slice(at, at + fits);
        this.put(part, part.length * width, segment);
        at += fits;
      }
    }
  }

  private cluster(text: string, segment: Segment): void {
    const width = widthOf(text);
    // Letters that a virama joins are one cluster, however many: no row would hold it.
    if (width > WIDEST_CLUSTER) for (const letter of text) this.whole(letter, widthOf(letter), segment);
    else this.whole(text, width, segment);
  }

  private whole(text: string, width: number, segment: Segment): void {
    if (this.used + width > this.room && this.used > 0) this.next();
    this.put(text, width, segment);
  }

  private next(): void {
    this.rows.push([]);
    this.used = 0;
  }

  private put(text: string, width: number, { escaped, tone }: Segment): void {
    const row = this.rows[this.rows.length - 1] as Segment[];
    const last = row.at(-1);
    if (last !== undefined && last.escaped === escaped && last.tone === tone) last.text += text;
    else row.push(tone === undefined ? { text, escaped } : { text, escaped, tone });
    this.used += width;
  }
}

function* clusters(text: string): Generator<string> {
  const letters = [...text];
  for (let at = 0; at < letters.length; ) {
    const end = Math.min(letters.length, at + MOST_SEGMENTED);
    const found = [...SEGMENTER.segment(letters.slice(at, end).join(''))].map(({ segment }) => segment);
    // The last one may go on behind the cut.
    const whole = end === letters.length || found.length === 1 ? found : found.slice(0, -1);
    for (const cluster of whole) at += [...cluster].length;
    yield* whole;
  }
}

const widths = new Map<string, number>();
const MOST_WIDTHS = 5_000;

/** `cells`, remembered: a text has few different letters. */
function widthOf(cluster: string): number {
  let width = widths.get(cluster);
  if (width === undefined) {
    width = cells(cluster);
    if (widths.size >= MOST_WIDTHS) widths.clear();
    widths.set(cluster, width);
  }
  return width;
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
    for (const one of cut) rows.push(textOf(one));
  }
  return [...rows, row];
}

function textOf(row: Row | undefined): string {
  return row?.segments.map(({ text }) => text).join('') ?? '';
}

/** More letters than that in a column are no text that anybody reads. */
const MOST_LETTERS = 32;

/** A text cut to `width` columns, with `…` where something is missing. */
export function fit(text: string, width: number): string {
  if (width <= 0) return '';
  if (cells(text) <= width) return text;
  let out = '';
  let used = 0;
  for (const segment of clusters(text.slice(0, MOST_LETTERS * width))) {
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

import { type Segment, segments, type Tone } from '../../text/visible.ts';

/** A line of a card before it is wrapped: `indent` counts columns; wrapped parts keep it. */
export interface PrettyLine {
  indent: number;
  segments: Segment[];
  /** Set on lines from inside a text with line breaks: they carry a bar that no text can fake. */
  block: boolean;
}

export const STEP = 2;

/** So many blank lines in a row are told by their count. */
const FOLDED_FROM = 3;
/** A wider gap would push what follows it off the row, and out of sight. */
const GAP = /( {61,})/;
const BLANK = /^[ \t\r]*$/;

/** Foreign text as stretches that are safe to show; wide gaps are told by their count. */
export function foreign(text: string, tone?: Tone): Segment[] {
  const parts = GAP.test(text) ? text.split(GAP) : [text];
  return parts.flatMap((part) => {
    if (GAP.test(part)) return [{ text: ` [${part.length} spaces] `, escaped: true, tone: 'quiet' as const }];
    const found = segments(part);
    return tone === undefined ? found : found.map((one) => ({ ...one, tone }));
  });
}

/** A line of ours, in which foreign text stands in quotes or brackets. */
export function ours(indent: number, text: string, tone?: Tone): PrettyLine {
  return { indent, segments: foreign(text, tone), block: false };
}

/** A line of a foreign text, behind the bar. */
export function barred(indent: number, parts: Segment[]): PrettyLine {
  return { indent, segments: parts, block: true };
}

export function isBlank(line: string): boolean {
  return BLANK.test(line);
}

/** Lines of a text with the runs of blank ones folded: each line by `draw`, each fold as its count. */
export function foldBlanks<Line>(
  lines: readonly Line[],
  { text, draw, indent }: { text: (line: Line) => string; draw: (line: Line) => PrettyLine; indent: number },
): PrettyLine[] {
  const drawn: PrettyLine[] = [];
  for (let at = 0; at < lines.length; ) {
    let end = at;
    while (end < lines.length && isBlank(text(lines[end] as Line))) end += 1;
    if (end - at >= FOLDED_FROM) drawn.push(ours(indent, `(${end - at} blank lines)`, 'quiet'));
    else {
      end = Math.max(end, at + 1);
      for (const line of lines.slice(at, end)) drawn.push(draw(line));
    }
    at = end;
  }
  return drawn;
}

/** A text with line breaks as barred lines. */
export function barredText(text: string, indent: number): PrettyLine[] {
  return foldBlanks(text.split('\n'), {
    text: (line) => line,
    draw: (line) => barred(indent, foreign(line)),
    indent,
  });
}

export function indented(lines: readonly PrettyLine[], by = STEP): PrettyLine[] {
  return lines.map((line) => ({ ...line, indent: line.indent + by }));
}

const SPELLED = /\\(?:u\{|[nrt])/g;

/** How many characters of the lines are spelled out instead of shown. */
export function spelledOut(lines: readonly PrettyLine[]): number {
  const escaped = lines.flatMap((line) => line.segments.filter((segment) => segment.escaped));
  return escaped.reduce((count, segment) => count + (segment.text.match(SPELLED)?.length ?? 0), 0);
}

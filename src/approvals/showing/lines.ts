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
const LEAST_GAP = ' '.repeat(61);
const GAP = /( {61,})/;
const BLANK = /^[ \t\r]*$/;
const SPACE = 0x20;

/** Foreign text as stretches that are safe to show; wide gaps are told by their count. */
export function foreign(text: string, tone?: Tone): Segment[] {
  if (!text.includes(LEAST_GAP)) return toned(segments(text), tone);
  return text.split(GAP).flatMap((part): Segment[] => {
    if (part.startsWith(LEAST_GAP))
      return [{ text: ` [${part.length} spaces] `, escaped: true, tone: 'quiet' as const }];
    return toned(segments(part), tone);
  });
}

function toned(parts: Segment[], tone: Tone | undefined): Segment[] {
  return tone === undefined ? parts : parts.map((one) => ({ ...one, tone }));
}

/** A line of ours, in which foreign text stands in quotes or brackets. */
export function ours(indent: number, text: string, tone?: Tone): PrettyLine {
  return { indent, segments: foreign(text, tone), block: false };
}

/** A line of a foreign text, behind the bar. */
export function barred(indent: number, parts: Segment[]): PrettyLine {
  return { indent, segments: parts, block: true };
}

function isBlank(line: string): boolean {
  return (line === '' || line.charCodeAt(0) <= SPACE) && BLANK.test(line);
}

interface Fold<Line> {
  text: (line: Line) => string;
  draw: (line: Line) => PrettyLine;
  indent: number;
  /** What is said of folded lines besides their count. */
  kind?: string;
}

/** Lines of a text with the runs of blank ones folded: each line by `draw`, each fold as its count. */
export function foldBlanks<Line>(
  lines: readonly Line[],
  { text, draw, indent, kind = '' }: Fold<Line>,
): PrettyLine[] {
  const drawn: PrettyLine[] = [];
  for (let at = 0; at < lines.length; ) {
    let end = at;
    while (end < lines.length && isBlank(text(lines[end] as Line))) end += 1;
    if (end - at >= FOLDED_FROM) drawn.push(ours(indent, `(${end - at} blank lines${kind})`, 'quiet'));
    else {
      end = Math.max(end, at + 1);
      for (const line of lines.slice(at, end)) drawn.push(draw(line));
    }
    at = end;
  }
  return drawn;
}

/** `1 line`, `1,200 lines`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${grouped(String(count))} ${count === 1 ? one : many}`;
}

/** Digits in groups of three. */
export function grouped(digits: string): string {
  return digits.replace(/\B(?=(?:\d{3})+$)/g, ',');
}

/** A text whose letters have tones, line by line behind the bar, blank runs folded. `tones` are by UTF-16 unit. */
export function tonedText(
  text: string,
  tones: ArrayLike<Tone | undefined>,
  { from, to, indent }: { from: number; to: number; indent: number },
): PrettyLine[] {
  const lines: { start: number; end: number }[] = [];
  for (let at = from; at <= to; ) {
    const found = text.indexOf('\n', at);
    const end = found === -1 || found > to ? to : found;
    lines.push({ start: at, end });
    at = end + 1;
  }
  const draw = ({ start, end }: { start: number; end: number }): PrettyLine => {
    const parts: Segment[] = [];
    for (let at = start; at < end; ) {
      let next = at + 1;
      while (next < end && tones[next] === tones[at]) next += 1;
      parts.push(...foreign(text.slice(at, next), tones[at]));
      at = next;
    }
    return barred(indent, parts);
  };
  return foldBlanks(lines, { text: ({ start, end }) => text.slice(start, end), draw, indent });
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

import stringWidth from 'string-width';

const ASCII = /^[\x20-\x7e]*$/;
/** Marks that no terminal gives a column of their own; spacing marks (Mc) get one in some. */
const NO_CELL = /\p{Mn}|\p{Me}|\u200d|[\u{e0020}-\u{e007f}]/u;
/** Drawn over two columns by some terminals, also where Unicode's tables say one. */
const PICTURE = /\p{Extended_Pictographic}|\p{Emoji_Presentation}|\p{Regional_Indicator}|\p{Emoji_Modifier}/u;

function cellOf(character: string): number {
  if (ASCII.test(character)) return 1;
  if (NO_CELL.test(character)) return 0;
  return PICTURE.test(character) ? 2 : Math.max(1, stringWidth(character));
}

/**
 * The most columns that a terminal may draw a text over: one that knows no clusters draws each code point by itself
 * (tmux 3.3a a skin tone, xterm.js and tmux both parts of a conjunct: measured). Counting less would let a text push
 * other rows off the screen.
 */
export function cells(text: string): number {
  if (ASCII.test(text)) return text.length;
  if (text.length > MOST_AT_ONCE) return ofParts(text);
  let sum = 0;
  for (const character of text) sum += cellOf(character);
  return Math.max(sum, stringWidth(text));
}

/** A segmenter takes the square of a cluster's length; parts count no less than their whole. */
const MOST_AT_ONCE = 512;

function ofParts(text: string): number {
  let sum = 0;
  for (let at = 0; at < text.length; ) {
    const end = at + MOST_AT_ONCE;
    // No letter is cut in two.
    const to = /[\ud800-\udbff]/.test(text[end - 1] ?? '') ? end - 1 : end;
    sum += cells(text.slice(at, to));
    at = to;
  }
  return sum;
}

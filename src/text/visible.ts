/** What a stretch of text is to the eye; which colour that is, the drawing says. */
export type Tone = 'key' | 'quiet' | 'added' | 'removed' | 'changed' | 'danger' | 'warn' | 'target';

/** A stretch of text as a person may see it; `escaped` stretches stand for characters that were not shown. */
export interface Segment {
  text: string;
  escaped: boolean;
  tone?: Tone;
}

/** More marks than this on one letter climb into the neighbouring lines ("zalgo"); no orthography needs them. */
const MAX_MARKS = 4;

/**
 * What a terminal would act on, hide, or draw as something else: controls (C0, DEL, C1), format and bidi
 * characters, line and paragraph separators, private use, lone surrogates, unassigned code points, everything
 * that Unicode calls default-ignorable (zero-width, tags, fillers, variation selectors), every space but U+0020,
 * and the blank braille pattern. By the general categories of Unicode 15, and by what terminals did when tried.
 */
const HIDDEN =
  /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cs}\p{Cn}\p{Default_Ignorable_Code_Point}\u2800]|(?! )\p{Zs}/u;
const MARK = /\p{M}/u;
const ODD = new RegExp(`${HIDDEN.source}|${MARK.source}`, 'u');
const PLAIN_ASCII = /^[\x20-\x7e]*$/;
const SHORT: Record<string, string> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

function escapeOf(character: string): string {
  const short = SHORT[character];
  if (short !== undefined) return short;
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}}`;
}

/**
 * Signs of several code points that Unicode recommends for interchange: families, hearts, keycaps, flags. What joins
 * them draws nothing of its own there, and hides nothing.
 */
const EMOJI = /(\p{RGI_Emoji})/v;
const JOINS = /[\u200d\ufe0f\u{e0020}-\u{e007f}]/u;

/** Cuts one line of foreign text into stretches that are safe to show; joined, they are `visible(text)`. */
export function segments(text: string): Segment[] {
  if (PLAIN_ASCII.test(text)) return text === '' ? [] : [{ text, escaped: false }];
  if (!ODD.test(text)) return [{ text, escaped: false }];
  const found: Segment[] = [];
  const put = (shown: string, escaped: boolean): void => {
    const last = found.at(-1);
    if (last !== undefined && last.escaped === escaped) last.text += shown;
    else found.push({ text: shown, escaped });
  };
  const parts = JOINS.test(text) ? text.split(EMOJI) : [text];
  let marks = 0;
  for (const [at, part] of parts.entries()) {
    // Those at odd places are signs as a whole.
    if (at % 2 === 1) put(part, false);
    else
      for (const character of part) {
        marks = MARK.test(character) ? marks + 1 : 0;
        const escaped = HIDDEN.test(character) || marks > MAX_MARKS;
        put(escaped ? escapeOf(character) : character, escaped);
      }
  }
  return found;
}

/**
 * The only way from a client's or server's text to a person's eyes (docs/design.md, promise 6): one line, no
 * character that drives a terminal, hides, or reorders. A raw control becomes `\n` or `\u{1b}`.
 */
export function visible(text: string): string {
  if (PLAIN_ASCII.test(text)) return text;
  return segments(text)
    .map((segment) => segment.text)
    .join('');
}

/** Letters that a terminal may put in another order than they stand in: Unicode's blocks of right-to-left scripts. */
const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;
const EACH_RIGHT_TO_LEFT = new RegExp(RIGHT_TO_LEFT.source, 'gu');

/** Whether a terminal may draw parts of a text in another order (UAX 9). */
export function isRightToLeft(text: string): boolean {
  return RIGHT_TO_LEFT.test(text);
}

/** A text in one order whatever the terminal does: its right-to-left letters spelled out. For what stands beside other text. */
export function inOrder(text: string): string {
  return isRightToLeft(text) ? text.replace(EACH_RIGHT_TO_LEFT, escapeOf) : text;
}

/** `visible`, in one order: for names and sentences that stand beside ours. */
export function label(text: string): string {
  return visible(inOrder(text));
}

/** How many characters of a text a person would not have seen without their escapes. */
export function hiddenCount(text: string): number {
  if (PLAIN_ASCII.test(text)) return 0;
  let count = 0;
  for (const character of text) if (HIDDEN.test(character)) count += 1;
  return count;
}

import { fit, type Row } from '../../approvals/answering/wrap.ts';
import { cells } from '../../text/cells.ts';
import type { Tone } from '../../text/visible.ts';

/** What a stretch is to the eye; which colours that takes, the drawing says. */
export type Look = Tone | 'hidden' | 'good' | 'bad' | 'low' | 'high' | 'critical';

/** A stretch of a line. All text in it is safe to show: it went through `text/visible.ts`. */
export interface Part {
  text: string;
  look?: Look | undefined;
  strong?: boolean;
  /** Drawn on the look's colour instead of in it. */
  filled?: boolean;
  /** Drawn as what is selected. */
  selected?: boolean;
}

/** One line of the screen; `inverse`: drawn as what is selected. */
export interface Line {
  parts: readonly Part[];
  inverse?: boolean;
}

export const line = (...parts: readonly (Part | string)[]): Line => ({
  parts: parts.map((part) => (typeof part === 'string' ? { text: part } : part)),
});

export const quiet = (text: string): Part => ({ text, look: 'quiet' });
export const strong = (text: string): Part => ({ text, strong: true });
export const EMPTY: Line = { parts: [] };

export function widthOf(parts: readonly Part[]): number {
  return parts.reduce((sum, { text }) => sum + cells(text), 0);
}

/** Cut to `columns`, with `…` where something is missing. */
export function cut(parts: readonly Part[], columns: number): Part[] {
  const kept: Part[] = [];
  let left = columns;
  for (const part of parts) {
    if (left <= 0) break;
    const wide = cells(part.text);
    kept.push(wide <= left ? part : { ...part, text: fit(part.text, left) });
    if (wide > left) break;
    left -= wide;
  }
  return kept;
}

/** Cut or filled up to exactly `columns`. */
export function fill(parts: readonly Part[], columns: number): Part[] {
  const kept = cut(parts, columns);
  const missing = columns - widthOf(kept);
  return missing > 0 ? [...kept, { text: ' '.repeat(missing) }] : kept;
}

/** One thing at the left edge, another at the right; the left one gives way. */
export function ends(left: readonly Part[], right: readonly Part[], columns: number): Part[] {
  const tail = cut(right, columns);
  return [...fill(left, columns - widthOf(tail)), ...tail];
}

/** `── title ────`; without a title a line. */
export function rule(title: readonly Part[], columns: number): Line {
  if (title.length === 0) return { parts: [quiet('─'.repeat(columns))] };
  const head = cut([quiet('── '), ...title, quiet(' ')], columns);
  return { parts: [...head, quiet('─'.repeat(Math.max(0, columns - widthOf(head))))] };
}

/** Before each line of a text with line breaks. */
export const BAR = '│ ';

/** A row of a call's text, as a line. */
export function ofRow({ indent, block, segments }: Row): Line {
  const bar = block ? [quiet(BAR)] : [];
  return {
    parts: [
      { text: ' '.repeat(indent) },
      ...bar,
      ...segments.map(({ text, escaped, tone }) => ({ text, look: escaped ? ('hidden' as const) : tone })),
    ],
  };
}

/** Two columns of lines beside each other, each filled to its width. */
export function beside(left: readonly Line[], right: readonly Line[], width: number): Line[] {
  return Array.from({ length: Math.max(left.length, right.length) }, (_, at) => {
    const one = left[at] ?? EMPTY;
    const filled = fill(one.parts, width);
    const parts = one.inverse === true ? filled.map((part) => ({ ...part, selected: true })) : filled;
    return { parts: [...parts, quiet(' │ '), ...(right[at] ?? EMPTY).parts] };
  });
}

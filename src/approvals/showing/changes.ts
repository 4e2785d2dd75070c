import { diffArrays, diffWordsWithSpace } from 'diff';
import { TooMuch } from '../../harm/too-much.ts';
import type { Segment, Tone } from '../../text/visible.ts';
import { barred, counted, foldBlanks, foreign, ours, type PrettyLine } from './lines.ts';

const AROUND = 2;
/** Beyond this a comparison takes long and nobody reads it as one. */
const MOST_EDITS = 2_000;
const MOST_WORD_EDITS = 200;
const MOST_WORDS = 4_000;

/** A line of one text, of the other, or of both. */
export interface Change {
  mark: ' ' | '-' | '+';
  text: string;
}

export interface Counts {
  removed: number;
  added: number;
  alike: number;
}

/** Two texts line by line. Throws TooMuch where they differ in too much. */
export function changesOf(before: string, after: string): Change[] {
  const parts = diffArrays(before.split('\n'), after.split('\n'), { maxEditLength: MOST_EDITS });
  if (parts === undefined) throw new TooMuch('the two texts differ in too many lines to be compared');
  return parts.flatMap(({ added, removed, value }) =>
    value.map((text): Change => ({ mark: added ? '+' : removed ? '-' : ' ', text })),
  );
}

export function countsOf(changes: readonly Change[]): Counts {
  const many = (mark: Change['mark']): number => changes.filter((one) => one.mark === mark).length;
  return { removed: many('-'), added: many('+'), alike: many(' ') };
}

/** `1 line of 500 changed`, `2 lines removed, 3 added, 84 alike`, `the same`. */
export function countWords({ removed, added, alike }: Counts): string {
  if (removed === 0 && added === 0) return 'the same';
  if (removed === added && removed + alike === 1) return '1 line changed';
  if (removed === added) return `${removed} of ${counted(removed + alike, 'line')} changed`;
  const parts = [`${removed} removed`, `${added} added`, `${alike} alike`].filter(
    (one) => !one.startsWith('0 '),
  );
  return `lines: ${parts.join(', ')}`;
}

/** Changed lines with two around them; runs of lines alike (where it `folds` them) and blank ones are told by their count. */
export function changeLines(changes: readonly Change[], indent: number, folds = true): PrettyLine[] {
  const near = new Uint8Array(changes.length).fill(folds ? 0 : 1);
  for (const [at, { mark }] of changes.entries())
    if (mark !== ' ') near.fill(1, Math.max(0, at - AROUND), at + AROUND + 1);
  const lines: PrettyLine[] = [];
  for (let at = 0; at < changes.length; ) {
    let end = at;
    while (end < changes.length && near[end] === near[at]) end += 1;
    // A fold of one line would save nothing.
    if (near[at] === 1 || end - at === 1) lines.push(...shownLines(changes.slice(at, end), indent));
    else lines.push(ours(indent, `(${counted(end - at, 'line')} alike)`, 'quiet'));
    at = end;
  }
  return lines;
}

function shownLines(changes: readonly Change[], indent: number): PrettyLine[] {
  const drawn = new Map<Change, Segment[]>();
  for (let at = 0; at < changes.length; ) {
    const gone = run(changes, at, '-');
    const come = run(changes, at + gone, '+');
    for (let pair = 0; pair < Math.min(gone, come); pair += 1) {
      const [old, now] = [changes[at + pair] as Change, changes[at + gone + pair] as Change];
      const [left, right] = wordChanges(old.text, now.text);
      drawn.set(old, left).set(now, right);
    }
    at += Math.max(1, gone + come);
  }
  return runs(changes).flatMap((same) =>
    foldBlanks(same, {
      text: ({ text }) => text,
      draw: (one) => marked(one, drawn.get(one), indent),
      indent,
      kind: { ' ': '', '-': ' removed', '+': ' added' }[same[0]?.mark ?? ' '],
    }),
  );
}

/** Runs of one mark: a fold never joins what is removed with what is added. */
function runs(changes: readonly Change[]): Change[][] {
  const found: Change[][] = [];
  for (const change of changes) {
    const last = found.at(-1);
    if (last?.[0]?.mark === change.mark) last.push(change);
    else found.push([change]);
  }
  return found;
}

function run(changes: readonly Change[], from: number, mark: Change['mark']): number {
  let end = from;
  while (changes[end]?.mark === mark) end += 1;
  return end - from;
}

const TONES: Readonly<Record<Change['mark'], Tone | undefined>> = {
  ' ': undefined,
  '-': 'removed',
  '+': 'added',
};

/** The mark stands before every line of the block, so that none can fake it. */
function marked({ mark, text }: Change, parts: Segment[] | undefined, indent: number): PrettyLine {
  const tone = TONES[mark];
  return barred(indent, [...foreign(`${mark} `, tone), ...(parts ?? foreign(text, tone))]);
}

/** Two lines with the words marked in which they differ. */
export function wordChanges(before: string, after: string): [Segment[], Segment[]] {
  const whole: [Segment[], Segment[]] = [foreign(before, 'removed'), foreign(after, 'added')];
  if (before.length > MOST_WORDS || after.length > MOST_WORDS) return whole;
  const parts = diffWordsWithSpace(before, after, { maxEditLength: MOST_WORD_EDITS });
  if (parts === undefined) return whole;
  const alike = parts.filter(({ added, removed }) => !added && !removed);
  const common = alike.reduce((sum, { value }) => sum + value.trim().length, 0);
  // Lines that have little in common are two lines, not one that changed.
  if (common * 4 < Math.max(before.trim().length, after.trim().length)) return whole;
  const side = (skipped: 'added' | 'removed', tone: Tone): Segment[] =>
    parts
      .filter((part) => !part[skipped])
      .flatMap((part) => foreign(part.value, part.added || part.removed ? 'changed' : tone));
  return [side('added', 'removed'), side('removed', 'added')];
}

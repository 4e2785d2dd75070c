import { visible } from './visible.ts';

const CONTEXT = 2;

interface Line {
  mark: ' ' | '-' | '+';
  text: string;
}

/** The differing lines of two texts with two lines around them, marked `-` and `+`; safe to show. */
export function lineDiff(before: string, after: string): string {
  const lines = compare(before.split('\n'), after.split('\n'));
  const near = lines.map((_, i) =>
    lines.slice(Math.max(0, i - CONTEXT), i + CONTEXT + 1).some((line) => line.mark !== ' '),
  );
  const shown: string[] = [];
  for (const [i, line] of lines.entries()) {
    if (near[i] === true) shown.push(`${line.mark} ${visible(line.text)}`);
    else if (i > 0 && near[i - 1] === true) shown.push('  …');
  }
  return shown.join('\n');
}

/** Common head and tail are kept; between them the longest common subsequence decides. */
function compare(before: string[], after: string[]): Line[] {
  let head = 0;
  while (head < before.length && head < after.length && before[head] === after[head]) head += 1;
  let tail = 0;
  const most = Math.min(before.length, after.length) - head;
  while (tail < most && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail += 1;
  const same = (text: string): Line => ({ mark: ' ', text });
  return [
    ...before.slice(0, head).map(same),
    ...middle(before.slice(head, before.length - tail), after.slice(head, after.length - tail)),
    ...before.slice(before.length - tail).map(same),
  ];
}

/** Beyond this the table would be large; then the whole middle counts as replaced. */
const MOST_CELLS = 4_000_000;

function middle(before: string[], after: string[]): Line[] {
  const gone = (text: string): Line => ({ mark: '-', text });
  const come = (text: string): Line => ({ mark: '+', text });
  if (before.length * after.length > MOST_CELLS) return [...before.map(gone), ...after.map(come)];
  const width = after.length + 1;
  const table = new Uint32Array((before.length + 1) * width);
  const at = (i: number, j: number): number => table[i * width + j] ?? 0;
  for (let i = before.length - 1; i >= 0; i -= 1) {
    for (let j = after.length - 1; j >= 0; j -= 1) {
      table[i * width + j] =
        before[i] === after[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const lines: Line[] = [];
  let [i, j] = [0, 0];
  while (i < before.length || j < after.length) {
    if (i < before.length && j < after.length && before[i] === after[j]) {
      lines.push({ mark: ' ', text: before[i] ?? '' });
      i += 1;
      j += 1;
    } else if (j >= after.length || (i < before.length && at(i + 1, j) >= at(i, j + 1)))
      lines.push(gone(before[i++] ?? ''));
    else lines.push(come(after[j++] ?? ''));
  }
  return lines;
}

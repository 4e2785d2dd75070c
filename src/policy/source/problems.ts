/** One fault of a policy file, addressed so that a person finds it. Line and column count from 1. */
export interface Problem {
  /** `escalate[2].timeout`; empty for the file as a whole. */
  path: string;
  line: number;
  column: number;
  message: string;
  suggestion: string | undefined;
  /** A condition and, under it, what of it is meant: two lines. */
  excerpt?: string | undefined;
}

/** For people: `policy.json:12:5 escalate[2].timeout: … Did you mean …?`, and the excerpt under it. */
export function describe(problem: Problem, file: string): string {
  const where = problem.path === '' ? '' : ` ${problem.path}:`;
  const hint = problem.suggestion === undefined ? '' : ` ${problem.suggestion}`;
  const excerpt = problem.excerpt === undefined ? '' : `\n${problem.excerpt.replace(/^/gm, '    ')}`;
  return `${file}:${problem.line}:${problem.column}${where} ${problem.message}${hint}${excerpt}`;
}

/** So much of a long condition is shown on either side of what is meant. */
const AROUND = 40;

/** The line of a text that a range begins in, with carets under the range. */
export function excerptOf(text: string, { start, end }: { start: number; end: number }): string {
  const from = text.lastIndexOf('\n', start - 1) + 1;
  const next = text.indexOf('\n', start);
  const to = next === -1 ? text.length : next;
  const left = Math.max(from, start - AROUND);
  const right = Math.min(to, Math.max(end, start + 1) + AROUND);
  const [before, after] = [left > from ? '…' : '', right < to ? '…' : ''];
  const carets = '^'.repeat(Math.max(1, Math.min(end, right) - start));
  const line = text.slice(left, right).replace(/\t/g, ' ');
  return `${before}${line}${after}\n${' '.repeat(before.length + start - left)}${carets}`;
}

/** The known word nearest to a mistyped one, when it is near enough to be meant. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const scored = known.map((name) => ({
    name,
    distance: editDistance(word.toLowerCase(), name.toLowerCase()),
  }));
  const best = scored.sort((a, b) => a.distance - b.distance)[0];
  return best !== undefined && best.distance <= Math.max(1, Math.floor(word.length / 3))
    ? best.name
    : undefined;
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const swap = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(swap, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}

import { CODE, COMMENT, END, MARK, QUOTED, readSql, type SqlRead } from './sql-dialects.ts';

/** One statement of a text: where it stands in it, its end mark with it. */
export interface Statement {
  from: number;
  to: number;
  /** `DROP TABLE`, `SELECT`; '' where no word is. */
  verb: string;
}

/** A text cut into what any common database would take for its statements. */
export interface Statements {
  read: SqlRead;
  /** The text with comments as spaces, and what every database takes for quoted as letters that no word has. */
  code: string;
  statements: Statement[];
}

const ONLY_COMMENT = 1 << COMMENT;
const ONLY_QUOTED = 1 << QUOTED;
/** Stands for a quoted letter. */
export const QUOTED_LETTER = '\u0001';

export function statementsOf(text: string): Statements {
  const read = readSql(text);
  const code = codeOf(text, read.seen);
  const statements: Statement[] = [];
  let from = 0;
  for (let at = 0; at <= text.length; at += 1) {
    if (at < text.length && ((read.seen[at] ?? 0) & (1 << END)) === 0) continue;
    const to = Math.min(text.length, at + 1);
    const last = statements.at(-1);
    // What is comment alone goes with the statement before it.
    if (code.slice(from, to).replace(/;/g, '').trim() !== '' || last === undefined)
      statements.push({ from, to, verb: verbOf(code.slice(from, to)) });
    else last.to = to;
    from = to;
  }
  return { read, code, statements };
}

function codeOf(text: string, seen: Uint8Array): string {
  const parts: string[] = [];
  for (let at = 0; at < text.length; ) {
    const as = plainClass(seen[at] ?? 0);
    let end = at + 1;
    while (end < text.length && plainClass(seen[end] ?? 0) === as) end += 1;
    if (as === CODE) parts.push(text.slice(at, end));
    else parts.push((as === COMMENT ? ' ' : QUOTED_LETTER).repeat(end - at));
    at = end;
  }
  return parts.join('');
}

/** Code wherever any database sees code. */
function plainClass(bits: number): number {
  if (bits === ONLY_QUOTED) return QUOTED;
  const marks = (1 << MARK) | ONLY_COMMENT;
  if ((bits & ~marks) === 0) return COMMENT;
  return CODE;
}

const TWO_WORDS =
  /^(?:drop|create|alter|truncate|insert|delete|merge|set|begin|start|lock|comment|refresh|load|attach|detach)$/;
const SKIPPED =
  /^(?:or|replace|temp|temporary|unique|global|local|if|not|exists|into|from|unlogged|external|materialized|public)$/;

/** The verb with its object's kind; of a statement that begins with WITH or EXPLAIN, what it comes to. */
export function verbOf(code: string): string {
  const words = [...code.slice(0, 4_096).matchAll(/[A-Za-z_]\w*/g)].map(([word]) => word.toLowerCase());
  const [first = ''] = words;
  if (first === 'with' || first === 'explain') {
    const main = mainVerb(code);
    return main === '' ? first.toUpperCase() : `${first.toUpperCase()} … ${main}`;
  }
  if (!TWO_WORDS.test(first)) return first.toUpperCase();
  const object = words.slice(1, 6).find((word) => !SKIPPED.test(word)) ?? '';
  const kinds = /^(?:drop|create|alter|begin|start|comment|refresh|lock|load|attach|detach)$/;
  return kinds.test(first) ? `${first} ${object}`.trim().toUpperCase() : first.toUpperCase();
}

function mainVerb(code: string): string {
  let depth = 0;
  for (const { 0: found } of code
    .slice(0, 65_536)
    .matchAll(/[()]|\b(?:select|insert|update|delete|merge)\b/gi)) {
    if (found === '(') depth += 1;
    else if (found === ')') depth -= 1;
    else if (depth <= 0) return found.toUpperCase();
  }
  return '';
}

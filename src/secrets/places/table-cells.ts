import { fitsKind, isNoSecret } from '../names/fits-kind.ts';
import { isOfLogin, type NameKind, nameKind, nameSaid } from '../names/secret-names.ts';
import { looksLikePassword } from '../shapes/password-shape.ts';
import type { TextSpan } from '../shapes/text-span.ts';

const LONGEST_LINE = 2_000;
const MOST_ROWS = 200;
const BLANK = /^[\s`*"']+|[\s`*"']+$/g;

/** A line of a text without its end. */
interface Line {
  start: number;
  end: number;
}

function lineAt(text: string, at: number): Line {
  const from = Math.max(0, at - LONGEST_LINE);
  const before = text.slice(from, at);
  const after = text.slice(at, at + LONGEST_LINE + 1);
  const next = after.indexOf('\n');
  return { start: from + before.lastIndexOf('\n') + 1, end: at + (next === -1 ? after.length : next) };
}

interface Cell extends Line {
  said: string;
}

function cells(text: string, { start, end }: Line, delimiter: string): Cell[] {
  const found: Cell[] = [];
  let at = start;
  for (const part of text.slice(start, end).split(delimiter)) {
    const said = part.replace(BLANK, '');
    const from = at + part.indexOf(said);
    found.push({ start: from, end: from + said.length, said });
    at += part.length + 1;
  }
  return found;
}

/** Under a name that heads a column of a table (CSV, tabs, Markdown) the cells that could be passwords. `done`: lines that were read as heads. */
export function cellsUnder(
  text: string,
  name: { start: number; end: number },
  done: Set<number>,
): TextSpan[] {
  const near = text.slice(name.end, name.end + 4);
  const before = text[name.start - 1] ?? '\n';
  if (!/^[\s"'`*]{0,3}(?:[,;\t|\n]|$)/.test(near) || !/[,;\t|\n "'`*]/.test(before)) return [];
  const head = lineAt(text, name.start);
  if (head.end - head.start > LONGEST_LINE || done.has(head.start)) return [];
  done.add(head.start);
  const said = text.slice(head.start, head.end);
  const delimiter = [...'|\t;,'].find((one) => said.includes(one));
  return delimiter === undefined ? [] : rowsUnder(text, head, delimiter, done);
}

function rowsUnder(text: string, head: Line, delimiter: string, done: Set<number>): TextSpan[] {
  const names = cells(text, head, delimiter);
  const secret = names.map(({ said }) =>
    /^[\p{L}\p{M}\p{N}_. -]{2,40}$/u.test(said) ? nameKind(said) : undefined,
  );
  const found: TextSpan[] = [];
  // One name a line is a list of names.
  if (names.filter(({ said }) => said !== '').length < 2) return found;
  const listed = delimiter === ',' && /,\s*$/.test(text.slice(head.start, head.end));
  const first =
    (head.start === 0 && !listed) ||
    /^[\s|:-]+$/.test(text.slice(head.end + 1, lineAt(text, head.end + 1).end));
  let line = head;
  for (let row = 0; row < MOST_ROWS && line.end < text.length; row += 1) {
    line = lineAt(text, line.end + 1);
    if (line.end - line.start > LONGEST_LINE) break;
    const values = cells(text, line, delimiter);
    if (values.length !== names.length) break;
    done.add(line.start);
    for (const [at, { start, end, said }] of values.entries())
      if (
        secret[at] !== undefined &&
        (looksLikePassword(said) ||
          (first && secret[at] === 'secret' && (isCell(said) || isQuotedPhrase(text, start, end))))
      )
        found.push({ start, end, why: nameSaid(names[at]?.said ?? '') });
  }
  return found;
}

/** Below a column that is called a password one word is one, but for what is said in its place. */
const isCell = (said: string): boolean =>
  /^[^\s<>{}[\]|*-][^\s<>{}[\]|]{4,127}$/.test(said) &&
  !isNoSecret(said) &&
  !/^[-*:.x_]+$|^\w+(?:\.\w+)+$|^(?:char|text|varchar|string|hashed|encrypted|masked|redacted|empty|blank|n\/a|same|value)\b/i.test(
    said,
  );

/** In a list of values in quotes: words with a digit or a mark among them, or at least four of them. */
function isQuotedPhrase(text: string, start: number, end: number): boolean {
  const said = text.slice(start, end);
  return (
    text[start - 1] === '"' &&
    text[end] === '"' &&
    /^\S+(?: \S+){1,5}$/.test(said) &&
    !isNoSecret(said) &&
    !/^(?:see|in|ask|same|as|use|stored|kept|from|reset|changed|set|not|no)\b/i.test(said) &&
    (/[\d!#$%&*@^~+=]/.test(said) || /^[a-z]{3,10}(?: [a-z]{3,10}){3,5}$/.test(said))
  );
}

const MOST_LINES = 50;

/** Under a name that heads deeper lines (YAML) their values that could be passwords. */
export function linesUnder(
  text: string,
  { text: name, start, end, kind }: { text: string; start: number; end: number; kind: NameKind },
): TextSpan[] {
  if ((kind !== 'secret' && kind !== 'auth') || !/^["']?:[ \t]*\r?\n/.test(text.slice(end, end + 12)))
    return [];
  const head = lineAt(text, start);
  const depth = /^[ \t]*(?:- )?/.exec(text.slice(head.start, start))?.[0].length ?? 0;
  if (head.start + depth < start - 1) return [];
  const found: TextSpan[] = [];
  let line = head;
  for (let at = 0; at < MOST_LINES && line.end < text.length; at += 1) {
    line = lineAt(text, line.end + 1);
    const said = text.slice(line.start, line.end);
    const value =
      /^([ \t]*)(?:- ["']?|["']?([\p{L}\p{N}_.-]{1,64})["']?:[ \t]+["']?)([^\s"']{6,128})["']?\s*$/u.exec(
        said,
      );
    if (said.search(/\S/) < depth || (said.trim() === '' && at > 0)) break;
    const [, blank = '', key = '', password = ''] = value ?? [];
    if (
      value === null ||
      blank.length + (said.trim().startsWith('- ') ? 1 : 0) <= depth ||
      !looksLikePassword(password) ||
      isOfLogin(key)
    )
      continue;
    const from = line.start + said.lastIndexOf(password);
    found.push({ start: from, end: from + password.length, why: nameSaid(name) });
  }
  return found;
}

const INSERT = /insert\s{1,8}into\s{1,8}[^\s(]{1,100}\s{0,8}\(([^()]{1,400})\)\s{0,8}values\s{0,8}(?=\()/gi;
const SQL_VALUE = /\s{0,8}(?:[NE]?'(?:[^'\n]|''){0,512}'|[^,()']{0,200}(?:\([^()]{0,100}\))?)\s{0,8}[,)]/y;
const MOST_VALUES = 400;

/** What a statement inserts into columns that name a secret. */
export function insertedSecrets(text: string): TextSpan[] {
  const found: TextSpan[] = [];
  for (const match of text.matchAll(INSERT)) {
    const names = (match[1] ?? '').split(',').map((name) => name.replace(/[\s"'`[\]]/g, ''));
    const kinds = names.map((name) => nameKind(name));
    if (kinds.every((kind) => kind === undefined)) continue;
    let at = (match.index ?? 0) + match[0].length + 1;
    for (let value = 0; value < MOST_VALUES; value += 1) {
      SQL_VALUE.lastIndex = at;
      const said = SQL_VALUE.exec(text)?.[0];
      if (said === undefined) break;
      const quoted = /'((?:[^'\n]|''){3,512})'/.exec(said);
      const column = value % names.length;
      const kind = kinds[column];
      const inserted = quoted?.[1] ?? '';
      if (
        kind !== undefined &&
        quoted !== null &&
        fitsKind(kind, inserted) &&
        !/^[a-z]+(?:\.[a-z]+)+$/.test(inserted)
      ) {
        const start = at + quoted.index + 1;
        found.push({ start, end: start + (quoted[1] ?? '').length, why: nameSaid(names[column] ?? '') });
      }
      at += said.length;
      if (!said.endsWith(')')) continue;
      const next = /^\s{0,8},\s{0,8}\(/.exec(text.slice(at, at + 24));
      if (next === null) break;
      at += next[0].length;
    }
  }
  return found;
}

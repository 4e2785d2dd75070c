import { isPlainly, mayAsk } from '../../harm/plain-statement.ts';
import { COMMENT } from '../../harm/sql-dialects.ts';
import { type Danger, dangersOf } from '../../harm/statement-dangers.ts';
import { type Statement, type Statements, statementsOf } from '../../harm/statements.ts';
import { TooMuch } from '../../harm/too-much.ts';
import type { Warning } from '../../harm/warning.ts';
import { stringOf } from '../../protocol/json/json-scan.ts';
import { kindOf } from '../../salience/kinds.ts';
import { inWords } from '../../text/in-words.ts';
import { isRightToLeft, type Tone } from '../../text/visible.ts';
import type { At } from './call-lines.ts';
import { bounded, type Picture } from './drawing.ts';
import { counted, ours, type PrettyLine, STEP, tonedText } from './lines.ts';

const MOST_STATEMENTS = 2_000;
/** Of a text that is a statement by its name alone: what SQL begins with. */
const BEGINS =
  /^(?:select|insert|update|delete|merge|drop|create|alter|truncate|grant|revoke|with|explain|begin|commit|rollback|start|set|show|copy|vacuum|analyze|call|exec|execute|do|declare|use|pragma|attach|detach|lock|replace|upsert|comment|reindex|refresh|values|table|describe|desc|load|kill|shutdown|savepoint|cluster|discard|prepare|if)\b/i;

const MOST_SEARCH = 64 * 1024;

/** SQL, cut into its statements; what each of them does is said before. */
export function statementView({ path, node, source }: At): Picture | undefined {
  if (node.kind !== 'string') return undefined;
  const text = stringOf(source, node);
  const sure = kindOf(path, text) === 'statement';
  if (!sure && !maySearch(path, text)) return undefined;
  bounded(text, isRightToLeft(text));
  const found = statementsOf(text);
  const { statements, code } = found;
  const begins = (part: string): boolean => BEGINS.test(part.replace(/^[\s(;]+/, ''));
  if (!statements.some(({ from, to }) => (sure ? begins : isPlainly)(code.slice(from, to)))) return undefined;
  if (statements.length > MOST_STATEMENTS) throw new TooMuch('it has more than 2,000 statements');
  const dangers = statements.map(({ from, to }) => dangersOf(code.slice(from, to), text.slice(from, to)));
  const tones = tonesOf(text, found, dangers);
  const lines = statements.flatMap((one, at) => statementLines({ text, tones, one }, at, statements.length));
  const many = statements.length > 1;
  return {
    name: 'statement',
    head: many
      ? counted(statements.length, 'statement')
      : `statement: ${inWords(statements[0]?.verb || 'no verb')}`,
    lines,
    changes: statements.some((one) => changesData(one, code)),
    warnings: [
      ...dangerWarnings(text, found, dangers),
      ...behindRead(text, found, dangers),
      ...shapeWarnings(found),
    ],
  };
}

function maySearch(path: readonly string[], text: string): boolean {
  return mayAsk(path) && text.length <= MOST_SEARCH && !isRightToLeft(text);
}

function tonesOf(
  text: string,
  { read, statements }: Statements,
  dangers: readonly Danger[][],
): (Tone | undefined)[] {
  const tones: (Tone | undefined)[] = new Array(text.length);
  for (let at = 0; at < text.length; at += 1) if (read.seen[at] === 1 << COMMENT) tones[at] = 'quiet';
  for (const [place, { from, to }] of statements.entries()) {
    const verb = /[A-Za-z]\w*/g;
    const code = text
      .slice(from, to)
      .replace(/[\s\S]/g, (letter, at: number) => (tones[from + at] === 'quiet' ? ' ' : letter));
    const first = verb.exec(code);
    if (first !== null) tones.fill('key', from + first.index, from + first.index + first[0].length);
    for (const { at, length, tone } of dangers[place] ?? []) tones.fill(tone, from + at, from + at + length);
  }
  return tones;
}

function statementLines(
  { text, tones, one }: { text: string; tones: (Tone | undefined)[]; one: Statement },
  at: number,
  many: number,
): PrettyLine[] {
  if (many === 1) return tonedText(text, tones, { ...one, indent: 0 });
  // A line break between two statements is ours already.
  const skipped = /^ *\n? */.exec(text.slice(one.from, one.to))?.[0].length ?? 0;
  const from = at === 0 ? one.from : one.from + skipped;
  return [
    ours(0, `statement ${at + 1} of ${many}: ${inWords(one.verb || 'no verb')}`, 'key'),
    ...tonedText(text, tones, { from, to: one.to, indent: STEP }),
  ];
}

const MOST_SAID = 6;

function dangerWarnings(text: string, { statements }: Statements, dangers: readonly Danger[][]): Warning[] {
  const many = statements.length > 1;
  const said = new Map<string, Warning>();
  for (const [place, { from, to }] of statements.entries()) {
    for (const { at, says, tone } of dangers[place] ?? []) {
      const which = many ? `Statement ${place + 1} of ${statements.length}` : 'The statement';
      const sentence = `${which} ${says}: ${inWords(text.slice(from + at, to))}`;
      if (!said.has(`${place} ${says}`)) said.set(`${place} ${says}`, { text: sentence, tone });
    }
  }
  const all = [...said.values()].sort((a, b) => Number(b.tone === 'danger') - Number(a.tone === 'danger'));
  if (all.length <= MOST_SAID) return all;
  const rest = all.length - MOST_SAID;
  return [...all.slice(0, MOST_SAID), { text: `${rest} more of the kind follow below.`, tone: 'danger' }];
}

const READS = /^(?:select|with … select|explain|explain … select|show|values|describe|desc)$/i;
/** What changes nothing by itself. */
const FRAMES = /^(?:|begin.*|commit|rollback|end|start.*|set|use)$/i;
/** Also within a statement that reads by its verb: WITH a AS (DELETE …) SELECT. */
const CHANGES =
  /\b(?:insert\s+into|delete\s+from|merge\s+into|update\s+(?:only\s+)?[^\s;()]{1,200}\s+(?:as\s+\w{1,60}\s+)?set)\b/i;

function changesData({ verb, from, to }: Statement, code: string): boolean {
  if (!READS.test(verb) && !FRAMES.test(verb)) return true;
  return CHANGES.test(code.slice(from, to));
}

/** A text that begins with what reads is taken for one that reads: the first of its statements that does not is named. */
function behindRead(text: string, { statements, code }: Statements, dangers: readonly Danger[][]): Warning[] {
  if (!READS.test(statements[0]?.verb ?? '')) return [];
  const place = statements.findIndex((one) => changesData(one, code));
  const found = statements[place];
  // What is said of it already names it.
  if (found === undefined || (dangers[place] ?? []).some(({ tone }) => tone === 'danger')) return [];
  const said = inWords(text.slice(found.from, found.to));
  return [
    {
      text: `${statements.length === 1 ? 'The statement' : `Statement ${place + 1} of ${statements.length}`} does more than read: ${said}`,
      tone: 'danger',
    },
  ];
}

function shapeWarnings({ statements, read }: Statements): Warning[] {
  const warnings: Warning[] = [];
  if (statements.length > 1) warnings.push({ text: `${verbList(statements)}.`, tone: 'warn' });
  if (read.disputed)
    warnings.push({
      text: 'Databases disagree about where a quote or comment in it ends: it is split wherever one of them would.',
      tone: 'danger',
    });
  if (read.open) warnings.push({ text: 'A quote or comment in it is not closed.', tone: 'warn' });
  return warnings;
}

/** `3 statements: SELECT, DROP TABLE, COMMIT`; of many, each verb with its count, the rarest first. */
function verbList(statements: readonly Statement[]): string {
  const verbs = statements.map(({ verb }) => (verb === '' ? 'no verb' : inWords(verb, 32)));
  const head = `${counted(statements.length, 'statement')}: `;
  if (verbs.length <= 8) return `${head}${verbs.join(', ')}`;
  const counts = new Map<string, number>();
  for (const verb of verbs) counts.set(verb, (counts.get(verb) ?? 0) + 1);
  const sorted = [...counts].sort((a, b) => a[1] - b[1]);
  const shown = sorted.slice(0, 12).map(([verb, many]) => `${many} ${verb}`);
  return `${head}${shown.join(', ')}${sorted.length > 12 ? ` and ${sorted.length - 12} other verbs` : ''}`;
}

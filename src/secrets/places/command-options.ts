import { base64Bytes } from '../../text/decoded.ts';
import { isNoSecret, isUnfilled } from '../names/fits-kind.ts';
import { looksChosen, looksMadeUp, looksStrong } from '../shapes/password-shape.ts';
import { isRandomWord } from '../shapes/random-words.ts';
import { isReference } from '../shapes/references.ts';
import type { TextSpan } from '../shapes/text-span.ts';
import { OPTIONS, type Option } from './command-table.ts';
import { Hints } from './hints.ts';
import type { Placed } from './placed.ts';
import { IN_COMMANDS } from './placed-table.ts';
import { insertedSecrets } from './table-cells.ts';
import { isPlace, valueAt } from './text-values.ts';
import { IN_SENTENCES } from './told-table.ts';

const EACH = OPTIONS.map((option) => ({ ...option, named: new RegExp(`^(?:${option.programs})$`) }));
const PROGRAM = new RegExp(
  `(?<![\\w.-])(${[...new Set(OPTIONS.map(({ programs }) => programs))].join('|')})(?:\\.exe)?(?=\\s)`,
  'g',
);
/** Up to what ends it in a shell. */
const ONE_COMMAND = /^(?:[^;|&\n"'\\]|&(?![&\s])|\\[\s\S]|"[^"\n]{0,400}"|'[^'\n]{0,400}'){0,600}/;
/** Of a command so much is searched for its options. */
const LONGEST = 600;

/** host:port:database:user:password, a line of .pgpass. */
const PGPASS = /^[\w.*-]{1,128}:(?:\d{1,5}|\*):[\w.*-]{1,64}:[\w.*@-]{1,64}:(?=[^\s:]{4,128}$)/gm;
const BASIC = /\bbasic\s{1,4}(?=[A-Za-z0-9+/]{8,512}={0,2}(?![\w.]))/gi;

/** Oracle's thin driver names a user and a password before the host. */
const ORACLE = /\bjdbc:oracle:\w{2,8}:[\w$#]{1,64}\/(?=[^\s@/]{3,128}@)/gi;
const WHY = 'password of a command';

const PLACES = [...IN_COMMANDS, ...IN_SENTENCES];
const HINTS = new Hints([...PLACES.flatMap(({ hints }) => hints), 'jdbc:oracle', 'insert', 'basic']);
const NEEDED = PLACES.map(({ hints }) => HINTS.placesOf(hints));

/** As `matchAll` without making the expression anew, which costs more than most texts. */
function eachMatch(pattern: RegExp, text: string, use: (match: RegExpExecArray) => void): void {
  pattern.lastIndex = 0;
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    const next = Math.max(pattern.lastIndex, match.index + 1);
    use(match);
    pattern.lastIndex = next;
  }
}

/** Passwords that a command, a statement or a file takes at a place instead of by a name. */
export function placedSecrets(text: string): TextSpan[] {
  const found: TextSpan[] = [];
  const done = new Map<string, number>();
  eachMatch(PROGRAM, text, (match) => {
    // A command that names its program again is one command.
    if (match.index < (done.get(match[1] ?? '') ?? 0)) return;
    done.set(match[1] ?? '', optionsOf(text, match, found));
  });
  const said = HINTS.in(text);
  for (const [at, place] of PLACES.entries()) {
    const needed = NEEDED[at]!;
    if (needed.length > 0 && !needed.some((hint) => said[hint] === 1)) continue;
    if (place.holds !== undefined && !text.includes(place.holds)) continue;
    eachMatch(place.before, text, (match) => take(text, match, found, place));
  }
  const has = (hint: string): boolean => said[HINTS.placesOf([hint])[0]!] === 1;
  if (has('jdbc:oracle'))
    for (const { index, 0: before } of text.matchAll(ORACLE)) {
      const start = index + before.length;
      found.push({ start, end: text.indexOf('@', start), why: 'password' });
    }
  const inserted = has('insert') ? insertedSecrets(text) : [];
  if (has('basic')) for (const match of text.matchAll(BASIC)) basic(text, match, found);
  if (text.includes(':'))
    for (const match of text.matchAll(PGPASS)) take(text, match, found, { why: 'password', as: 'likely' });
  return [...found, ...inserted];
}

/** By what was written of a program; a text may write it in many ways, so few are kept. */
const KEPT = 200;
const kept = new Map<string, typeof EACH>();

function optionsFor(program: string): typeof EACH {
  const known = kept.get(program);
  if (known !== undefined) return known;
  const options = EACH.filter(({ named }) => named.test(program));
  if (kept.size >= KEPT) kept.clear();
  kept.set(program, options);
  return options;
}

/** Gives where the command ends. */
function optionsOf(text: string, program: RegExpExecArray, found: TextSpan[]): number {
  const from = program.index + program[0].length;
  const rest = text.slice(from, from + LONGEST);
  const line = ONE_COMMAND.exec(rest)?.[0] ?? '';
  for (const { beside, before, ...option } of optionsFor(program[1] ?? '')) {
    if (beside?.test(line) === false) continue;
    for (const match of line.matchAll(before)) {
      const value = optionValue(text, from + match.index + match[0].length, option);
      if (value !== undefined) found.push(value);
    }
  }
  return from + line.length;
}

function optionValue(
  text: string,
  at: number,
  { login, cookies, likely, until }: Pick<Option, 'login' | 'cookies' | 'likely' | 'until'>,
): TextSpan | undefined {
  const value = valueAt(text, at, { kind: cookies === true ? 'secret' : 'text', wide: cookies !== true });
  if (value === undefined) return undefined;
  const { start } = value;
  const last = until === undefined ? -1 : text.slice(start, value.end).lastIndexOf(until);
  const end = last > 0 ? start + last : value.end;
  const said = text.slice(start, end);
  if (
    isComputed(said) ||
    said.length < 3 ||
    isUnfilled(said) ||
    isPlace(said) ||
    (login && /^\d+$/.test(said))
  )
    return undefined;
  if (likely && !looksMadeUp(said) && !isRandomWord(said)) return undefined;
  return { start, end, why: cookies ? 'cookie' : login ? 'credential' : WHY };
}

/** What a shell puts in its place is none. */
const isComputed = (said: string): boolean => /^\$[A-Za-z_{(]|^%\w+%$|^<|\$\(/.test(said);

function take(text: string, match: RegExpExecArray, found: TextSpan[], { why, as, until }: Taken): void {
  const at = match.index + match[0].length;
  const kind = as === 'digits' ? 'code' : 'text';
  const value = valueAt(text, at, { kind, wide: as !== 'any' });
  if (value === undefined) return;
  const { start, quoted } = value;
  const last = until === undefined ? -1 : text.slice(start, value.end).indexOf(until);
  const end = last > 0 ? start + last : value.end;
  const said = text.slice(start, end);
  if (isComputed(said) || isReference(said) || isPlace(said) || /^.{0,2}$/.test(said)) return;
  if (as !== 'phrase' && as !== 'digits' && as !== 'whole' && /\s/.test(said)) return;
  if (isTaken(said, quoted, as)) found.push({ start, end, why });
}

type Taken = Pick<Placed, 'why' | 'as' | 'until'>;

function isTaken(said: string, quoted: boolean, as: Placed['as']): boolean {
  switch (as) {
    case 'any':
      return !/^\d+$/.test(said) && !isNoSecret(said);
    case 'phrase':
      return quoted && /\S\s\S/.test(said) && !/^\s|[%(){}<>$]/.test(said);
    case 'piped':
      return /[^a-z]/.test(said) && !/^[./~\\$-]/.test(said);
    case 'digits':
      return /^\d[\d ]{3,8}$/.test(said);
    case 'chosen':
      return looksChosen(said.replace(/[.,;:!?)]$/, '')) || looksStrong(said);
    case 'whole':
      return quoted && said.length >= 8 && !isUnfilled(said) && (said.length >= 24 || !isNoSecret(said));
    case 'strong':
      return looksStrong(said);
    default:
      return (as === 'quoted' && quoted && !isNoSecret(said)) || looksMadeUp(said);
  }
}

/** HTTP's Basic (RFC 7617): it decodes to a name and a password, whatever word "basic" else begins. */
function basic(text: string, match: RegExpExecArray, found: TextSpan[]): void {
  const at = match.index + match[0].length;
  const word = /[A-Za-z0-9+/]{8,512}={0,2}/y;
  word.lastIndex = at;
  const said = word.exec(text)?.[0] ?? '';
  const login = String.fromCharCode(...(base64Bytes(said) ?? []));
  if (/^[^:\n]{1,128}:[^\n]{1,256}$/.test(login))
    found.push({ start: at, end: at + said.length, why: 'credential' });
}

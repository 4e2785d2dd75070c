import { keyBlocks } from './key-blocks.ts';
import { SECRET_FORMATS } from './secret-formats.ts';
import { namesSecret, nameWords } from './secret-names.ts';

/** A stretch of a text, in UTF-16 units, `end` exclusive. */
export interface TextSpan {
  start: number;
  end: number;
  why: string;
}

interface Formats {
  all: RegExp;
  each: { name: string; pattern: RegExp }[];
}

let formats: Formats | undefined;

/** Made when first needed: few calls need them, and every start would pay. */
function knownFormats(): Formats {
  // A token that is glued to other letters is none: a hash inside a longer one, an identifier.
  const alone = (pattern: string): string =>
    /^\[\?/.test(pattern) ? pattern : `(?<![A-Za-z0-9_-])(?:${pattern})`;
  formats ??= {
    all: new RegExp(SECRET_FORMATS.map(({ pattern }) => alone(pattern)).join('|'), 'g'),
    each: SECRET_FORMATS.map(({ name, pattern }) => ({ name, pattern: new RegExp(pattern, 'y') })),
  };
  return formats;
}

/** `PASSWORD=x`, `password: x`, `"token": "x"`, `?api_key=x`, `--secret x`. */
const ASSIGNMENT =
  /(?<![A-Za-z0-9_$])(--)?([A-Za-z][\w.-]{1,63})["']?(?:\s{0,4}(?:=>|[=:])\s{0,4}|(?<=--[\w-]{2,64}) {1,4})(?:["'`]([^"'`\n]{4,256})|([^\s"'`,;&]{4,512}))/g;
const AUTHORIZATION =
  /authorization["']?\s{0,4}[:=]\s{0,4}["']?(?:(?:bearer|basic|token|digest|apikey)\s{1,4})?([^\s"',;]{4,4096})/gi;
const BEARER = /\bbearer\s{1,4}([A-Za-z0-9._~+/=-]{16,4096})/gi;
const USER_AND_PASSWORD = /\s(?:-u|--user)[ =]{1,4}["']?[^\s:"']{1,64}:([^\s"']{3,256})/g;
/** One word of random letters; longer ones are contents, not keys. */
const RANDOM = /(?<![\w+=.-])[A-Za-z0-9+_-]{24,128}={0,2}(?![\w+=.-])/g;

/** What the expressions below need besides a long word: each of them holds one of these. */
const TELLING =
  /pass|pwd|secret|token|key|auth|cookie|credential|bearer|otp|cv[vc]|\bpin|dsn|connection|sig=|hooks|Private-Lines/i;
const MARKS = /:\/\/[^\s/]*@|-----BEGIN|-u |--user|A(?:KI|SI|BI|CC)A/;
/** Shorter words are no tokens. */
const LONG_WORD = 18;

/** By character: 1 for a digit, 2 for what else a token is made of, 0 for what ends one. */
const KINDS = new Uint8Array(128);
for (const letter of 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_-+')
  KINDS[letter.charCodeAt(0)] = 2;
for (const digit of '0123456789') KINDS[digit.charCodeAt(0)] = 1;

/** Whether a text holds a long word with a digit in it. By hand: an expression takes ten times as long. */
function hasLongWord(text: string): boolean {
  let length = 0;
  let digits = 0;
  for (let at = 0; at < text.length; at += 1) {
    const kind = KINDS[text.charCodeAt(at)] ?? 0;
    if (kind === 0) {
      length = 0;
      digits = 0;
    } else {
      length += 1;
      digits += kind & 1;
      if (length >= LONG_WORD && digits > 0) return true;
    }
  }
  return false;
}

/** Whether a text may hold a secret at all; cheap, for every call is asked this. */
export function mayHoldSecret(text: string): boolean {
  return TELLING.test(text) || MARKS.test(text) || hasLongWord(text);
}

/** Every secret in a text, sorted, none overlapping. `guess` also takes random-looking words for secrets. Linear. */
export function findInText(text: string, guess: boolean): TextSpan[] {
  if (!mayHoldSecret(text)) return [];
  const found: TextSpan[] = [];
  for (const match of text.matchAll(knownFormats().all)) found.push(formatSpan(text, match.index, match[0]));
  found.push(...keyBlocks(text));
  for (const match of text.matchAll(ASSIGNMENT)) assigned(match, found);
  for (const pattern of [AUTHORIZATION, BEARER, USER_AND_PASSWORD]) {
    for (const match of text.matchAll(pattern)) found.push(lastGroup(match, match[1] ?? '', 'credential'));
  }
  if (guess) {
    for (const match of text.matchAll(RANDOM)) {
      if (looksRandom(match[0])) found.push(lastGroup(match, match[0], 'possible secret'));
    }
  }
  return merged(found);
}

function formatSpan(text: string, start: number, whole: string): TextSpan {
  const kind = knownFormats().each.find(({ pattern }) => {
    pattern.lastIndex = start;
    return pattern.exec(text)?.[0] === whole;
  });
  const why = kind?.name ?? 'token';
  if (why !== 'password in an address') return { start, end: start + whole.length, why };
  // Who logs in where may be read; with what may not.
  const from = whole.indexOf(':', whole.indexOf('://') + 3) + 1;
  return { start: start + from, end: start + whole.length - 1, why };
}

/** The group stands at the end of the match. */
function lastGroup(match: RegExpExecArray | RegExpMatchArray, group: string, why: string): TextSpan {
  const end = (match.index ?? 0) + match[0].length;
  return { start: end - group.length, end, why };
}

/** What a program computes instead of what it knows: `token = getToken()`, `password: user.password`. */
const CODE =
  /[()[\]{}<>$]|^(?:[A-Za-z_$][\w$]*)(?:\.[A-Za-z_$][\w$]*)+$|^(?:true|false|null|undefined|none|string|required|optional)$/i;
const WORDS_ONLY = /^[A-Za-z]+[.!?]?$/;

/**
 * An address or a path under a secret's name says where a secret is, or where one goes: a person must read it. What
 * it holds of a secret is found in it.
 */
export function isPlace(text: string): boolean {
  return (
    /^[a-z][a-z0-9+.-]{0,20}:\/\/\S*$/i.test(text) || /^(?:~|\.{1,2})?(?:\/[\w.-]{1,40}){2,64}\/?$/.test(text)
  );
}

function assigned(match: RegExpExecArray, found: TextSpan[]): void {
  const [whole, dashes, name = '', quoted, bare = ''] = match;
  const value = quoted ?? bare;
  if (!namesSecret(name, value) || isPlace(value) || (quoted === undefined && isNoValue(whole, bare, dashes)))
    return;
  found.push(lastGroup(match, value, nameWords(name).join(' ')));
}

function isNoValue(whole: string, value: string, dashes: string | undefined): boolean {
  if (value.startsWith('//') || CODE.test(value)) return true;
  // "The password: please" is prose, and `token = next` is code; a value in such a place holds more than letters.
  return dashes === undefined && /:\s|\s=/.test(whole) && WORDS_ONLY.test(value);
}

/** Bits for each letter, by how often each occurs. */
function entropy(word: string): number {
  const counts = new Map<string, number>();
  for (const letter of word) counts.set(letter, (counts.get(letter) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / word.length) * Math.log2(count / word.length);
  return bits;
}

/** Random letters mix their kinds; names, paths and identifiers are made of words. */
function looksRandom(word: string): boolean {
  if (!/[a-z]/.test(word) || !/[A-Z]/.test(word)) return false;
  const digits = word.match(/\d+/g)?.length ?? 0;
  const capitals = word.match(/[A-Z]+/g)?.length ?? 0;
  if (digits < 3 || capitals < 3 || /[/_-][A-Za-z]{0,12}[/_-]/.test(word)) return false;
  if (/[a-z]{7}/.test(word)) return false;
  return entropy(word) > 4;
}

function merged(found: TextSpan[]): TextSpan[] {
  const sorted = found
    .filter(({ start, end }) => end > start)
    .sort((a, b) => a.start - b.start || b.end - a.end);
  const kept: TextSpan[] = [];
  for (const span of sorted) {
    const last = kept.at(-1);
    if (last === undefined || span.start >= last.end) kept.push({ ...span });
    else last.end = Math.max(last.end, span.end);
  }
  return kept;
}

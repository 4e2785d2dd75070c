import { isNoSecret } from '../names/fits-kind.ts';
import { looksMadeUp } from '../shapes/password-shape.ts';
import type { TextSpan } from '../shapes/text-span.ts';
import { TAKINGS, type Taking } from './call-table.ts';

const LONGEST_NAME = 41;
const ARGUMENT =
  /\s{0,40}(?:(?:@|N|L|b|r|u8?|f|new\s)?(["'`])((?:[^"'`\\\n]|\\[^\n]|(?!\1)["'`]){0,300})\1|\{[^{}\n]{0,160}\}|\[[^[\]\n]{0,160}\]|[^,()"'`{}[\]\n]{0,120}(?:(?:\([^()\n]{0,120}\)|\[[^()[\]\n]{0,40}\])[^,()"'`\n]{0,40})?)\s{0,40}([,)])/y;
/** A text within what makes bytes, an option or a secret of it: `Buffer.from('…', 'hex')`, `Some("…")`, `"…".getBytes()`. */
const WRAPPED =
  /\s{0,40}(?:new\s)?(?:(?:Buffer\.from|Some|String::from|Secret(?:String|Str)?(?:::new|::from)?|bytes\.fromhex|hex::decode|(?:base64\.)?b64decode|\[\]byte|Encoding\.\w{4,7}\.GetBytes|Convert\.FromBase64String|bytes|bytearray|TextEncoder\(\)\.encode|utf8\.encode|atob|hexToBytes|CryptoJS\.enc\.\w{3,9}\.parse|createSecretKey)\(\s{0,4}b?(["'`])((?:[^"'`\\\n]|\\[^\n]|(?!\1)["'`]){0,300})\1(?:\s{0,4},\s{0,4}["']?[\w-]{1,12}["']?)?\s{0,4}\)|(?:b|u8?)?(["'])((?:[^"'\\\n]|\\[^\n]|(?!\3)["']){0,300})\3(?:\.(?:encode|getBytes|toCharArray|to_string|to_owned|into|as_bytes|toByteArray|bytes|data|utf8)(?:\([^()\n]{0,40}\))?))\s{0,40}([,)])/y;
const MOST_ARGUMENTS = 8;
const MOST_CALLS = 400;

interface Argument {
  start: number;
  /** Undefined for what is no text in quotes. */
  said: string | undefined;
}

function argumentsAt(text: string, from: number): Argument[] {
  const found: Argument[] = [];
  let at = from;
  while (found.length < MOST_ARGUMENTS) {
    WRAPPED.lastIndex = at;
    ARGUMENT.lastIndex = at;
    const wrapped = WRAPPED.exec(text);
    const match = wrapped ?? ARGUMENT.exec(text);
    if (match === null) break;
    const quote = match[1] ?? (wrapped === null ? undefined : match[3]);
    const said = quote === undefined ? undefined : (match[2] ?? match[4] ?? '');
    found.push({ start: said === undefined ? at : text.indexOf(quote ?? '', at) + 1, said });
    at += match[0].length;
    if (match[0].endsWith(')')) break;
  }
  return found;
}

/** Who logs in: an address of mail. */
const LOGIN = /^[\w.+-]{1,64}@[\w-]{1,64}\.[\w.-]{1,64}$/;
const WORDS_ONLY = /^[a-z]+(?:[-_ :/.][a-z]+)*$/i;

/** Several words: a passphrase, where nothing else stands. */
const PHRASE = /^[^\s%{}<>]+(?: [^\s%{}<>]+){1,7}$/;

function isTaken(said: string, sure: boolean): boolean {
  const bare = said.replace(/^\{\w{1,12}\}/, '');
  if (bare.length < 4 || /^\$|\$\{|\{\w*\}|^%|:\/\//.test(bare) || isNoSecret(bare)) return false;
  if (/\s/.test(bare)) return sure && PHRASE.test(bare);
  if (sure)
    return !/^(?:utf-?8|localhost|\d+|null|none|sha-?\d{1,3}|md5|hex|base64|ascii|latin1|(?:aes|des|rsa)-[\w-]{1,24})$/i.test(
      bare,
    );
  return looksMadeUp(bare) && !WORDS_ONLY.test(bare);
}

/** By what functions were called; a text may name many, so few are kept. */
const KEPT = 2_000;
const kept = new Map<string, readonly Taking[]>();

function takingsOf(name: string): readonly Taking[] {
  const known = kept.get(name);
  if (known !== undefined) return known;
  const takings = TAKINGS.filter(({ call }) => call.test(name));
  if (kept.size >= KEPT) kept.clear();
  kept.set(name, takings);
  return takings;
}

const isLetter = (code: number): boolean =>
  (code >= 0x61 && code <= 0x7a) ||
  (code >= 0x41 && code <= 0x5a) ||
  (code >= 0x30 && code <= 0x39) ||
  code === 0x5f;

/** Where the name of what is called at a bracket begins and ends; undefined: nothing is called there. */
function nameBefore(text: string, bracket: number): { start: number; end: number } | undefined {
  const end = /\s/.test(text[bracket - 1] ?? '') ? bracket - 1 : bracket;
  let start = end;
  while (start > 0 && end - start <= LONGEST_NAME && isLetter(text.charCodeAt(start - 1))) start -= 1;
  const length = end - start;
  return length < 2 || length > LONGEST_NAME || text[start - 1] === '$' ? undefined : { start, end };
}

/** So much before a name tells what it is a function of. */
const REACH = 40;

/** Passwords and keys that a call in source code is given at a place: `mysqli('host', 'user', '…')`. Linear. */
export function givenToCalls(text: string): TextSpan[] {
  const found: TextSpan[] = [];
  let calls = 0;
  for (let at = text.indexOf('('); at !== -1 && calls <= MOST_CALLS; at = text.indexOf('(', at + 1)) {
    const name = nameBefore(text, at);
    const takings = name === undefined ? [] : takingsOf(text.slice(name.start, name.end));
    if (name === undefined || takings.length === 0) continue;
    const before = text.slice(Math.max(0, name.start - REACH), name.start);
    const meant = takings.filter(({ of }) => of === undefined || of.test(before));
    if (meant.length === 0) continue;
    calls += 1;
    taken(text, at + 1, meant, found);
  }
  return found;
}

function taken(text: string, from: number, takings: readonly Taking[], found: TextSpan[]): void {
  const given = argumentsAt(text, from);
  const mail = given.findIndex(({ said }) => LOGIN.test(said ?? ''));
  for (const { at: usual, least, sure } of takings) {
    const at = usual === 1 && mail > 0 ? mail + 1 : usual;
    const said = given[at]?.said;
    if (said === undefined || given.length < least || (at === 0 && sure !== true && given.length > 2))
      continue;
    const start = given[at]?.start ?? 0;
    const login = mail !== -1 && at === mail + 1;
    if (isTaken(said, sure === true || login))
      found.push({ start, end: start + said.length, why: 'password of a call' });
  }
}

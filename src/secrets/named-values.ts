import type { TextSpan } from './find-in-text.ts';
import { fitsKind, isNoSecret } from './fits-kind.ts';
import { NOTATIONS } from './notations.ts';
import { looksLikePassword, looksMadeUp } from './password-shape.ts';
import { isOfWords, isRandomWord } from './random-words.ts';
import { isReference } from './references.ts';
import { kindOfName, type NameKind, nameSaid } from './secret-names.ts';
import { nextStem } from './stems.ts';
import { cellsUnder, linesUnder } from './table-cells.ts';
import { isPlace, type TextValue, valueAt } from './text-values.ts';
import { toldAfter } from './told-lines.ts';

const LONGEST_NAME = 64;
/** Chinese, Japanese and Korean say `is` without a space: 是 为 為 は が 는 은. */
const PARTICLES = new Set([0x662f, 0x4e3a, 0x70ba, 0x306f, 0x304c, 0xb294, 0xc740]);
/** Letters, digits and what joins them in a name; all letters beyond ASCII. */
function isOfName(code: number): boolean {
  if (code >= 0x80)
    return (
      code !== 0xa0 &&
      code !== 0xab &&
      code !== 0xbb &&
      (code < 0x2000 || code > 0x206f) &&
      (code < 0x3000 || code > 0x3020) &&
      !(code >= 0xff01 && code <= 0xff0f) &&
      code !== 0xff1a &&
      !PARTICLES.has(code)
    );
  return (
    (code >= 0x61 && code <= 0x7a) ||
    (code >= 0x41 && code <= 0x5a) ||
    (code >= 0x30 && code <= 0x39) ||
    code === 0x5f ||
    code === 0x2d ||
    code === 0x2e
  );
}

/** Passes that open no computer. */
const OTHER_PASS = /\b(?:boarding|season|ski|day|bus|train|press|hall|guest|mountain|park)[ -]$/i;
/** What several words may end in that name a secret together. */
const LAST_WORD =
  /^(?:keys?|tokens?|codes?|phrase|words|passe|secret[ao]|segreta|sandi|kh.{1,3}u|number|card|المرور|السر)$/i;
const WORDS_BEFORE = /(?:[\p{L}\p{M}\p{N}]{2,16} ){1,3}$/u;

/** A name in a text and what stands around it. */
interface Name {
  text: string;
  start: number;
  end: number;
  kind: NameKind;
}

/** Secrets that a name before them tells, in all notations that have names: assignments, markup, options, tables. */
export function namedValues(text: string): TextSpan[] {
  const found: TextSpan[] = [];
  const kinds = new Map<string, NameKind | null>();
  const tables = new Set<number>();
  let from = 0;
  for (let stem = nextStem(text, 0); stem !== undefined; stem = nextStem(text, from)) {
    from = stem.end;
    const name = nameAround(text, stem.start, stem.end, kinds);
    if (name === undefined) continue;
    from = name.end;
    const value = namedValue(text, name);
    if (value !== undefined) found.push({ ...value, why: nameSaid(name.text) });
    else found.push(...cellsUnder(text, name, tables), ...linesUnder(text, name), ...told(text, name));
  }
  return found;
}

/** In a sentence, further behind the word for it. */
function told(text: string, name: Name): TextSpan[] {
  if (name.kind !== 'secret' && name.kind !== 'pass' && name.kind !== 'pin') return [];
  if (/^["'`\])]{0,2}[=(]|^["'`]/.test(text.slice(name.end, name.end + 3))) return [];
  const span = toldAfter(text, name);
  return span === undefined ? [] : [span];
}

const UNSPACED = /[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]/;

/** In scripts without spaces the word goes on into the next one: `口令改成`. */
function unspacedEnd(
  text: string,
  { start, from, to }: { start: number; from: number; to: number },
  kinds: Map<string, NameKind | null>,
): number {
  for (let end = to; end >= from; end -= 1) {
    const name = text.slice(start, end);
    const kind = kinds.get(name) ?? kindOfName(name) ?? null;
    kinds.set(name, kind);
    if (kind !== null) return end;
  }
  return to;
}

function nameAround(
  text: string,
  from: number,
  to: number,
  kinds: Map<string, NameKind | null>,
): Name | undefined {
  let [start, end] = [from, to];
  while (start > 0 && from - start < LONGEST_NAME && isOfName(text.charCodeAt(start - 1))) start -= 1;
  while (end < text.length && end - from < LONGEST_NAME && isOfName(text.charCodeAt(end))) end += 1;
  while (start < from && (text[start] === '-' || text[start] === '.')) start += 1;
  while (end > to && (text[end - 1] === '.' || text[end - 1] === '-')) end -= 1;
  if (UNSPACED.test(text.slice(from, to))) end = unspacedEnd(text, { start, from: to, to: end }, kinds);
  if (end >= text.length) return undefined;
  const name = text.slice(start, end);
  if (name.length > 32 && isRandomWord(name)) return undefined;
  let kind = kinds.get(name);
  if (kind === undefined) {
    kind = kindOfName(name) ?? null;
    kinds.set(name, kind);
  }
  if (kind === 'pass' && OTHER_PASS.test(text.slice(Math.max(0, start - 12), start))) return undefined;
  if (kind !== null && kind !== 'token') return { text: name, start, end, kind };
  // `API key: …`, `seed phrase: …`: a name of several words.
  const before = LAST_WORD.test(name)
    ? WORDS_BEFORE.exec(text.slice(Math.max(0, start - 40), start))?.[0]
    : undefined;
  const longer = before === undefined ? undefined : kindOfName(`${before}${name}`);
  if (longer !== undefined) return { text: `${before}${name}`, start, end, kind: longer };
  if (isKeyAlone(text, name, start, end)) return { text: name, start, end, kind: 'key' };
  return kind === null ? undefined : { text: name, start, end, kind };
}

/** `?key=…`, `#code=…`, and `key = …` on a line of its own: words that say more with the letters that follow. */
function isKeyAlone(text: string, name: string, start: number, end: number): boolean {
  const before = text.slice(Math.max(0, start - 12), start);
  if (/^(?:key|code|appid|[\w-]{0,12}signature|sig)$/i.test(name) && /[?&#]$/.test(before))
    return text[end] === '=';
  if (/^key$/i.test(name) && /^"\s?:\s?"[\w+/-]{32,128}={0,2}"/.test(text.slice(end, end + 140))) return true;
  return (
    name === 'key' &&
    /(?:^|\n)[ \t]*$/.test(before) &&
    /^[ \t]*=[ \t]*["']?[\w+/=-]{0,60}[g-zG-Z]/.test(text.slice(end, end + 72))
  );
}

const BEFORE = 12;
const SCHEME = /(?:(?:bearer|basic|token|digest|apikey|negotiate)[ \t]{1,4})/iy;
const NETRC = /(?:^|\n)[ \t]*(?:machine[ \t]+[\w.-]+|default)\s[\s\S]{0,160}$/;

function namedValue(text: string, name: Name): TextValue | undefined {
  const before = text.slice(Math.max(0, name.start - BEFORE), name.start);
  for (const { after, sure, before: wanted, markup, quoted, line } of NOTATIONS) {
    if (wanted !== undefined && !wanted.test(before)) continue;
    after.lastIndex = name.end;
    if (!after.test(text)) continue;
    let from = after.lastIndex;
    SCHEME.lastIndex = from;
    if (sure && SCHEME.test(text)) from = SCHEME.lastIndex;
    const value = valueAt(text, from, { kind: name.kind, markup, wide: true });
    if (value === undefined || (quoted === true && !value.quoted)) return undefined;
    if (line === true && !endsLine(text, value)) return undefined;
    if (before.endsWith('$') && !/=/.test(text.slice(name.end, value.start))) return undefined;
    return isValue(text, name, value, sure) ? value : undefined;
  }
  return undefined;
}

/** .netrc names its values by a space alone, in lines that begin with a machine. */
function isNetrc(text: string, name: Name, written: string): boolean {
  return /^[ \t]+$/.test(written) && NETRC.test(text.slice(Math.max(0, name.start - 240), name.start));
}

/** `requirepass x`, a line of its own. */
function isDirective(text: string, name: Name, value: TextValue): boolean {
  return (
    /(?:^|\n)[ \t]*$/.test(text.slice(Math.max(0, name.start - 40), name.start)) && endsLine(text, value)
  );
}

function endsLine(text: string, { end }: TextValue): boolean {
  return /^["']?[ \t]*(?:\r?\n|$)/.test(text.slice(end, end + 8));
}

/** What a program computes instead of what it knows: `token = getToken()`, `password: user.password`. */
const CODE =
  /^![A-Z]\w+$|^\$[A-Za-z_{(]|\$[({]|^%\w+%$|^[A-Za-z_$][\w$]*(?:\??\.[A-Za-z_$][\w$]*)+$|^[$&*]?[A-Za-z_]\w*(?:::\w+)+$/;
const TYPE = /^[A-Z][a-z]+\d{0,3}(?:[A-Z][a-z]+\d?)+$/;
const WORDS_ONLY = /^[\p{L}\p{M}_]+[.!?]?$/u;

function isValue(text: string, name: Name, value: TextValue, sure: boolean): boolean {
  const said = text.slice(value.start, value.end);
  if (value.quoted && /^\s|^\.\$|\[$/.test(said)) return false;
  if (/cookie\d*s?$/i.test(name.text) && !/(?:^|=)[^;=]{7}/.test(said)) return false;
  if (said.startsWith('--') && text[name.start - 1] === '-') return false;
  if (isTemplate(text, name)) return false;
  if (isPlace(said) || isReference(said) || !fitsKind(name.kind, said)) return false;
  // In quotes behind an option it may be a password all the same; then it must be revealed before anybody approves it.
  const option = value.quoted && text[name.start - 1] === '-' && text[value.start - 1] !== '`';
  if (/\$\{|\$\(/.test(said) && !option) return false;
  // In a shell, what stands between such quotes is a command.
  if (text[value.start - 1] === '`' && !looksLikePassword(said)) return false;
  if (/^\s?\(/.test(text.slice(value.end, value.end + 2)) && !value.quoted) return false;
  const written = text.slice(name.end, value.start);
  if (!sure)
    return (
      isNetrc(text, name, written) ||
      isSpoken(name, said, value.quoted || /[^\s"'`»”]/.test(written) || isDirective(text, name, value))
    );
  if (value.quoted) return said.length >= 3 || name.kind !== 'secret';
  if (said.length < 4 && name.kind === 'secret' && !/^\d{3}$/.test(said)) return false;
  const variable = /^[A-Z][A-Z0-9_]{3,}$/.test(name.text) && /PASS|PWD|PW$/.test(name.text);
  const shell = variable && written === '=' && !/^[$&*]/.test(said);
  if ((!shell && CODE.test(said)) || said.startsWith('//') || /[([]/.test(text[value.end] ?? ''))
    return false;
  // "The password: please" is prose, and `token = next` is code; a value in such a place holds more than letters.
  if (
    !(written === '=' && /\d/.test(said)) &&
    TYPE.test(said) &&
    /^\s{0,4}[|)<;,=]/.test(text.slice(value.end, value.end + 6))
  )
    return false;
  if (/[A-Za-z]:$/.test(said)) return false;
  const chosen = /^[a-z]{5,24}$/.test(said) && (variable || isBesideLogin(text, name, value));
  return !(!/^=$/.test(written) && !chosen && WORDS_ONLY.test(said)) && !isNoSecret(said);
}

/** `{{ .Values.secret.key | b64enc }}`: a program fills it in. */
function isTemplate(text: string, name: Name): boolean {
  const before = text.slice(Math.max(0, name.start - 80), name.start);
  return /\{\{[^{}\n]*$/.test(before);
}

/** "login: media@example.org / password: jazzhands", the end of its line. */
function isBesideLogin(text: string, name: Name, value: TextValue): boolean {
  const before =
    text
      .slice(Math.max(0, name.start - 70), name.start)
      .split('\n')
      .at(-1) ?? '';
  return (
    /(?:@[\w-]{1,40}\.[\w.]{2,20}|\b(?:user(?:name)?|login|benutzer(?:name)?|usuario|utilisateur|account)\b\s{0,2}[:=]\s{0,2}\S{2,40})[\s,;/|]{1,4}(?:and )?$/i.test(
      before,
    ) && /^["'.)]{0,2}[ \t]*(?:\r?\n|$)/.test(text.slice(value.end, value.end + 8))
  );
}

function isSpoken({ kind, text }: Name, said: string, told: boolean): boolean {
  if (kind === 'code') return true;
  if (kind === 'pin') return text === 'PIN' || told;
  if (kind === 'card' || kind === 'text') return kind === 'card';
  if (kind === 'secret' && /^otp|otp$|cv[vc]\d?$/i.test(text) && /^\d{3,8}\b/.test(said)) return true;
  if (/^[\w.]*(?:pass|token|secret|key)[\w]*$/i.test(said) && kindOfName(said) !== undefined) return false;
  const bare = said.replace(/[.!?]$/, '');
  if (/^\w*_\w*$/.test(bare) && bare.length >= 12 && isOfWords(bare) && !(told && /\d/.test(bare)))
    return false;
  if (!looksMadeUp(bare) || (!told && !/^[A-Za-z0-9]/.test(bare))) return false;
  return (
    told ||
    (kind === 'secret' && bare.length >= 8 && /\d.*\d|[^\w.-]/.test(bare)) ||
    (bare.length >= 12 && kind !== 'pass')
  );
}

import { fitsKind, isNoSecret, RUN_TOGETHER } from '../names/fits-kind.ts';
import { kindOfName } from '../names/secret-names.ts';
import { looksLikePassword, looksMadeUp } from '../shapes/password-shape.ts';
import { isOfWords } from '../shapes/random-words.ts';
import { isReference } from '../shapes/references.ts';
import type { Name } from './names-in-text.ts';
import { NOTATIONS } from './notations.ts';
import { isPlace, type TextValue, valueAt } from './text-values.ts';

const BEFORE = 24;
const SCHEME = /(?:(?:bearer|basic|token|digest|apikey|negotiate)[ \t]{1,4})/iy;
const NETRC = /(?:^|\n)[ \t]*(?:machine[ \t]+[\w.-]+|default)\s[\s\S]{0,160}$/;

/** The value that a notation gives a name, where it is a secret's. */
export function namedValue(text: string, name: Name): TextValue | undefined {
  const before = text.slice(Math.max(0, name.start - BEFORE), name.start);
  for (const { after, sure, before: wanted, markup, quoted, line } of NOTATIONS) {
    if (wanted !== undefined && !wanted.test(before)) continue;
    after.lastIndex = name.end;
    if (!after.test(text)) continue;
    let from = after.lastIndex;
    SCHEME.lastIndex = from;
    if (sure && SCHEME.test(text)) from = SCHEME.lastIndex;
    const value = valueAt(text, from, { kind: name.kind, markup, wide: !isGenerated(name.kind) });
    if (value === undefined || (quoted === true && !value.quoted)) return undefined;
    if (line === true && !endsLine(text, value)) return undefined;
    if (/\$\{?$/.test(before) && !/=/.test(text.slice(name.end, value.start))) return undefined;
    return isValue(text, name, value, sure) ? value : undefined;
  }
  return undefined;
}

/** Of such kinds a value is what a program made, of letters and digits: no mark goes on with it. */
const isGenerated = (kind: Name['kind']): boolean => kind === 'key' || kind === 'sid' || kind === 'code';

/** .netrc names its values by a space alone, in lines that begin with a machine. */
function isNetrc(text: string, name: Name, written: string): boolean {
  return /^[ \t]+$/.test(written) && NETRC.test(text.slice(Math.max(0, name.start - 240), name.start));
}

/** `requirepass x`, a line of its own. */
function isDirective(text: string, name: Name, value: TextValue): boolean {
  return (
    /(?:^|\n)[+-]?[ \t]*$/.test(text.slice(Math.max(0, name.start - 40), name.start)) && endsLine(text, value)
  );
}

function endsLine(text: string, { end }: TextValue): boolean {
  return /^["']?[ \t]*(?:\r?\n|$)/.test(text.slice(end, end + 8));
}

/** What a program computes instead of what it knows: `token = getToken()`, `password: user.password`. */
const CODE =
  /^![A-Z]\w+$|^\$[A-Za-z_{(]|\$[({]|^%\w+%$|^[A-Za-z_$][\w$]*(?:\??\.[A-Za-z_$][\w$]*)+$|^[$&*]?[A-Za-z_]\w*(?:::\w+)+$/;
/** What is looked for (`s/PASSWORD=.*\/…`), and what small code says for true and false. */
const PATTERN = /^(?:\.[*+]|\[\^|\\[SwWdD][*+{])|^!\d(?![\w!@#$%^&*-])/;
const TYPE = /^[A-Z][a-z]+\d{0,3}(?:[A-Z][a-z]+\d?)+$/;
const WORDS_ONLY = /^[\p{L}\p{M}_]+[.!?]?$/u;

const kindFor = (text: string, name: Name, value: TextValue): Name['kind'] =>
  name.kind === 'pass' && value.quoted && isInLogin(text, name) ? 'secret' : name.kind;

function isValue(text: string, name: Name, value: TextValue, sure: boolean): boolean {
  const said = text.slice(value.start, value.end);
  if (value.quoted && /^\s|^\.\$|\[$/.test(said)) return false;
  if (/cookie\d*s?$/i.test(name.text) && !/(?:^|=)[^;=]{7}/.test(said.replace(TO_FILL_IN, ''))) return false;
  if (said.startsWith('--') && text[name.start - 1] === '-') return false;
  if (isTemplate(text, name)) return false;
  if (/^(?:old)?pwd$/i.test(name.text) && /^(?:\/|~|[A-Za-z]:)/.test(said)) return false;
  if (
    /\|/.test(text.slice(name.end, value.start)) &&
    /[(|]$/.test(text.slice(Math.max(0, name.start - 1), name.start))
  )
    return false;
  if (isPlace(said) || isReference(said) || PATTERN.test(said) || isOfResource(text, name)) return false;
  if (!fitsKind(kindFor(text, name, value), said)) return false;
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
      (value.quoted && isDirective(text, name, value) && !/\s/.test(said)) ||
      isSpoken(
        name,
        said,
        value.quoted ||
          /[^\s"'`»”]/.test(written) ||
          isDirective(text, name, value) ||
          isAside(text, name, value) ||
          isBesideLogin(text, name, value),
      )
    );
  if (value.quoted) return said.length >= 3 || name.kind !== 'secret';
  return isBareValue(text, name, value, written);
}

/** Without quotes it may as well be a program's words. */
function isBareValue(text: string, name: Name, value: TextValue, written: string): boolean {
  const said = text.slice(value.start, value.end);
  if (said.length < 4 && name.kind === 'secret' && !/^\d{3}$/.test(said)) return false;
  const variable = /^[A-Z][A-Z0-9_]{3,}$/.test(name.text) && /PASS|PWD|PW$/.test(name.text);
  const alone =
    /(?:^|\n)[ \t]*$/.test(text.slice(Math.max(0, name.start - 40), name.start)) && endsLine(text, value);
  const shell =
    ((variable || alone) && written === '=' && !/^[$&*]/.test(said)) || isDotted(text, name, said);
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
  const word = /^[a-z]{5,24}$/.test(said) && (variable || isBesideLogin(text, name, value));
  return (
    !(!/^=$/.test(written) && !word && !RUN_TOGETHER.test(said) && WORDS_ONLY.test(said)) && !isNoSecret(said)
  );
}

/** Behind an option nothing is computed by a dot: `--token ab12cd.0123456789abcdef`. */
const isDotted = (text: string, name: Name, said: string): boolean =>
  text[name.start - 1] === '-' && /^\w{4,64}\.(?=\w{0,60}\d)\w{12,64}$/.test(said);

/** `Set-Cookie: sid=<value>` */
const TO_FILL_IN = /[\w.%-]{1,64}=(?:<[^<>]{1,40}>|\{[^{}]{1,40}\}|\[[^[\]]{1,40}\])(?:;|$)/g;

/** `arn:aws:secretsmanager:eu-west-1:1234:secret:prod/db`: the name of what holds one. */
const isOfResource = (text: string, name: Name): boolean =>
  /\barn:[\w-]{1,20}:[\w:-]{1,60}:$/.test(text.slice(Math.max(0, name.start - 90), name.start));

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

/** `{ user: 'ada', pass: '…' }`: beside who logs in, with the next one. */
const isInLogin = (text: string, name: Name): boolean =>
  /(?:^|[\s{(,"'])["']?(?:user(?:_?name)?|login|uid|email)["']?\s{0,2}(?::|=>?)\s{0,2}["'][^"'\n]{1,64}["']\s{0,4}[,;]\s{0,24}["']?$/i.test(
    text.slice(Math.max(0, name.start - 110), name.start),
  );

/** "(pw …)", "[pass …]": nothing else stands in the brackets. */
const isAside = (text: string, name: Name, value: TextValue): boolean =>
  /[([]$/.test(text.slice(Math.max(0, name.start - 1), name.start)) &&
  /^[)\]]/.test(text.slice(value.end, value.end + 1));

function isSpoken({ kind, text }: Name, said: string, told: boolean): boolean {
  if (kind === 'code') return true;
  if (kind === 'pin') return text === 'PIN' || told;
  if (kind === 'card' || kind === 'text') return kind === 'card';
  if (kind === 'secret' && /^otp|otp$|cv[vc]\d?$/i.test(text) && /^\d{3,8}\b/.test(said)) return true;
  if (/^[\w.]*(?:pass|token|secret|key)[\w]*$/i.test(said) && kindOfName(said) !== undefined) return false;
  const bare = said.replace(/[.!?]$|\*{1,2}:?$/, '');
  if (/^\w*_\w*$/.test(bare) && bare.length >= 12 && isOfWords(bare) && !(told && /\d/.test(bare)))
    return false;
  if (!looksMadeUp(bare) || (!told && !/^[A-Za-z0-9]/.test(bare))) return false;
  return (
    told ||
    (kind === 'secret' && bare.length >= 8 && /\d.*\d|[^\w.-]/.test(bare)) ||
    (bare.length >= 12 && kind !== 'pass')
  );
}

import { isOneWord, loginIn, looksLikePassword } from '../shapes/password-shape.ts';
import { isRandomWord } from '../shapes/random-words.ts';
import { SECRETS } from './name-lists.ts';
import { isWordForSecret, type NameKind, nameKind, nameWords } from './secret-names.ts';

/** Whether a value under this name is a secret, whatever it looks like. */
export function namesSecret(name: string, value: string): boolean {
  const kind = nameKind(name);
  return kind !== undefined && fitsKind(kind, value);
}

/** What is said instead of a secret: kinds of values, or a word for the secret itself in some language. */
const NO_VALUE =
  /^(?:true|false|null|undefined|none|string\??|text|str|any|object|password|hidden|required|optional|varchar|yes|no|include|omit|same-origin|read|write|admin|inherit|new-object|u?int\d*|float\d*|bytes|buffer|uint8array|arraybuffer)$/i;
/** Of a pair of keys the public one; versions of packages that are named after what they do. */
const PUBLIC_VALUE =
  /^(?:(?:ssh-\w{2,10}|ecdsa-sha2-\w{1,20}|sk-ssh-\S{1,40}) AAAA|-----BEGIN (?:[A-Z0-9]{1,20} ){0,3}(?:CERTIFICATE|PUBLIC KEY)|[~^<>=v ]{0,3}\d{1,6}(?:\.\d{1,6}){1,3}(?:[-+][\w.-]{1,40})?$)/;
const PLACEHOLDER =
  /^(?:your|insert|enter|replace|change|example)[-_ ]?(?:me|this|your|an?|the|api|access|secret|pass\w*|token|key|here)?(?:[-_ ][a-z]+){0,4}[/;,.]?$/i;
/** Words and what parts them, no more: a label, a sentence. */
const LABEL = /^[\p{L}\p{M}_'’ ?!.:,…()（）-]+$/u;
/** What a form says of a value: "is required", "must be longer"; it speaks of values, or of what they must have. */
const COMPLAINT =
  /^(?=\S+ .*\b(?:required|missing|short|long|longer|weak|simple|common|match|matches|blank|empty|valid|invalid|wrong|incorrect|characters?|letters?|numbers?|digits?|symbols?|words?|pass\w*|secrets?|tokens?|keys?|codes?|pin|values?|fields?|e-?mails?|names?|enter\w*|provided?|choose|include|contain|change|reset|set|use|used|have|be|least|most|supported|allowed|expired|taken|exist|same|different|again|none|null|nil|login|secure|strong\w*|differ\w*|compromised|breached|leaked|usernames?|start\w*|end\w*|spaces?|whitespace|uppercase|lowercase|upper|lower|capital|special|unique|identical|equal|confirmed|updated|filled|present|optional|forbidden|accepted|checked|strings?|text|chars?|alphanumeric|ascii|format|combination|attempts?|try)\b)(?:is|are|must|should|can(?:not|['’]t)|may not|has to|needs to|does(?: not|n['’]t)|too|please|invalid|incorrect|wrong|missing) [\p{L} ,.'’!-]+$/iu;
/** `password|secret|token`: what a pattern looks for. */
const ALTERNATIVES = /^\(?[\w.*?\\-]{2,40}(?:\|[\w.*?\\-]{2,40}){1,12}\)?$/;
/** Written to be filled in: `sk_test_...`, `xoxb-your-token-here`, `xxxxxxxx`. */
const UNFILLED =
  /\.{3}$|…$|x{6}|X{6}|(?:^|[-_])(?:x{3,}|X{3,})$|your[-_]|[-_]here$|placeholder|[Rr]edacted|REDACTED|^[[(<*]{1,3}\s?(?:masked|hidden|removed|omitted|filtered|secret|password|token)\s?[\])>*]{1,3}$|^\*{3,}|^(?:(?:Bearer|Basic|Token|Bot) )?(?:[A-Za-z]{2,6}[-_]){0,2}\w{0,8}\*{4,}\\?$|^[A-Z0-9]{8,}EXAMPLE$|^[\w+/]{16,}EXAMPLEKEY$/;
/** A text that a program fills in: `cannot get secret %q`. */
const FORMAT = /\s[\s\S]*%[sdqvwf@]|%[sdqvwf@][\s\S]*\s|\s\{\w{0,24}\}|\{\w{0,24}\}\s/;

/** Whether a value was written to be replaced. */
export const isUnfilled = (value: string): boolean =>
  UNFILLED.test(value) || /^[A-Z]{2,20}(?:_[A-Z]{2,20}){1,6}$/.test(value);

/** Whether a value is said in the place of a secret and is none. */
export function isNoSecret(value: string): boolean {
  if (NO_VALUE.test(value) || PUBLIC_VALUE.test(value) || isUnfilled(value) || FORMAT.test(value))
    return true;
  if (value.length > 120) return false;
  if (PLACEHOLDER.test(value) || COMPLAINT.test(value)) return true;
  if (
    ALTERNATIVES.test(value) &&
    value.split('|').some((word) => isWordForSecret(nameWords(word).at(-1) ?? ''))
  )
    return true;
  if (isMixed(value) || RUN_TOGETHER.test(value)) return false;
  if (/^[a-z]+(?:[-_][a-z]+){3,}$/.test(value) && !isWordForSecret(nameWords(value).at(-1) ?? ''))
    return false;
  return (
    LABEL.test(value) &&
    nameWords(value).some(
      (word, at, all) =>
        isWordForSecret(word) || (SECRETS.has(all.slice(at, at + 3).join('')) && all.length > at + 2),
    )
  );
}

/** Words of which some begin in capitals, and the first does not: names of things are of one style. */
const isMixed = (value: string): boolean =>
  /^(?!x-)[a-z]{2,16}(?:[-_][A-Za-z]{1,16}){2,6}[!?]?$/.test(value) && /[-_][A-Z][a-z]/.test(value);

/** A sentence without its blanks, as keys are made up by hand: `ThisIsMySigningKey`; no name of code begins so. */
export const RUN_TOGETHER =
  /^(?:This|My|Our)(?:[A-Z][a-z]{0,15}){4,12}[!?.]?$|^(?:[A-Z][a-z]{1,15}){5,12}[!?]$/;

/** How services and tests number what they keep, whatever they call a token: `cost_report_12`. */
const NUMBERED = /^[a-z]{2,16}(?:[-_][a-z]{2,16}){1,4}[-_]\d{1,4}$/;

export function fitsKind(kind: NameKind, value: string): boolean {
  switch (kind) {
    case 'secret':
      return !isNoSecret(value);
    case 'token':
      // `token: "comma"` is a word of a parser; a real one is longer and holds no space.
      return /^[^\s]{12,}$/.test(value) && /\d/.test(value) && !NUMBERED.test(value) && !isNoSecret(value);
    case 'key':
      // A point of a curve, uncompressed: a public key, as browsers and servers exchange it (RFC 8292).
      if (/^(?:B[\w-]{86}|AAAA[BCE]3)/.test(value)) return false;
      return (
        (/^[\w+/=-]{16,256}$/.test(value) &&
          (isRandomWord(value, true) || /^[0-9a-f]{32,64}$/i.test(value))) ||
        /^[A-Z0-9]{4,8}(?:-[A-Z0-9]{4,8}){3,7}$/.test(value)
      );
    case 'pass':
      return looksLikePassword(value);
    case 'auth':
      return isAuth(value);
    case 'pin':
      return /^\d{4,12}[#*]?$/.test(value) || looksLikePassword(value);
    case 'code':
      return /^(?!0x)(?=.*\d)(?:[A-Za-z0-9-]{4,24}|\d{3} \d{3})$/.test(value);
    case 'card':
      return /^\d(?:[ -]?\d){11,18}$/.test(value);
    case 'sid':
      return /^(?=.*\d)[\w%.+/=-]{16,256}$/.test(value) && !/^[A-Z]{2}[0-9a-f]{32}$/.test(value);
    case 'phrase':
      return /^(?:[a-z]{3,10}(?:[ ,]{1,2}[a-z]{3,10}){10,24}|[A-Z2-7]{16,64}={0,6})$/.test(value);
    case 'dsn':
      return value.includes('@');
    default:
      return true;
  }
}

function isAuth(value: string): boolean {
  if (loginIn(value)) return true;
  return isOneWord(value) && (isRandomWord(value) || (value.length >= 8 && looksLikePassword(value)));
}

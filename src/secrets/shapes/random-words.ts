import { decodedText } from './password-shape.ts';

/** Shorter words are names as often as they are random. */
const SHORTEST = 24;
const LONGEST = 128;
/** Random letters change their kind at 62 of 100 places (26, 26 and 10 of 62), words in camel case at 30 or fewer. */
const LEAST_CHANGES = 0.4;

/** By character: 1 small letter, 2 capital, 3 digit, 4 what else base64 is made of, 0 anything else. */
const KINDS = new Uint8Array(128);
for (let code = 0x61; code <= 0x7a; code += 1) KINDS[code] = 1;
for (let code = 0x41; code <= 0x5a; code += 1) KINDS[code] = 2;
for (let code = 0x30; code <= 0x39; code += 1) KINDS[code] = 3;
for (const letter of '+/_-') KINDS[letter.charCodeAt(0)] = 4;

/**
 * Whether the letters of a word are those of a generator: their kinds mix as no name's do. Not hex, which has one
 * case. `named`: its place says that it is no name of anything.
 */
export function isRandomWord(word: string, named = false): boolean {
  const end = word.endsWith('=') ? word.replace(/=+$/, '').length : word.length;
  const counts = [0, 0, 0, 0, 0];
  let changes = 0;
  for (let at = 0; at < end; at += 1) {
    const kind = KINDS[word.charCodeAt(at)] ?? 0;
    counts[kind] = (counts[kind] ?? 0) + 1;
    if (at > 0 && kind !== (KINDS[word.charCodeAt(at - 1)] ?? 0)) changes += 1;
  }
  const [other = 0, small = 0, capitals = 0, digits = 0, marks = 0] = counts;
  if (other > 0 || end < 16 || small < 3 || capitals < 3 || digits < 1) return false;
  if (marks > 1 && marks > end / 6) return false;
  return (
    changes / (end - 1) >= LEAST_CHANGES &&
    distinct(word) >= Math.min(end / 3.5, MOST_DISTINCT) &&
    !(named ? isOfWords(word) : isIdentifier(word))
  );
}

/** Words of a name are longer than what random letters look like, and numbers fewer. */
const LONG_PART = 2.6;
const FEW_NUMBERS = 3;
/** So much of a name are words; of random letters half as much looks like one. */
const OF_WORDS = 0.5;

/** Whether a word is the name of something in code; names hold no slash and no plus. */
function isIdentifier(word: string): boolean {
  if (/[/+]/.test(word)) return false;
  const parts = word.match(/[A-Z]?[a-z]+|[A-Z]+|\d+/g) ?? [];
  const numbers = parts.filter((part) => part <= '9~').length;
  return (numbers < FEW_NUMBERS && word.length / parts.length >= LONG_PART) || isOfWords(word);
}

/** Whether most of a word is letters in a row: `SSL_CTX_set1_groups`. */
export function isOfWords(word: string): boolean {
  const inWords = (word.match(/[a-z]{3,}|[A-Z]{4,}/g) ?? []).reduce((sum, part) => sum + part.length, 0);
  return inWords / word.length >= OF_WORDS;
}

const MOST_DISTINCT = 18;

function distinct(word: string): number {
  return Math.min(new Set(word).size, 20);
}

/** The same of a word of a text, which may also be a text in base64 or an id. */
export function isPossibleSecret(word: string): boolean {
  if (word.length < SHORTEST || word.length > LONGEST + 2) return false;
  return isRandomWord(word) && !ID.test(word) && !isPath(word) && !isNotation(word);
}

/** Between the slashes of a path stand words. */
const isPath = (word: string): boolean =>
  word.includes('/') &&
  !word.endsWith('=') &&
  word.split('/').some((part) => /^[A-Za-z]?[a-z]{3,}$/.test(part));

/** Longer words in base64 that decode to sentences are texts; shorter ones may hide a command (masking.test.ts). */
const LONG_TEXT = 64;

/** A text in base64 that a program wrote for itself: JSON, markup, a document. */
function isNotation(word: string): boolean {
  const said = decodedText(word) ?? '';
  return /^[{[<]/.test(said) || (word.length > LONG_TEXT && /[a-z] [a-z]/i.test(said));
}

/** What issuers write before ids that open nothing; and addresses of content. */
const ID =
  /^(?:(?:cus|pi|pm|ch|in|ii|sub|si|price|prod|evt|seti|acct|re|txn|cs_test|cs_live|cs|src|card|tr|po|py|asst|thread|run|step|msg|call|toolu|chatcmpl|resp|req|file|org|proj|user|team|usr|rec|app|tbl|vs|batch|ft|wh|we|ses|sess|inv|ord|evt|obj|doc|page|item|img|vid|job|task|build|dpl|prj|deploy)[_-]|Qm[1-9A-HJ-NP-Za-km-z]{44}$|AAAA[BCE]3Nz|AAMk|MII[A-Za-z]|sha\d{3}[-/]|UC[\w-]{22}$)/;

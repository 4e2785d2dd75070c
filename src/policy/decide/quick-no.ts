import type { JsonSource } from '../../protocol/json-source.ts';

/** From this length on it pays to look at the bytes before they are decoded. */
const LONG = 16 * 1024;
/** A text that is full of marks is searched faster when decoded. */
const MOST_MARKS = 2_000;
const BACKSLASH = 0x5c;

/** A word to look for, by its rarest character. ASCII, lower case. */
interface Wanted {
  mark: number;
  before: string;
  after: string;
}

/** Where a word can be found by a mark that is rare in ordinary text; undefined when it has none. */
function wanted(word: string): Wanted | undefined {
  const at = word.search(/[.:_~%/\\-]/);
  if (at === -1 || !/^[\x21-\x7e]*$/.test(word)) return undefined;
  return { mark: word.charCodeAt(at), before: word.slice(0, at), after: word.slice(at + 1) };
}

/**
 * Whether long arguments certainly hold none of these words, in any case: without decoding them. False means only
 * that somebody must look closer. Words are ASCII in lower case.
 */
export function certainlyNone({ bytes }: JsonSource, words: readonly string[]): boolean {
  if (bytes.length < LONG) return false;
  const all = words.map(wanted);
  let marks = 0;
  for (const mark of new Set(all.map((one) => one?.mark))) {
    if (mark === undefined) return false;
    const here = all.filter((one) => one?.mark === mark) as Wanted[];
    for (let at = bytes.indexOf(mark); at !== -1; at = bytes.indexOf(mark, at + 1)) {
      marks += 1;
      if (marks > MOST_MARKS || here.some((one) => stands(bytes, at, one))) return false;
    }
  }
  return !mayBeEscaped(bytes, marks);
}

/** `\u002e` and `\/` may spell what is looked for. */
function mayBeEscaped(bytes: Uint8Array, marksSoFar: number): boolean {
  let marks = marksSoFar;
  for (let at = bytes.indexOf(BACKSLASH); at !== -1; at = bytes.indexOf(BACKSLASH, at + 2)) {
    marks += 1;
    if (marks > MOST_MARKS || bytes[at + 1] === 0x75 || bytes[at + 1] === 0x2f) return true;
  }
  return false;
}

function stands(bytes: Uint8Array, mark: number, { before, after }: Wanted): boolean {
  return spells(bytes, mark - before.length, before) && spells(bytes, mark + 1, after);
}

function spells(bytes: Uint8Array, from: number, word: string): boolean {
  for (let i = 0; i < word.length; i += 1) {
    const byte = bytes[from + i] ?? 0;
    const lower = byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte;
    if (lower !== word.charCodeAt(i)) return false;
  }
  return true;
}

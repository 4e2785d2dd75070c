import { type MarkTables, type SimdReader, simd } from '../../protocol/json/simd.ts';
import { hexAt } from '../../protocol/json/unescaped.ts';
import { markTables, type Wanted } from './mark-tables.ts';
import { letterAfter, letterBefore, runEnd, spells, spellsBefore } from './shell-words.ts';

const BACKSLASH = 0x5c;
const SLASH = 0x2f;
const SPACE = 0x20;
const LETTER_U = 0x75;
/** Suspects so near to each other are looked at together: decoding many small stretches costs more. */
const NEAR = 256;
const MOST_TOGETHER = 64 * 1024;
/** A shorter stretch is looked through byte by byte. */
const WORTH_A_WINDOW = 128;

/** Words with the same mark, by the byte behind it, else by the one before it, in lower case. */
interface Marked {
  byNext: (Wanted[] | undefined)[];
  byLast: (Wanted[] | undefined)[];
  /** Words that are nothing but the mark. */
  bare: boolean;
}

function add(to: Marked, word: Wanted): void {
  const [next, last] = [word.after.charCodeAt(0), word.before.charCodeAt(word.before.length - 1)];
  if (next > 0) to.byNext[next] = [...(to.byNext[next] ?? []), word];
  else if (last > 0) to.byLast[last] = [...(to.byLast[last] ?? []), word];
  else to.bare = true;
}

/** What the loop does with a byte: 0 for nothing. */
const A_BREAK = 1;
const A_MARK = 2;
const AN_ESCAPE = 3;
const A_LEAD = 4;

/** As JSON spells it. */
const raw = (text: string): string => JSON.stringify(text).slice(1, -1);

/** Where a word can be found by a mark that is rare in ordinary text; undefined when it has none. */
function wanted(word: string): { mark: number; wanted: Wanted } | undefined {
  const at = word.search(/[.:_~%/\\-]/);
  if (at === -1 || !/^[\x21-\x7e]*$/.test(word)) return undefined;
  return {
    mark: word.charCodeAt(at),
    wanted: { before: raw(word.slice(0, at)), after: raw(word.slice(at + 1)) },
  };
}

/** Whether a character beyond ASCII may be left out of a name by a file system, or be another case of a letter of ours. */
function isTricky(code: number): boolean {
  if (code === 0xad || code === 0x17f || code === 0x212a || code === 0xfeff) return true;
  return (
    (code >= 0x200b && code <= 0x200f) ||
    (code >= 0x202a && code <= 0x202e) ||
    (code >= 0x2060 && code <= 0x206f)
  );
}

/**
 * A quick look over JSON strings, in bytes and without decoding them: which stretches may hold one of some words, in
 * any case. What it passes over holds none.
 */
export class Prefilter {
  private readonly kinds = new Uint8Array(256);
  private readonly byMark: (Marked | undefined)[] = [];
  /** Some word has no mark: everything is suspect. */
  private blind = false;
  private readonly words: readonly string[];
  /** Made with the first long text: a session of short ones does without. */
  private made: MarkTables | undefined;

  /** Words are ASCII in lower case. */
  constructor(words: readonly string[]) {
    for (const word of words) {
      const found = wanted(word);
      if (found === undefined) {
        this.blind = true;
        continue;
      }
      const { mark } = found;
      const same = this.byMark[mark] ?? { byNext: [], byLast: [], bare: false };
      this.byMark[mark] = same;
      add(same, found.wanted);
    }
    for (const mark of this.byMark.keys()) if (this.byMark[mark] !== undefined) this.kinds[mark] = A_MARK;
    for (const lead of [0xc2, 0xc5, 0xe2, 0xef]) this.kinds[lead] = A_LEAD;
    this.kinds[BACKSLASH] = AN_ESCAPE;
    this.kinds[SPACE] = A_BREAK;
    this.words = words;
  }

  private get tables(): MarkTables {
    this.made ??= markTables(this.words.flatMap((word) => wanted(word) ?? []));
    return this.made;
  }

  /** Whether the bytes from `start` to `end` certainly hold none of the words, nor would without their quotes and backslashes. */
  certain(reader: SimdReader, start: number, end: number): boolean {
    if (this.blind) return false;
    const { kinds } = this;
    const { bytes } = reader;
    const fast = end - start > WORTH_A_WINDOW ? simd() : undefined;
    const tables = fast && this.tables;
    for (let at = start; at < end; at += 1) {
      if (fast !== undefined && tables !== undefined) {
        at = fast.nextMark(reader, tables, at, end);
        if (at >= end) return true;
      }
      const kind = kinds[bytes[at] as number] as number;
      if (kind < A_MARK) continue;
      if (this.isSuspect(bytes, at, kind)) return false;
      if (kind === AN_ESCAPE) at = behindEscape(bytes, at) - 1;
    }
    return true;
  }

  /**
   * Calls back with each stretch that may hold a word, until that says stop. A stretch lies within the bytes from
   * `start` to `end`, and begins and ends with them or at a blank or a quote: it can be decoded alone.
   */
  eachSuspect(
    bytes: Uint8Array,
    { start, end }: { start: number; end: number },
    tell: (start: number, end: number) => boolean,
  ): void {
    if (this.blind) return void tell(start, end);
    const { kinds } = this;
    let from = start;
    let hit = -1;
    for (let at = start; at < end; at += 1) {
      const kind = kinds[bytes[at] as number] as number;
      if (kind === 0) continue;
      let edge = kind === A_BREAK ? at : -1;
      if (kind !== A_BREAK && this.isSuspect(bytes, at, kind)) hit = at;
      if (kind === AN_ESCAPE) {
        if (hit !== at && isBlankOrQuote(bytes[at + 1])) edge = at;
        at = behindEscape(bytes, at) - 1;
      }
      if (edge === -1) continue;
      // Behind the blank, one byte or an escape.
      const behind = at + 1;
      if (hit === -1) from = behind;
      else if (edge - hit > NEAR || edge - from > MOST_TOGETHER) {
        if (!tell(from, edge)) return;
        hit = -1;
        from = behind;
      }
    }
    if (hit !== -1) tell(from, end);
  }

  private isSuspect(bytes: Uint8Array, at: number, kind: number): boolean {
    if (kind === A_LEAD) return isTricky(codeAt(bytes, at));
    if (kind === AN_ESCAPE) return this.isSuspectEscape(bytes, at);
    return this.stands(bytes, at, at + 1);
  }

  /** Whether a word stands around a mark, which takes the bytes from `at` to `behind`. */
  private stands(bytes: Uint8Array, at: number, behind: number): boolean {
    const here = this.byMark[bytes[at] as number];
    if (here === undefined) return false;
    for (const { before, after } of here.byNext[letterAfter(bytes, behind)] ?? NONE)
      if (spells(bytes, behind, after) && spellsBefore(bytes, at, before)) return true;
    for (const { before } of here.byLast[letterBefore(bytes, at)] ?? NONE)
      if (spellsBefore(bytes, at, before)) return true;
    return here.bare;
  }

  /** `\u002e` and `\/` may spell what is looked for; of a backslash the second byte is the one that counts. */
  private isSuspectEscape(bytes: Uint8Array, at: number): boolean {
    const letter = bytes[at + 1];
    if (letter === SLASH) return true;
    if (letter === LETTER_U) {
      const code = hexAt(bytes, at + 2);
      return (code > SPACE && code < 0x7f) || isTricky(code);
    }
    return letter === BACKSLASH && this.stands(bytes, at, runEnd(bytes, at));
  }
}

const NONE: readonly Wanted[] = [];

/** The character of two or three bytes that begins there. */
function codeAt(bytes: Uint8Array, at: number): number {
  const lead = bytes[at] as number;
  const second = (bytes[at + 1] ?? 0) & 63;
  return lead < 0xe0
    ? ((lead & 31) << 6) | second
    : ((lead & 15) << 12) | (second << 6) | ((bytes[at + 2] ?? 0) & 63);
}

/** Of the letter of an escape: `n`, `r`, `t` and `"`. */
function isBlankOrQuote(letter: number | undefined): boolean {
  return letter === 0x6e || letter === 0x72 || letter === 0x74 || letter === 0x22;
}

/** Behind an escape, and behind a whole run of those that are looked at as one. */
function behindEscape(bytes: Uint8Array, at: number): number {
  if (bytes[at + 1] === LETTER_U) return at + 6;
  return bytes[at + 1] === BACKSLASH ? runEnd(bytes, at) : at + 2;
}

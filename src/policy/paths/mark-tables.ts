import { hashOf, LEFT_OUT, type MarkTables } from '../../protocol/json/simd.ts';

/** A word to look for, by its rarest character: what stands around that, as JSON spells it. */
export interface Wanted {
  before: string;
  after: string;
}

const ROW = 32;
const BACKSLASH = 0x5c;
/** What a shell leaves out of a word. */
const QUOTES = [0x22, 0x27, BACKSLASH];
const ANY = Array.from({ length: 256 }, (_, byte) => byte);
/** First two bytes of characters that a file system may leave out of a name, or take for another letter. */
const TRICKY: readonly (readonly [number, readonly number[]])[] = [
  [0xc2, [0xad]],
  [0xc5, [0xbf]],
  [0xe2, [0x80, 0x81, 0x84]],
  [0xef, [0xbb]],
];

/** A table with a row of bits for each byte. */
class Rows {
  readonly bytes = new Uint8Array(256 * ROW);

  add(mark: number, ...bytes: readonly number[]): void {
    for (const byte of bytes) setBit(this.bytes, mark * ROW * 8 + byte);
  }

  /** A letter in either case. */
  addLetter(mark: number, letter: number): void {
    this.add(mark, letter, String.fromCharCode(letter).toUpperCase().charCodeAt(0));
  }
}

function setBit(bits: Uint8Array, at: number): void {
  bits[at >> 3] = (bits[at >> 3] as number) | (1 << (at & 7));
}

/** What may stand on one side of a mark. */
class Side {
  readonly known = new Rows();
  readonly short = new Rows();
  private readonly isBefore: boolean;
  private readonly hashes: Uint8Array;

  constructor(isBefore: boolean, hashes: Uint8Array) {
    this.isBefore = isBefore;
    this.hashes = hashes;
  }

  /** Letters in lower case, from the nearest on. */
  add(mark: number, letters: string): void {
    const [first, second, third] = Array.from(letters, (letter) => letter.charCodeAt(0));
    // Quotes may push a letter to the place behind its own: then nothing is said of those that follow.
    this.known.add(mark, ...QUOTES);
    this.short.add(mark, ...QUOTES);
    if (first === undefined) return this.addAny(mark);
    this.known.addLetter(mark, first);
    if (second === undefined) return this.short.addLetter(mark, first);
    for (const byte of third === undefined ? ANY : [third, LEFT_OUT]) this.hash(mark, [first, second, byte]);
    for (const byte of ANY) this.hash(mark, [first, LEFT_OUT, byte]);
  }

  private addAny(mark: number): void {
    this.known.add(mark, ...ANY);
    this.short.add(mark, ...ANY);
  }

  private hash(mark: number, bytes: readonly [number, number, number]): void {
    setBit(this.hashes, hashOf(mark, this.isBefore, bytes));
  }
}

/** For the fast loop: which places may hold a word. It may stop where there is none, and never passes one over. */
export function markTables(words: readonly { mark: number; wanted: Wanted }[]): MarkTables {
  const hashes = new Uint8Array(8192);
  const behind = new Side(false, hashes);
  const before = new Side(true, hashes);
  const marks = new Set([BACKSLASH]);
  for (const { mark, wanted } of words) {
    marks.add(mark);
    const letters = wanted.after.replaceAll('\\', '');
    const others = [...wanted.before.replaceAll('\\', '')].reverse().join('');
    // Known by what stands before it alone.
    if (letters === '' && others !== '') before.add(mark, others);
    else behind.add(mark, letters);
  }
  for (const [lead, seconds] of TRICKY) {
    marks.add(lead);
    behind.known.add(lead, ...seconds);
    behind.short.add(lead, ...seconds);
  }
  return {
    halves: halvesOf(marks),
    follows: behind.known.bytes,
    short: behind.short.bytes,
    before: before.known.bytes,
    beforeShort: before.short.bytes,
    hashes,
  };
}

/** A bit for each high half that a mark has; from the eighth on they share one. */
function halvesOf(marks: ReadonlySet<number>): Uint8Array {
  const halves = new Uint8Array(32);
  const bits = new Map<number, number>();
  for (const mark of marks) {
    const high = mark >> 4;
    if (!bits.has(high)) bits.set(high, 1 << Math.min(bits.size, 7));
    const bit = bits.get(high) as number;
    halves[mark & 15] = (halves[mark & 15] as number) | bit;
    halves[16 + high] = (halves[16 + high] as number) | bit;
  }
  return halves;
}

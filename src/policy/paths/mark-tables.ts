import type { MarkTables } from '../../protocol/json/simd.ts';

/** A word to look for, by its rarest character: what stands around that, as JSON spells it. */
export interface Wanted {
  before: string;
  after: string;
}

const ROW = 32;
const BACKSLASH = 0x5c;
/** What a shell leaves out of a word. */
const LEFT_OUT = [0x22, 0x27, BACKSLASH];
/** First bytes of characters that a file system may leave out of a name or take for another letter, and what follows. */
const TRICKY: readonly (readonly [number, readonly number[], readonly number[]])[] = [
  [0xc2, [0xad], []],
  [0xc5, [0xbf], []],
  [0xe2, [0x80, 0x81, 0x84], [...range(0x8b, 0x8f), ...range(0xa0, 0xaf)]],
  [0xef, [0xbb], [0xbf]],
];

function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, at) => first + at);
}

/** A table with a row of bits for each byte. */
class Rows {
  readonly bytes = new Uint8Array(256 * ROW);

  add(mark: number, byte: number): void {
    const at = mark * ROW + (byte >> 3);
    this.bytes[at] = (this.bytes[at] as number) | (1 << (byte & 7));
  }

  addAll(mark: number): void {
    this.bytes.fill(0xff, mark * ROW, (mark + 1) * ROW);
  }

  /** A letter in either case. */
  addLetter(mark: number, letter: string): void {
    this.add(mark, letter.toLowerCase().charCodeAt(0));
    this.add(mark, letter.toUpperCase().charCodeAt(0));
  }
}

/** For the fast loop: which places may hold a word. It may stop where there is none, and never passes one over. */
export function markTables(words: readonly { mark: number; wanted: Wanted }[]): MarkTables {
  const follows = [new Rows(), new Rows(), new Rows()] as const;
  const before = new Rows();
  const marks = new Set([BACKSLASH]);
  for (const { mark, wanted } of words) {
    marks.add(mark);
    const letters = wanted.after.replaceAll('\\', '');
    const last = wanted.before.replaceAll('\\', '').at(-1);
    // Known by what stands before it alone.
    if (letters === '' && last !== undefined) {
      before.addLetter(mark, last);
      for (const byte of LEFT_OUT) before.add(mark, byte);
      continue;
    }
    for (const [place, rows] of follows.entries()) {
      // Quotes may push a letter to the places behind its own.
      for (const letter of letters.slice(0, place + 1)) rows.addLetter(mark, letter);
      for (const byte of LEFT_OUT) rows.add(mark, byte);
      if (place >= letters.length) rows.addAll(mark);
    }
  }
  for (const [lead, second, third] of TRICKY) {
    marks.add(lead);
    for (const byte of second) follows[0].add(lead, byte);
    if (third.length === 0) follows[1].addAll(lead);
    for (const byte of third) follows[1].add(lead, byte);
    follows[2].addAll(lead);
  }
  return {
    halves: halvesOf(marks),
    follows: [follows[0].bytes, follows[1].bytes, follows[2].bytes],
    before: before.bytes,
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

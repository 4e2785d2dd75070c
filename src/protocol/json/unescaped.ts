/** The letter behind a backslash and the byte that it means; 0 where there is none, and for `u`. */
const MEANS = new Uint8Array(256);
/** The other way: the letter by which a byte is escaped in the canonical spelling. */
const SPELLED = new Uint8Array(256);
for (const [letter, means] of [
  ['"', 0x22],
  ['\\', 0x5c],
  ['/', 0x2f],
  ['b', 0x08],
  ['f', 0x0c],
  ['n', 0x0a],
  ['r', 0x0d],
  ['t', 0x09],
] as const) {
  MEANS[letter.charCodeAt(0)] = means;
  if (letter !== '/') SPELLED[means] = letter.charCodeAt(0);
}
export const SIMPLE_ESCAPES: Uint8Array = MEANS;

const NONE = new Uint8Array(0);
const PIECE_BYTES = 64 * 1024;
/** No escape writes more. */
const ROOM = 8;
const BACKSLASH = 0x5c;
const HEX = '0123456789abcdef';

/** What four hex digits at `at` say. */
export function hexAt(bytes: Uint8Array, at: number): number {
  let code = 0;
  for (let i = at; i < at + 4; i += 1) {
    const byte = bytes[i] as number;
    code = code * 16 + (byte <= 0x39 ? byte - 0x30 : (byte | 0x20) - 0x57);
  }
  return code;
}

const isHigh = (code: number): boolean => code >= 0xd800 && code < 0xdc00;
const isLow = (code: number): boolean => code >= 0xdc00 && code < 0xe000;

/**
 * A clean string token's content as UTF-8, piece by piece in bytes: a long one never becomes a text of JavaScript's.
 * `said`: what it says, U+FFFD for half a surrogate pair. `spelled`: the one spelling that JSON.stringify gives it.
 */
export class Unescaped {
  /** Whether a half of a surrogate pair has come. */
  lone = false;
  private bytes: Uint8Array = NONE;
  private end = 0;
  private readonly spelled: boolean;
  private at = 0;
  private out: Uint8Array = NONE;
  private size = 0;

  constructor(as: 'said' | 'spelled') {
    this.spelled = as === 'spelled';
  }

  /** Begins with a token, of which `start` and `end` are the places, quotes included. */
  of(bytes: Uint8Array, start: number, end: number): this {
    this.bytes = bytes;
    this.at = start + 1;
    this.end = end - 1;
    this.lone = false;
    const room = Math.min(PIECE_BYTES, end - start) + ROOM;
    if (this.out.length < room) this.out = new Uint8Array(room);
    return this;
  }

  /** Each piece is good until the next one is asked for. */
  next(): Uint8Array | undefined {
    if (this.at >= this.end) return undefined;
    this.fill();
    return this.out.subarray(0, this.size);
  }

  /** All that follow. */
  *pieces(): Generator<Uint8Array> {
    for (let piece = this.next(); piece !== undefined; piece = this.next()) yield piece;
  }

  private fill(): void {
    const { bytes, end, out } = this;
    const most = out.length - ROOM;
    let at = this.at;
    let size = 0;
    while (at < end && size < most) {
      const byte = bytes[at] as number;
      if (byte !== BACKSLASH) {
        out[size] = byte;
        size += 1;
        at += 1;
        continue;
      }
      const letter = bytes[at + 1] as number;
      if (letter !== 0x75) {
        size = this.put(size, MEANS[letter] as number);
        at += 2;
        continue;
      }
      this.size = size;
      at = this.unicode(at);
      size = this.size;
    }
    this.at = at;
    this.size = size;
  }

  private unicode(at: number): number {
    const { bytes } = this;
    const code = hexAt(bytes, at + 2);
    const paired = isHigh(code) && bytes[at + 6] === BACKSLASH && bytes[at + 7] === 0x75;
    const low = paired ? hexAt(bytes, at + 8) : 0;
    if (isLow(low)) {
      this.size = this.put(this.size, 0x10000 + (code - 0xd800) * 0x400 + (low - 0xdc00));
      return at + 12;
    }
    if (code >= 0xd800 && code < 0xe000) this.half(code);
    else this.size = this.put(this.size, code);
    return at + 6;
  }

  private half(code: number): void {
    this.lone = true;
    if (this.spelled) this.size = this.hex(this.size, code);
    else this.size = this.put(this.size, 0xfffd);
  }

  private hex(at: number, code: number): number {
    const { out } = this;
    out[at] = BACKSLASH;
    out[at + 1] = 0x75;
    for (let i = 0; i < 4; i += 1) out[at + 2 + i] = HEX.charCodeAt((code >> (12 - 4 * i)) & 15);
    return at + 6;
  }

  private put(at: number, code: number): number {
    const { out } = this;
    if (code < 0x80) {
      const letter = this.spelled ? (SPELLED[code] as number) : 0;
      if (letter !== 0) {
        out[at] = BACKSLASH;
        out[at + 1] = letter;
        return at + 2;
      }
      if (this.spelled && code < 0x20) return this.hex(at, code);
      out[at] = code;
      return at + 1;
    }
    if (code < 0x800) {
      out[at] = 0xc0 | (code >> 6);
      out[at + 1] = 0x80 | (code & 63);
      return at + 2;
    }
    if (code < 0x10000) {
      out[at] = 0xe0 | (code >> 12);
      out[at + 1] = 0x80 | ((code >> 6) & 63);
      out[at + 2] = 0x80 | (code & 63);
      return at + 3;
    }
    out[at] = 0xf0 | (code >> 18);
    out[at + 1] = 0x80 | ((code >> 12) & 63);
    out[at + 2] = 0x80 | ((code >> 6) & 63);
    out[at + 3] = 0x80 | (code & 63);
    return at + 4;
  }
}

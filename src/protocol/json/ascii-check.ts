export interface Survey {
  /** No byte above 0x7f. */
  ascii: boolean;
  /** Where the first control character (below 0x20) stands; the length when there is none. */
  control: number;
}

const HIGH_BITS = 0x80808080 | 0;
const SPACES = 0x20202020;

/**
 * Looks over bytes four at a time (a fourth of the price of one at a time): the usual long line has neither
 * controls nor anything but ASCII, and then nobody needs to look at its bytes again.
 */
export function survey(bytes: Uint8Array): Survey {
  const { length } = bytes;
  const aligned = Math.min(length, (4 - (bytes.byteOffset & 3)) & 3);
  const words = new Int32Array(bytes.buffer, bytes.byteOffset + aligned, (length - aligned) >> 2);
  let high = 0;
  let low = 0;
  for (let i = 0; i < words.length; i += 1) {
    const word = words[i] as number;
    high |= word;
    // The high bit of each byte that is below 0x20; a borrow can only come from one that is.
    low |= (word - SPACES) & ~word;
  }
  let [ascii, clean] = [(high & HIGH_BITS) === 0, (low & HIGH_BITS) === 0];
  const tail = aligned + words.length * 4;
  for (const part of [bytes.subarray(0, aligned), bytes.subarray(tail)]) {
    for (const byte of part) {
      if (byte > 0x7f) ascii = false;
      if (byte < 0x20) clean = false;
    }
  }
  return { ascii, control: clean ? length : controlAfter(bytes, 0) };
}

/** Whether bytes are UTF-8 to the letter: a look at each, where a decoder would build a text that nobody wants. */
export function isUtf8(bytes: Uint8Array): boolean {
  const { length } = bytes;
  let at = 0;
  while (at < length) {
    const lead = bytes[at] as number;
    if (lead < 0x80) {
      at += 1;
      continue;
    }
    const more = lead < 0xc2 ? 0 : lead < 0xe0 ? 1 : lead < 0xf0 ? 2 : lead < 0xf5 ? 3 : 0;
    // Past the end there is nothing, which is no continuation either.
    if (more === 0 || !goesOn(bytes[at + 1]) || !isWellBegun(lead, bytes[at + 1] as number)) return false;
    if (more > 1 && !goesOn(bytes[at + 2])) return false;
    if (more > 2 && !goesOn(bytes[at + 3])) return false;
    at += more + 1;
  }
  return true;
}

function goesOn(byte: number | undefined): boolean {
  return ((byte ?? 0) & 0xc0) === 0x80;
}

/** No longer form than needed, no half of a surrogate pair, nothing beyond U+10FFFF. */
function isWellBegun(lead: number, second: number): boolean {
  if (lead === 0xe0) return second >= 0xa0;
  if (lead === 0xed) return second < 0xa0;
  if (lead === 0xf0) return second >= 0x90;
  return lead !== 0xf4 || second < 0x90;
}

/** The place of the first control character at or after `from`; the length when there is none. */
export function controlAfter(bytes: Uint8Array, from: number): number {
  let at = from;
  while (at < bytes.length && (bytes[at] as number) >= 0x20) at += 1;
  return at;
}

const BACKSLASH = 0x5c;
const DOT = 0x2e;
const COLON = 0x3a;
/** An escape takes so many bytes at most. */
const MOST_A_LETTER = 6;

function anyOf(letters: string): Uint8Array {
  const table = new Uint8Array(256);
  for (const letter of letters) table[letter.charCodeAt(0)] = 1;
  return table;
}

const BEGINS_A_PATH = anyOf('~/.$%');
/** Letters of escapes that stand for what begins a path, or may. */
const SPELLS_A_BEGIN = anyOf('/\\u');
/** Whether a string token may be a path as a whole, or a name of at most so many characters. Not decoded. */
export function mayBeWhole(bytes: Uint8Array, start: number, end: number, shortest: number): boolean {
  const first = bytes[start + 1] as number;
  if (end - start - 2 <= shortest * MOST_A_LETTER || BEGINS_A_PATH[first] === 1) return true;
  if (first === BACKSLASH && SPELLS_A_BEGIN[bytes[start + 2] as number] === 1) return true;
  // A drive's letter, or the scheme of a file's URL.
  if (bytes[start + 2] === COLON || bytes[start + 5] === COLON) return true;
  for (let at = start + 1; at < end - 1; at += 1) {
    const byte = bytes[at];
    if (byte === DOT && bytes[at + 1] === DOT) return true;
    if (byte === BACKSLASH && bytes[at + 1] === 0x75) return true;
  }
  return false;
}

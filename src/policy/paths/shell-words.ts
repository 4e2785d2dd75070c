const BACKSLASH = 0x5c;

function lower(byte: number): number {
  return byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte;
}

/** What a shell leaves out of a word: quotes and backslashes, as JSON spells them. */
function isLeftOut(byte: number | undefined): boolean {
  return byte === 0x22 || byte === 0x27 || byte === BACKSLASH;
}

function nextLetter(bytes: Uint8Array, from: number): number {
  let at = from;
  while (isLeftOut(bytes[at])) at += 1;
  return at;
}

function previousLetter(bytes: Uint8Array, from: number): number {
  let at = from;
  while (isLeftOut(bytes[at])) at -= 1;
  return at;
}

/** Where a run of what is left out ends that begins with a backslash or a quote escaped by one: as a whole it is one mark. */
export function runEnd(bytes: Uint8Array, from: number): number {
  let at = from;
  for (;;) {
    if (bytes[at] === 0x27) at += 1;
    else if (bytes[at] === BACKSLASH && (bytes[at + 1] === BACKSLASH || bytes[at + 1] === 0x22)) at += 2;
    else return at;
  }
}

export function letterAfter(bytes: Uint8Array, behind: number): number {
  return lower(bytes[nextLetter(bytes, behind)] ?? 0);
}

export function letterBefore(bytes: Uint8Array, at: number): number {
  return lower(bytes[previousLetter(bytes, at - 1)] ?? 0);
}

/** Whether a word may begin at `from`. */
export function spells(bytes: Uint8Array, from: number, word: string): boolean {
  let at = from;
  for (let i = 0; i < word.length; i += 1) {
    if (word.charCodeAt(i) === BACKSLASH) continue;
    at = nextLetter(bytes, at);
    if (lower(bytes[at] ?? 0) !== word.charCodeAt(i)) return false;
    at += 1;
  }
  return true;
}

/** Whether a word may end before `end`. */
export function spellsBefore(bytes: Uint8Array, end: number, word: string): boolean {
  let at = end - 1;
  for (let i = word.length - 1; i >= 0; i -= 1) {
    if (word.charCodeAt(i) === BACKSLASH) continue;
    at = previousLetter(bytes, at);
    if (lower(bytes[at] ?? 0) !== word.charCodeAt(i)) return false;
    at -= 1;
  }
  return true;
}

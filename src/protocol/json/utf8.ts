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

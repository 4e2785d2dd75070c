/** Where each unit of a decoded text begins in its spelling, in bytes from the opening quote; one more for the end. */
export function offsets(raw: string, length: number): Uint32Array {
  const found = new Uint32Array(length + 1);
  let bytes = 0;
  let at = 0;
  for (let unit = 0; unit < length; unit += 1) {
    found[unit] = bytes;
    const code = raw.charCodeAt(at);
    const spelled = code !== 0x5c ? 1 : raw.charCodeAt(at + 1) === 0x75 ? 6 : 2;
    at += spelled;
    bytes += spelled > 1 || code < 0x80 ? spelled : code < 0x800 ? 2 : isSurrogate(code) ? 2 : 3;
  }
  found[length] = bytes;
  return found;
}

/** A pair is four bytes of UTF-8: two for each half. */
const isSurrogate = (code: number): boolean => code >= 0xd800 && code <= 0xdfff;

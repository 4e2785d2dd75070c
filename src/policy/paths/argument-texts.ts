import type { JsonSource } from '../../protocol/json/json-source.ts';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;

/** A text of a call's arguments: a key, or a string value, with the last key before it. Places are those of tokens. */
export interface ArgumentText {
  start: number;
  end: number;
  isKey: boolean;
  keyStart: number;
  keyEnd: number;
}

/** Where the string token that begins at `start` ends. */
function endOf(bytes: Uint8Array, start: number): number {
  const first = bytes.indexOf(QUOTE, start + 1);
  if (first === -1) return bytes.length;
  if (bytes[first - 1] !== BACKSLASH) return first + 1;
  for (let at = start + 1; at < bytes.length; at += 1) {
    if (bytes[at] === QUOTE) return at + 1;
    if (bytes[at] === BACKSLASH) at += 1;
  }
  return bytes.length;
}

/** Calls back with all texts of arguments that are JSON, in order, until that says stop. None is decoded. */
export function eachText(source: JsonSource, tell: (text: ArgumentText) => boolean): void {
  const { bytes } = source;
  let [keyStart, keyEnd] = [0, 0];
  for (let start = bytes.indexOf(QUOTE); start !== -1; ) {
    const long = source.longAt(start);
    const end = long === undefined ? endOf(bytes, start) : source.placeOf(long.end);
    let after = end;
    while ((bytes[after] ?? COLON) <= 0x20) after += 1;
    const isKey = bytes[after] === COLON;
    if (!tell({ start, end, isKey, keyStart, keyEnd })) return;
    if (isKey) [keyStart, keyEnd] = [start, end];
    start = bytes.indexOf(QUOTE, end);
  }
}

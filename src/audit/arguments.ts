import { sha256Hex } from './chain.ts';
import { headOf, type RawJson, rawJson } from './raw-json.ts';

/** Most bytes of one call's arguments in a record (DESIGN 7). */
const MOST_BYTES = 2048;
/** Longer string tokens (with their quotes, in UTF-8 bytes) are cut before the whole is. */
const LONGEST_STRING = 256;
const STRING_HEAD = 128;
const WHOLE_HEAD = 512;

function cut(head: string, whole: string): string {
  return `{"cut":true,"head":${JSON.stringify(head)},"length":${Buffer.byteLength(whole)},"digest":"${sha256Hex(whole)}"}`;
}

/** Where the string token that opens at `start` ends (exclusive); -1 when it does not. Linear over the whole text. */
function stringEnd(text: string, start: number): number {
  let quote = start;
  for (;;) {
    quote = text.indexOf('"', quote + 1);
    if (quote === -1) return -1;
    let slash = quote - 1;
    while (slash > start && text.charCodeAt(slash) === 0x5c) slash -= 1;
    if ((quote - 1 - slash) % 2 === 0) return quote + 1;
  }
}

const COLON_NEXT = /[ \t\r\n]*:/y;

function isKey(text: string, end: number): boolean {
  COLON_NEXT.lastIndex = end;
  return COLON_NEXT.test(text);
}

/** The text with its long strings cut; undefined as soon as that cannot come out short enough. */
function cutStrings(text: string): string | undefined {
  let out = '';
  let copied = 0;
  let at = text.indexOf('"');
  while (at !== -1) {
    // What lies before this token stays as it is: many short values are given up on early.
    if (out.length + at - copied > MOST_BYTES) return undefined;
    const end = stringEnd(text, at);
    if (end === -1) return undefined;
    const token = end - at > LONGEST_STRING / 3 ? text.slice(at, end) : '';
    if (Buffer.byteLength(token) > LONGEST_STRING && !isKey(text, end)) {
      const value = token.includes('\\') ? (JSON.parse(token) as string) : token.slice(1, -1);
      out += text.slice(copied, at) + cut(headOf(value, STRING_HEAD), value);
      copied = end;
    }
    at = text.indexOf('"', end);
  }
  if (text.length - copied > MOST_BYTES) return undefined;
  out += text.slice(copied);
  return Buffer.byteLength(out) <= MOST_BYTES ? out : undefined;
}

/**
 * What a decision records of a call's arguments. `sourceText` is their own JSON source: unchanged up to 2,048
 * UTF-8 bytes; else long strings become `{cut, head, length, digest}` (length and digest over the decoded
 * string's UTF-8); else the whole becomes one such object over its source text. Never throws.
 */
export function argumentsField(sourceText: string): RawJson {
  if (sourceText.length <= MOST_BYTES && Buffer.byteLength(sourceText) <= MOST_BYTES) {
    return rawJson(sourceText);
  }
  let shorter: string | undefined;
  try {
    shorter = cutStrings(sourceText);
  } catch {
    // Not the valid JSON that was promised: only its digest can be relied on.
  }
  return rawJson(shorter ?? cut(headOf(sourceText, WHOLE_HEAD), sourceText));
}

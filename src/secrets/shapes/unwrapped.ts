/** A text with one way of spelling letters taken off, and where each of its units stood. */
export interface Unwrapped {
  text: string;
  /** By unit of `text`; one more for its end. */
  at: Uint32Array;
}

/** Percent signs (RFC 3986), escapes of JSON and code, references of markup, letters of full width. */
const SPELLED =
  /(?:%[0-9a-fA-F]{2})+|\\(?:u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|["'/nrt])|&(?:quot|apos|amp|lt|gt|#x?[0-9a-fA-F]{2,4});|[\uff01-\uff5e]/g;
const ANY = /%[2-7][0-9a-fA-F]|%[cde][0-9a-f]%|\\["ux]|&(?:quot|lt|#x?[23][0-9a-f]);|[\uff01-\uff5e]/i;

const NAMED: Readonly<Record<string, string>> = {
  quot: '"',
  apos: "'",
  amp: '&',
  lt: '<',
  gt: '>',
  n: '\n',
  r: '\r',
  t: '\t',
};

/** The text that another one spells; undefined where it spells nothing. */
export function unwrapped(text: string): Unwrapped | undefined {
  if (!ANY.test(text)) return undefined;
  const places = new Uint32Array(text.length + 1);
  let out = '';
  let copied = 0;
  const keep = (end: number): void => {
    for (let at = copied; at < end; at += 1) places[out.length + at - copied] = at;
    out += text.slice(copied, end);
  };
  for (const match of text.matchAll(SPELLED)) {
    const said = letters(match[0]);
    if (said === undefined) continue;
    keep(match.index);
    copied = match.index + match[0].length;
    let from = match.index;
    for (const letter of said) {
      for (let unit = 0; unit < letter.length; unit += 1) places[out.length + unit] = from;
      out += letter;
      if (match[0].startsWith('%')) from += 3 * bytesOf(letter);
    }
  }
  keep(text.length);
  places[out.length] = text.length;
  return { text: out, at: places.subarray(0, out.length + 1) };
}

function bytesOf(letter: string): number {
  const code = letter.codePointAt(0) ?? 0;
  return code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
}

function letters(spelled: string): string | undefined {
  const first = spelled[0];
  if (first === '%') {
    try {
      return decodeURIComponent(spelled);
    } catch {
      return undefined;
    }
  }
  if (first === '\\') {
    const hex = spelled.length > 2 ? Number.parseInt(spelled.slice(2), 16) : undefined;
    return hex === undefined ? (NAMED[spelled[1] ?? ''] ?? spelled[1]) : String.fromCharCode(hex);
  }
  if (first === '&') return reference(spelled.slice(1, -1));
  return String.fromCharCode(spelled.charCodeAt(0) - 0xfee0);
}

function reference(name: string): string | undefined {
  if (!name.startsWith('#')) return NAMED[name];
  const code = name[1] === 'x' ? Number.parseInt(name.slice(2), 16) : Number.parseInt(name.slice(1), 10);
  return Number.isNaN(code) || code < 0x20 || code > 0xffff ? undefined : String.fromCharCode(code);
}

/** A text that was spelled in another way. */
export interface Decoded {
  /** `base64`, `hex`, … */
  how: string;
  text: string;
}

const LONGEST = 64 * 1024;
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const BASE64 = /^[A-Za-z0-9+/_-]{16,}={0,2}$/;
const HEX = /^(?:0x)?(?:[0-9a-fA-F]{2}){12,}$/;
const PERCENT = /(?:%[0-9a-fA-F]{2}[^%\n]{0,8}){3}/;

/** What a whole value says if it is base64, hex or percent-encoded text; undefined for what is none, or no text. */
export function decodedValue(value: string): Decoded | undefined {
  if (value.length > LONGEST) return undefined;
  const bare = value.replace(/\s+/g, '').replace(/^data:[\w/+.;=-]{0,80};base64,/, '');
  if (HEX.test(bare)) return asText('hex', hexBytes(bare.replace(/^0x/, '')));
  if (BASE64.test(bare)) return asText('base64', base64Bytes(bare));
  if (PERCENT.test(value)) {
    const text = unpercented(value);
    return text === undefined || text === value ? undefined : { how: 'percent signs', text };
  }
  return undefined;
}

const DECODES = /base64|b64|-enc|-ec?\b|frombase64|atob|decode|openssl|\bxxd\b|unhex/i;
const ENCODED_COMMAND = /[-/](?:e|ec|en\w{0,14})[ \t]+["']?([A-Za-z0-9+/=]{16,65536})/gi;
const BASE64_WORD = /[A-Za-z0-9+/_-]{8,65536}={0,2}/g;
const HEX_WORD = /\b(?:0x)?(?:[0-9a-fA-F]{2}){8,16384}\b/g;
/** Letters written as their numbers: `\x72\x6d`, `\162\155`. */
const SPELLED = /\\x[0-9a-fA-F]{2}|\\0?[0-7]{3}|\\u00/;
const ESCAPE = /\\x([0-9a-fA-F]{1,2})|\\u([0-9a-fA-F]{4})|\\0?([0-7]{3})/g;
const QUOTES = /"([^"\n]{2,8192})"|'([^'\n]{2,8192})'/g;
const MOST = 8;

/** What a command or program decodes as it runs, as far as it stands in its text: at most eight texts. */
export function decodedWithin(text: string): Decoded[] {
  const found: Decoded[] = [];
  const add = (one: Decoded | undefined): void => {
    if (one !== undefined && found.length < MOST && !found.some((other) => other.text === one.text))
      found.push(one);
  };
  if (text.length > LONGEST) return found;
  for (const [, word = ''] of text.matchAll(ENCODED_COMMAND))
    add(asText('base64', base64Bytes(word), 'utf-16le'));
  if (DECODES.test(text)) {
    for (const [word] of text.matchAll(HEX_WORD))
      if (/xxd|hex/i.test(text)) add(asText('hex', hexBytes(word.replace(/^0x/, ''))));
    for (const [word] of text.matchAll(BASE64_WORD))
      if (!/^[a-z/._-]+$/.test(word)) add(asText('base64', base64Bytes(word)));
  }
  for (const [, double, single] of text.matchAll(QUOTES)) add(unspelled(double ?? single ?? ''));
  return found;
}

function unspelled(text: string): Decoded | undefined {
  if (!SPELLED.test(text)) return undefined;
  let letters = 0;
  const said = text.replace(ESCAPE, (_, hex, unicode, octal) => {
    const code = octal === undefined ? Number.parseInt(hex ?? unicode, 16) : Number.parseInt(octal, 8) & 255;
    if (code >= 0x20 && code < 0x7f) letters += 1;
    return String.fromCharCode(code);
  });
  // A colour for a terminal hides nothing.
  return letters >= 2 && isText(said) ? { how: 'escapes', text: said } : undefined;
}

function asText(how: string, bytes: Uint8Array | undefined, first?: 'utf-16le'): Decoded | undefined {
  if (bytes === undefined || bytes.length < 4) return undefined;
  for (const encoding of first === undefined ? ['utf-8', 'utf-16le'] : [first, 'utf-8']) {
    // Only Latin letters prove UTF-16: any bytes are letters of some script in it.
    if (
      encoding === 'utf-16le' &&
      (bytes.length % 2 === 1 || !bytes.every((byte, at) => at % 2 === 0 || byte === 0))
    )
      continue;
    try {
      const text = new TextDecoder(encoding, { fatal: true }).decode(bytes);
      if (isText(text)) return { how, text };
    } catch {
      // Not that encoding.
    }
  }
  return undefined;
}

/** Letters of a text that somebody would read. */
function isText(text: string): boolean {
  const odd =
    text.match(/[\p{Cc}\p{Co}\p{Cn}]/gu)?.filter((letter) => !/[\n\r\t\u001b]/.test(letter)).length ?? 0;
  return odd === 0 && /[\p{L}\p{N}]{2}/u.test(text);
}

export function base64Bytes(text: string): Uint8Array | undefined {
  const bare = text.replace(/=+$/, '').replaceAll('-', '+').replaceAll('_', '/');
  if (bare.length % 4 === 1) return undefined;
  const bytes = new Uint8Array(Math.floor((bare.length * 3) / 4));
  let [bits, held, at] = [0, 0, 0];
  for (const letter of bare) {
    const value = LETTERS.indexOf(letter);
    if (value === -1) return undefined;
    held = ((held << 6) | value) & 0xffff;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes[at] = (held >> bits) & 255;
    at += 1;
  }
  return bytes;
}

function hexBytes(text: string): Uint8Array {
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

/** Percent escapes undone, `+` left as it is; undefined where they spell no text. */
export function unpercented(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

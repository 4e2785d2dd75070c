import { survey } from './survey.ts';

/** Up to this many bytes a text is decoded once, and its parts are cut from that; longer ones are decoded by part. */
const SHORT = 16 * 1024;
/** From this many bytes on, one look over all of them saves looks at each. */
const SURVEYED = 1024;

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const encoder = new TextEncoder();

/** What a clean string token, quotes included, says. Throws a SyntaxError for an escape that JSON does not know. */
export function saidBy(token: string): string {
  return token.includes('\\') ? (JSON.parse(token) as string) : token.slice(1, -1);
}

/**
 * JSON source as the bytes it came in. A long one is never decoded before somebody asks for its text: a call can
 * be judged and forwarded without becoming a string. The bytes are valid UTF-8.
 */
export class JsonSource {
  readonly bytes: Uint8Array;
  /** Where the first control character stands (the length: nowhere), or -1 when nobody has looked. */
  readonly control: number;
  /** By their starts, digests of long strings (decoded, as UTF-8) that somebody has computed: once is enough. */
  digests: Map<number, string> | undefined;
  private whole: string | undefined;

  private constructor(bytes: Uint8Array, control: number, whole: string | undefined) {
    this.bytes = bytes;
    this.control = control;
    this.whole = whole;
  }

  /** Throws a TypeError for bytes that are not UTF-8. */
  static read(bytes: Uint8Array): JsonSource {
    if (bytes.length < SURVEYED) return new JsonSource(bytes, -1, decoder.decode(bytes));
    const { ascii, control } = survey(bytes);
    if (bytes.length <= SHORT) return new JsonSource(bytes, control, decoder.decode(bytes));
    // Only checked: the text of a long one is not kept.
    if (!ascii) decoder.decode(bytes);
    return new JsonSource(bytes, control, undefined);
  }

  static of(text: string): JsonSource {
    return new JsonSource(encoder.encode(text), -1, undefined);
  }

  /** All of it, decoded. */
  get text(): string {
    this.whole ??= decoder.decode(this.bytes);
    return this.whole;
  }

  /** The source text from `start` to `end` (bytes, exclusive). */
  slice(start: number, end: number): string {
    const { bytes, whole } = this;
    // All ASCII: bytes and characters have the same places.
    if (whole !== undefined && whole.length === bytes.length) return whole.slice(start, end);
    return decoder.decode(bytes.subarray(start, end));
  }

  /** What the string token from `start` to `end` (quotes included) says, escapes decoded. */
  string(start: number, end: number): string {
    return saidBy(this.slice(start, end));
  }

  /** The same as UTF-8: where it stands, when there is nothing to decode. */
  stringBytes(start: number, end: number, escaped: boolean): Uint8Array {
    return escaped ? encoder.encode(this.string(start, end)) : this.bytes.subarray(start + 1, end - 1);
  }

  /** A value in it as a source of its own, once it was scanned: then no string in it holds a control. */
  part(start: number, end: number): JsonSource {
    const { bytes, whole } = this;
    const text = whole !== undefined && whole.length === bytes.length ? whole.slice(start, end) : undefined;
    return new JsonSource(bytes.subarray(start, end), end - start, text);
  }
}

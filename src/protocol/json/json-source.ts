import { isUtf8, survey } from './ascii-check.ts';
import { Unescaped } from './unescaped.ts';

/** Up to this many bytes a text is decoded once, and its parts are cut from that; longer ones are decoded by part. */
const SHORT = 16 * 1024;
/** From this many bytes on, one look over all of them saves looks at each. */
const SURVEYED = 1024;

/** From so many small decodings on, one of the whole is cheaper. */
const MANY = 1_000;

/** Where a long string ends, and whether an escape is in it. */
export interface LongString {
  end: number;
  escaped: boolean;
}

/** Of a long string, decoded, as UTF-8. */
export interface StringDigest {
  digest: string;
  bytes: number;
}

/** What is known of bytes before they are read. */
interface Known {
  control?: number;
  whole?: string | undefined;
  ascii?: boolean;
  longs?: Map<number, LongString>;
  from?: number;
}

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
  /** By their starts, digests of long strings that somebody has computed: once is enough. */
  digests: Map<number, StringDigest> | undefined;
  private whole: string | undefined;
  /** It is known that all of it is ASCII: then bytes and characters have the same places. */
  private readonly ascii: boolean;
  private decodings = 0;
  /** By their starts in the line of which this is a part, and where this begins in it. */
  private readonly longs: Map<number, LongString>;
  private readonly from: number;

  private constructor(bytes: Uint8Array, { control = -1, whole, ascii = false, longs, from = 0 }: Known) {
    this.bytes = bytes;
    this.control = control;
    this.whole = whole;
    this.ascii = ascii;
    this.longs = longs ?? new Map();
    this.from = from;
  }

  /** Throws a TypeError for bytes that are not UTF-8. */
  static read(bytes: Uint8Array): JsonSource {
    if (bytes.length < SURVEYED) return new JsonSource(bytes, { whole: decoder.decode(bytes) });
    const { ascii, control } = survey(bytes);
    if (bytes.length <= SHORT) return new JsonSource(bytes, { control, whole: decoder.decode(bytes) });
    if (!ascii && !isUtf8(bytes)) throw new TypeError('not UTF-8');
    return new JsonSource(bytes, { control, ascii });
  }

  static of(text: string): JsonSource {
    return new JsonSource(encoder.encode(text), {});
  }

  /** All of it, decoded. */
  get text(): string {
    this.whole ??= decoder.decode(this.bytes);
    return this.whole;
  }

  /** The source text from `start` to `end` (bytes, exclusive). */
  slice(start: number, end: number): string {
    const { bytes } = this;
    if (this.ascii && this.whole === undefined) {
      this.decodings += 1;
      if (this.decodings > MANY) this.whole = decoder.decode(bytes);
    }
    const { whole } = this;
    if (whole !== undefined && whole.length === bytes.length) return whole.slice(start, end);
    return decoder.decode(bytes.subarray(start, end));
  }

  /** What the string token from `start` to `end` (quotes included) says, escapes decoded. */
  string(start: number, end: number): string {
    return saidBy(this.slice(start, end));
  }

  /** What a stretch within a string token says; it neither begins nor ends in an escape. */
  said(start: number, end: number): string {
    return saidBy(`"${this.slice(start, end)}"`);
  }

  /** The same as UTF-8, in pieces of which each is good until the next: where it stands, if nothing is to be decoded. */
  stringPieces(start: number, end: number, escaped: boolean): Iterable<Uint8Array> {
    if (!escaped) return [this.bytes.subarray(start + 1, end - 1)];
    return new Unescaped('said').of(this.bytes, start, end).pieces();
  }

  /** What is known of a long string that begins there. */
  longAt(start: number): LongString | undefined {
    if (this.longs.size === 0) return undefined;
    const found = this.longs.get(this.from + start);
    return found && { end: found.end - this.from, escaped: found.escaped };
  }

  noteLong(start: number, { end, escaped }: LongString): void {
    this.longs.set(this.from + start, { end: this.from + end, escaped });
  }

  /** A value in it as a source of its own, once it was scanned: then no string in it holds a control. */
  part(start: number, end: number): JsonSource {
    const { bytes, whole, ascii, longs } = this;
    const same = whole !== undefined && whole.length === bytes.length;
    return new JsonSource(bytes.subarray(start, end), {
      control: end - start,
      whole: same ? whole.slice(start, end) : undefined,
      ascii,
      longs,
      from: this.from + start,
    });
  }
}

import { isUtf8 as looksLikeUtf8 } from './utf8.ts';

/** Up to this many bytes a text is decoded once, and its parts are cut from that; longer ones are decoded by part. */
const SHORT = 4 * 1024;
/** From so many small decodings on, one of the whole is cheaper. */
const MANY = 1_000;

/** A string token whose place was noted when it was passed; it begins at the key under which it is noted. */
export interface LongString {
  end: number;
  escaped: boolean;
  /** An escape in it may be another than the one that JSON.stringify would write. */
  odd: boolean;
  /** By so many bytes it is shorter when it is decoded; only where it is not odd. */
  shrinks: number;
  /** Of its contents in their canonical spelling, once somebody has computed it. */
  digest: StringDigest | undefined;
}

/** SHA-256 in lower-case hex, and how many bytes it is of. */
export interface StringDigest {
  digest: string;
  bytes: number;
}

/** Whether bytes are UTF-8 to the letter. */
export type IsUtf8 = (bytes: Uint8Array) => boolean;

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
  /** It is spelled as its canonical form but for long strings; false also where that is not known. */
  readonly regular: boolean;
  private whole: string | undefined;
  private decodings = 0;
  /** The text of which this is a part, where long strings are noted, and where this begins in it. */
  private readonly line: JsonSource;
  private readonly from: number;
  private noted: Map<number, LongString> | undefined;

  private constructor(bytes: Uint8Array, whole: string | undefined, part?: Part) {
    this.bytes = bytes;
    this.whole = whole;
    this.regular = part?.regular ?? false;
    this.line = part?.line ?? this;
    this.from = part?.from ?? 0;
  }

  /** Throws a TypeError for bytes that are not UTF-8. `isUtf8`: a faster way to see that, if there is one. */
  static read(bytes: Uint8Array, isUtf8: IsUtf8 = looksLikeUtf8): JsonSource {
    if (bytes.length <= SHORT) return new JsonSource(bytes, decoder.decode(bytes));
    if (!isUtf8(bytes)) throw new TypeError('not UTF-8');
    return new JsonSource(bytes, undefined);
  }

  static of(text: string): JsonSource {
    return new JsonSource(encoder.encode(text), undefined);
  }

  /** All of it, decoded. */
  get text(): string {
    this.whole ??= decoder.decode(this.bytes);
    return this.whole;
  }

  /** The source text from `start` to `end` (bytes, exclusive). */
  slice(start: number, end: number): string {
    const { bytes } = this;
    if (this.whole === undefined) {
      this.decodings += 1;
      if (this.decodings === MANY) this.whole = decoder.decode(bytes);
    }
    const { whole } = this;
    // Then every byte is a character.
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

  /** What is known of a long string that begins there; its `end` is a place in the line, see `placeOf`. */
  longAt(start: number): LongString | undefined {
    return this.line.noted?.get(this.from + start);
  }

  noteLong(start: number, long: Omit<LongString, 'digest'>): void {
    const { line, from } = this;
    line.noted ??= new Map();
    line.noted.set(from + start, { ...long, end: from + long.end, digest: undefined });
  }

  /** A place in the line as one in this part of it. */
  placeOf(inLine: number): number {
    return inLine - this.from;
  }

  /** Those that were noted in it, in the order in which they were passed. */
  longStrings(): readonly PlacedString[] {
    const { line, from, bytes } = this;
    if (line.noted === undefined) return NONE;
    const found: PlacedString[] = [];
    for (const [start, long] of line.noted) {
      if (start >= from && long.end <= from + bytes.length)
        found.push({ start: start - from, end: long.end - from, long });
    }
    return found;
  }

  /** The whole of which this is a part. */
  get all(): JsonSource {
    return this.line;
  }

  /** A value in it as a source of its own, once it was scanned; `regular`: what the scanner said of it. */
  part(start: number, end: number, regular = false): JsonSource {
    const { bytes, whole, line, from } = this;
    const same = whole !== undefined && whole.length === bytes.length;
    const text = same ? whole.slice(start, end) : undefined;
    return new JsonSource(bytes.subarray(start, end), text, { regular, line, from: from + start });
  }
}

/** A long string with its place in a part. */
export interface PlacedString {
  start: number;
  end: number;
  long: LongString;
}

const NONE: readonly PlacedString[] = [];

interface Part {
  regular: boolean;
  line: JsonSource;
  from: number;
}

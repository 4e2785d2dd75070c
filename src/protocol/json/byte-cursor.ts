import { JsonProblem } from './json-problem.ts';
import type { JsonSource } from './json-source.ts';
import { nextReading, simd } from './simd.ts';
import { SIMPLE_ESCAPES } from './unescaped.ts';

export const QUOTE = 0x22;
export const BACKSLASH = 0x5c;
const SLASH = 0x2f;
/** So much of a string is looked through byte by byte; then the faster loops are worth their calls. */
const NEAR = 64;
/** So much must be left of the text. */
const WORTH_A_WINDOW = 256;
/** In bytes, quotes included: where a longer string ends, and how it is spelled, is remembered by its source. */
const NOTED = 256;
/** 1 for what goes on in a string. */
const GOES_ON = new Uint8Array(256).fill(1);
GOES_ON.fill(0, 0, 0x20);
GOES_ON[QUOTE] = GOES_ON[BACKSLASH] = 0;

/** A place in JSON source, and how to get past white space and strings. */
export class ByteCursor {
  /** Tells this reading from all others. */
  readonly id = nextReading();
  readonly bytes: Uint8Array;
  protected at = 0;
  protected readonly source: JsonSource;
  /** Of the string passed last: whether an escape is in it, one in an odd spelling, and by how much decoding shortens it. */
  protected escaped = false;
  protected odd = false;
  protected shrinks = 0;
  /** Where white space was passed last. */
  protected irregular = -1;
  /** Where the next of each stands; looked up again only when the cursor has passed it. */
  private quote = -1;
  private backslash = -1;
  private control = -1;

  constructor(source: JsonSource) {
    this.source = source;
    this.bytes = source.bytes;
  }

  protected problem(cause: string, message: string): JsonProblem {
    return new JsonProblem(cause, message, this.at);
  }

  /** Space and tab only: a CR between tokens is a line end for the SDKs of Python, C# and Java. */
  protected space(): void {
    let byte = this.bytes[this.at];
    if (byte !== 0x20 && byte !== 0x09) return;
    this.irregular = this.at;
    while (byte === 0x20 || byte === 0x09) {
      this.at += 1;
      byte = this.bytes[this.at];
    }
  }

  /** Passes over a string whose quote stands at `at`; returns where it ends. */
  protected string(): number {
    const start = this.at;
    const known = this.source.longAt(start);
    if (known !== undefined) {
      this.escaped = known.escaped;
      this.odd = known.odd;
      this.shrinks = known.shrinks;
      this.at = this.source.placeOf(known.end);
      return this.at;
    }
    const end = this.stringEnd(start + 1);
    if (end - start > NOTED) {
      const { escaped, odd, shrinks } = this;
      this.source.noteLong(start, { end, escaped, odd, shrinks });
    }
    this.at = end;
    return end;
  }

  private stringEnd(from: number): number {
    const { bytes } = this;
    const { length } = bytes;
    this.escaped = this.odd = false;
    this.shrinks = 0;
    let at = from;
    let near = Math.min(from + NEAR, length);
    for (;;) {
      while (at < near && GOES_ON[bytes[at] as number] === 1) at += 1;
      if (at >= near && at < length) at = this.far(at);
      const byte = bytes[at];
      if (byte === QUOTE) return at + 1;
      if (byte !== BACKSLASH) {
        this.at = at;
        throw this.notInString(byte);
      }
      at = this.escape(at);
      // Long and full of escapes: no longer one by one.
      if (at >= near) near = length - at > WORTH_A_WINDOW ? at : length;
    }
  }

  /** The next place at or after `from` where a string may end or go wrong; the length when there is none. */
  private far(from: number): number {
    const { bytes } = this;
    const fast = bytes.length - from > WORTH_A_WINDOW ? simd() : undefined;
    if (fast === undefined) return this.farther(from);
    fast.shrinks = 0;
    fast.odd = false;
    const stop = fast.string(this, from);
    this.shrinks += fast.shrinks;
    this.odd ||= fast.odd;
    this.escaped ||= fast.odd || fast.shrinks > 0;
    return stop;
  }

  private farther(from: number): number {
    const { bytes } = this;
    if (this.quote < from) this.quote = orEnd(bytes, bytes.indexOf(QUOTE, from));
    if (this.backslash < from) this.backslash = orEnd(bytes, bytes.indexOf(BACKSLASH, from));
    if (this.control < from) this.control = controlAfter(bytes, from);
    return Math.min(this.quote, this.backslash, this.control);
  }

  private notInString(byte: number | undefined): JsonProblem {
    return byte === undefined
      ? this.problem('not-json', 'a string does not end')
      : this.problem('raw-control', 'a string holds a raw control character');
  }

  /** Passes over an escape whose backslash stands at `at`; returns where it ends. */
  private escape(at: number): number {
    const letter = this.bytes[at + 1] ?? 0;
    this.escaped = true;
    if (SIMPLE_ESCAPES[letter] !== 0) {
      if (letter === SLASH) this.odd = true;
      else this.shrinks += 1;
      return at + 2;
    }
    this.odd = true;
    if (letter === 0x75 && this.hex(at + 2)) return at + 6;
    this.at = at;
    throw this.problem('not-json', 'a string holds an unknown escape');
  }

  private hex(from: number): boolean {
    for (let at = from; at < from + 4; at += 1) if (!isHex(this.bytes[at])) return false;
    return true;
  }
}

function isHex(byte: number | undefined): boolean {
  if (byte === undefined) return false;
  const letter = byte | 0x20;
  return (byte >= 0x30 && byte <= 0x39) || (letter >= 0x61 && letter <= 0x66);
}

/** A found place, or the length when nothing was found. */
export function orEnd(bytes: Uint8Array, index: number): number {
  return index === -1 ? bytes.length : index;
}

/** The place of the first control character at or after `from`; the length when there is none. */
function controlAfter(bytes: Uint8Array, from: number): number {
  let at = from;
  while (at < bytes.length && (bytes[at] as number) >= 0x20) at += 1;
  return at;
}

import { controlAfter } from './ascii-check.ts';
import { JsonProblem } from './json-problem.ts';
import type { JsonSource } from './json-source.ts';
import { SIMPLE_ESCAPES } from './unescaped.ts';

export const QUOTE = 0x22;
export const BACKSLASH = 0x5c;
/** A string this short is looked through byte by byte; for a longer one the native searches are worth their calls. */
const NEAR = 32;
/** The same behind an escape: where there is one there are more. */
const NEAR_ESCAPE = 512;
/** In bytes, quotes included: where a longer string ends is remembered by its source. */
const LONG = 4096;
/** 1 for what goes on in a string. */
const GOES_ON = new Uint8Array(256).fill(1);
GOES_ON.fill(0, 0, 0x20);
GOES_ON[QUOTE] = GOES_ON[BACKSLASH] = 0;

/** A place in JSON source, and how to get past white space and strings. */
export class ByteCursor {
  protected at = 0;
  protected readonly source: JsonSource;
  protected readonly bytes: Uint8Array;
  /** Whether the string passed last has an escape in it. */
  protected escaped = false;
  /** Where the next of each stands; looked up again only when the cursor has passed it. */
  private quote = -1;
  private backslash = -1;
  private control: number;

  constructor(source: JsonSource) {
    this.source = source;
    this.bytes = source.bytes;
    this.control = source.control;
  }

  protected problem(cause: string, message: string): JsonProblem {
    return new JsonProblem(cause, message, this.at);
  }

  /** Space and tab only: a CR between tokens is a line end for the SDKs of Python, C# and Java. */
  protected space(): void {
    let byte = this.bytes[this.at];
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
      this.at = known.end;
      return known.end;
    }
    const end = this.stringEnd(start + 1);
    if (end - start > LONG) this.source.noteLong(start, { end, escaped: this.escaped });
    this.at = end;
    return end;
  }

  private stringEnd(from: number): number {
    const { bytes } = this;
    this.escaped = false;
    let at = from;
    let near = Math.min(at + NEAR, bytes.length);
    for (;;) {
      while (at < near && GOES_ON[bytes[at] as number] === 1) at += 1;
      if (at >= near) at = this.far(at);
      const byte = bytes[at];
      if (byte === QUOTE) return at + 1;
      if (byte !== BACKSLASH) {
        this.at = at;
        throw this.notInString(byte);
      }
      this.escaped = true;
      at = SIMPLE_ESCAPES[bytes[at + 1] ?? 0] === 0 ? this.unicode(at) : at + 2;
      near = Math.min(at + NEAR_ESCAPE, bytes.length);
    }
  }

  /** The next place at or after `from` where a string may end or go wrong; the length when there is none. */
  private far(from: number): number {
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

  /** Passes over a `\u` whose backslash stands at `at`; returns where it ends. */
  private unicode(at: number): number {
    if (this.bytes[at + 1] === 0x75 && this.hex(at + 2)) return at + 6;
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

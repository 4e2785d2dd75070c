const LF = 0x0a;

/** A line was longer than the limit; its bytes are gone, and the next line begins after its LF. */
export interface Overlong {
  overlong: number;
}

/** One stretch of bytes made of several; `size` is their sum. */
export type Join = (parts: readonly Uint8Array[], size: number) => Uint8Array;

export type Line = Uint8Array | Overlong;

/**
 * Cuts a byte stream into lines (LF-ended, LF included), whatever the chunks. Holds at most `maxBytes`; a longer
 * line is dropped to its LF and reported once, so that its tail is never read as a line of its own.
 */
export class LineSplitter {
  private readonly maxBytes: number;
  private readonly join: Join;
  private parts: Uint8Array[] = [];
  private size = 0;
  private dropped = 0;

  /** `join` makes one of several parts; Node's makes Buffers, whose searches are far faster. */
  constructor(maxBytes: number, join: Join = joined) {
    this.maxBytes = maxBytes;
    this.join = join;
  }

  /** The lines that this chunk completes, in order. */
  push(chunk: Uint8Array): Line[] {
    const lines: Line[] = [];
    let start = 0;
    for (let lf = chunk.indexOf(LF); lf !== -1; lf = chunk.indexOf(LF, start)) {
      this.take(chunk.subarray(start, lf + 1));
      lines.push(this.finish());
      start = lf + 1;
    }
    if (start < chunk.length) this.take(chunk.subarray(start));
    return lines;
  }

  /** How many bytes wait for their LF, dropped ones included. */
  get pending(): number {
    return this.size + this.dropped;
  }

  private take(part: Uint8Array): void {
    if (this.dropped > 0 || this.size + part.length > this.maxBytes) {
      this.dropped += this.size + part.length;
      this.parts = [];
      this.size = 0;
      return;
    }
    this.parts.push(part);
    this.size += part.length;
  }

  private finish(): Line {
    const { parts, size, dropped } = this;
    this.parts = [];
    this.size = 0;
    this.dropped = 0;
    if (dropped > 0) return { overlong: dropped };
    if (parts.length === 1) return parts[0] as Uint8Array;
    return this.join(parts, size);
  }
}

function joined(parts: readonly Uint8Array[], size: number): Uint8Array {
  const whole = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** The line without its LF and the one CR that may stand before it. */
export function withoutEnd(line: Uint8Array): Uint8Array {
  const end = line.length - (line.at(-1) === 0x0a ? 1 : 0);
  return line.subarray(0, line[end - 1] === 0x0d ? end - 1 : end);
}

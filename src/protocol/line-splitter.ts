import { type Join, joined } from './join.ts';

const LF = 0x0a;
/** Smaller pieces are copied together: each kept as it came costs more than its bytes, and pins its whole chunk. */
const SMALL = 4096;
const BLOCK_BYTES = 64 * 1024;

/** A line was longer than the limit; its bytes are gone, and the next line begins after its LF. */
export interface Overlong {
  overlong: number;
}

export type Line = Uint8Array | Overlong;

/**
 * Cuts a byte stream into lines (LF-ended, LF included), whatever the chunks. Holds little more than `maxBytes`,
 * also of a line that drips in byte by byte; a longer line is dropped to its LF and reported once, so that its
 * tail is never read as a line of its own.
 */
export class LineSplitter {
  private readonly maxBytes: number;
  private readonly join: Join;
  private parts: Uint8Array[] = [];
  private size = 0;
  private dropped = 0;
  /** Where small pieces are gathered: from `blockStart` to `blockEnd` not yet among the parts. */
  private block: Uint8Array | undefined;
  private blockStart = 0;
  private blockEnd = 0;

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
      lines.push(this.finish(chunk.subarray(start, lf + 1)));
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
      this.forget();
      return;
    }
    this.size += part.length;
    if (part.length < SMALL) return this.gather(part);
    this.closeBlock();
    this.parts.push(part);
  }

  private gather(part: Uint8Array): void {
    if (this.block === undefined || this.blockEnd + part.length > this.block.length) {
      this.closeBlock();
      this.block = new Uint8Array(this.parts.length === 0 ? SMALL : BLOCK_BYTES);
      this.blockStart = 0;
      this.blockEnd = 0;
    }
    this.block.set(part, this.blockEnd);
    this.blockEnd += part.length;
  }

  private closeBlock(): void {
    if (this.block === undefined || this.blockStart === this.blockEnd) return;
    this.parts.push(this.block.subarray(this.blockStart, this.blockEnd));
    this.blockStart = this.blockEnd;
  }

  private forget(): void {
    this.parts = [];
    this.size = 0;
    this.block = undefined;
    this.blockStart = 0;
    this.blockEnd = 0;
  }

  private finish(last: Uint8Array): Line {
    // The common line: whole in its chunk, and not copied.
    if (this.pending === 0 && last.length <= this.maxBytes) return last;
    this.take(last);
    this.closeBlock();
    const { parts, size, dropped } = this;
    this.forget();
    this.dropped = 0;
    if (dropped > 0) return { overlong: dropped };
    if (parts.length === 1) return parts[0] as Uint8Array;
    return this.join(parts, size);
  }
}

/** The line without its LF and the one CR that may stand before it. */
export function withoutEnd(line: Uint8Array): Uint8Array {
  const end = line.length - (line.at(-1) === 0x0a ? 1 : 0);
  return line.subarray(0, line[end - 1] === 0x0d ? end - 1 : end);
}

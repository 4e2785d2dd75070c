const FIRST_BYTES = 16 * 1024;
/** A greater buffer is let go once it was written. */
const KEPT_BYTES = 1024 * 1024;
const LF = 0x0a;
/** UTF-8 takes at most so many bytes for a UTF-16 unit. */
const BYTES_A_UNIT = 3;

/** Lines on their way to a file, as the bytes that will stand there: encoded once, for the digest and the write. */
export class LineBuffer {
  private buffer = Buffer.allocUnsafe(FIRST_BYTES);
  private used = 0;
  /** How many lines there are. */
  count = 0;

  /** Gives back the line's own bytes, without its LF; they stay valid until the next `add` or `clear`. */
  add(line: string): Uint8Array {
    this.reserve(line.length * BYTES_A_UNIT + 1);
    const start = this.used;
    const end = start + this.buffer.write(line, start);
    this.buffer[end] = LF;
    this.used = end + 1;
    this.count += 1;
    return this.buffer.subarray(start, end);
  }

  /** All lines, each with its LF. */
  get bytes(): Uint8Array {
    return this.buffer.subarray(0, this.used);
  }

  clear(): void {
    if (this.buffer.length > KEPT_BYTES) this.buffer = Buffer.allocUnsafe(FIRST_BYTES);
    this.used = 0;
    this.count = 0;
  }

  private reserve(bytes: number): void {
    const needed = this.used + bytes;
    if (needed <= this.buffer.length) return;
    const larger = Buffer.allocUnsafe(Math.max(needed, 2 * this.buffer.length));
    this.buffer.copy(larger, 0, 0, this.used);
    this.buffer = larger;
  }
}

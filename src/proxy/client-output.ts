import type { Writable } from 'node:stream';

const LF = 0x0a;

/**
 * The way to the client: the server's bytes as they come, and whole lines of ours only where a server's line has
 * ended, so that neither ever stands inside the other.
 */
export class ClientOutput {
  private readonly out: Writable;
  private atBoundary = true;
  private waiting: string[] = [];

  constructor(out: Writable) {
    this.out = out;
  }

  /** False when the client reads too slowly: stop until `drain`. */
  relay(chunk: Uint8Array): boolean {
    if (chunk.length === 0) return true;
    let more: boolean;
    const end = chunk.lastIndexOf(LF);
    if (this.waiting.length > 0 && end !== -1) {
      this.out.write(chunk.subarray(0, end + 1));
      this.release();
      more = end + 1 === chunk.length ? !this.out.writableNeedDrain : this.out.write(chunk.subarray(end + 1));
    } else more = this.out.write(chunk);
    this.atBoundary = chunk[chunk.length - 1] === LF;
    return more;
  }

  /** One whole line of ours. */
  own(line: string): void {
    if (this.atBoundary) this.out.write(line);
    else this.waiting.push(line);
  }

  /** The server will write no more: a half line of its is closed, so that ours can follow. */
  serverEnded(): void {
    if (!this.atBoundary && this.waiting.length > 0) this.out.write('\n');
    this.atBoundary = true;
    this.release();
  }

  private release(): void {
    for (const line of this.waiting) this.out.write(line);
    this.waiting = [];
  }
}

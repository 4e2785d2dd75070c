import type { Writable } from 'node:stream';

const LF = 0x0a;
/** What a client in a hurry has not read is lost after this long. */
const HURRIED_MS = 500;

/**
 * The way to the client: the server's bytes as they come, and whole lines of ours only where a server's line has
 * ended, so that neither ever stands inside the other.
 */
export class ClientOutput {
  private readonly out: Writable;
  private atBoundary = true;
  private waiting: string[] = [];
  private waitingSize = 0;
  private broken = false;

  constructor(out: Writable) {
    this.out = out;
  }

  /** How much the client has not read yet, beyond what the system keeps for it. */
  get unread(): number {
    return this.broken ? 0 : this.out.writableLength + this.waitingSize;
  }

  /** What need not be said is better not said now. */
  get busy(): boolean {
    return !this.broken && (this.waiting.length > 0 || this.out.writableNeedDrain);
  }

  /** False when the client reads too slowly: stop until `drain`. */
  relay(chunk: Uint8Array): boolean {
    if (chunk.length === 0 || this.broken) return true;
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
    if (this.broken) return;
    if (this.atBoundary) this.out.write(line);
    else {
      this.waiting.push(line);
      this.waitingSize += line.length;
    }
  }

  /** The server will write no more: a half line of its is closed, so that ours can follow. */
  serverEnded(): void {
    if (!this.atBoundary && this.waiting.length > 0) this.out.write('\n');
    this.atBoundary = true;
    this.release();
  }

  /** Nobody reads any more: every further write would only fail, and nothing may wait for one to leave. */
  broke(): void {
    this.broken = true;
    this.forget();
  }

  /** All has left for the client, or it reads no more. One that reads late gets everything, unless it is in a hurry. */
  drained(hurried: AbortSignal): Promise<void> {
    if (this.unread === 0) return Promise.resolve();
    return new Promise((resolve) => {
      const soon = (): void => void setTimeout(resolve, HURRIED_MS);
      if (hurried.aborted) soon();
      else hurried.addEventListener('abort', soon, { once: true });
      this.out.write('', () => resolve());
    });
  }

  private release(): void {
    for (const line of this.waiting) this.out.write(line);
    this.forget();
  }

  private forget(): void {
    this.waiting = [];
    this.waitingSize = 0;
  }
}

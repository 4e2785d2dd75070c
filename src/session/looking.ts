import type { Reread } from '../approvals/channel/messages.ts';

/** Whoever asks more often is answered together with others. */
const APART_MS = 1_000;

/** Reads when it is told to, one reading at a time and not more often than once a second, however often it is told. */
export class Looking {
  private readonly read: () => Promise<Reread>;
  private running: Promise<Reread> | undefined;
  private next: Promise<Reread> | undefined;

  /** `read` never rejects. */
  constructor(read: () => Promise<Reread>) {
    this.read = read;
  }

  /** What a reading that began after this call came to. */
  look(): Promise<Reread> {
    if (this.running === undefined) return this.begin();
    this.next ??= this.running.then(async () => {
      await new Promise((done) => setTimeout(done, APART_MS).unref());
      this.next = undefined;
      return this.begin();
    });
    return this.next;
  }

  private begin(): Promise<Reread> {
    const running = this.read();
    this.running = running;
    void running.then(() => setTimeout(() => this.over(running), APART_MS).unref());
    return running;
  }

  private over(running: Promise<Reread>): void {
    if (this.running === running && this.next === undefined) this.running = undefined;
  }
}

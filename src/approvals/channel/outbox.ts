/**
 * What is to be told to terminals, in order. Something big has a turn of the loop of its own, so that the call which
 * is shown and those behind it do not wait for the spelling; nothing that comes later overtakes it.
 */
export class Outbox {
  private readonly jobs: (() => void)[] = [];

  add(big: boolean, job: () => void): void {
    if (!big && this.jobs.length === 0) return job();
    this.jobs.push(job);
    if (this.jobs.length === 1) this.soon();
  }

  /** All that waits, at once. */
  empty(): void {
    for (const job of this.jobs.splice(0)) job();
  }

  private next(): void {
    this.jobs[0]?.();
    this.jobs.shift();
    if (this.jobs.length > 0) this.soon();
  }

  /** One round later, so that what came meanwhile is read first: what an I/O event sets off runs before the next one. */
  private soon(): void {
    setImmediate(() => setImmediate(() => this.next()));
  }
}

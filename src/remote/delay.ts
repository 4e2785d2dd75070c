const FIRST_DELAY_MS = 1_000;
const LONGEST_DELAY_MS = 30_000;
/** Who says "at once" time after time is asked each second, and no more often. */
const LEAST_MS = 25;
const LEAST_OFTEN_MS = 1_000;
const CALM_MS = 10_000;

/** What a stream said of when to come back; else longer with each time in vain. */
export class Delay {
  private given: number | undefined;
  private next = FIRST_DELAY_MS;
  private least = LEAST_MS;
  private last = 0;

  retry(ms: number): void {
    this.given = ms;
  }

  /** Something came: it is no use to wait longer than at first. */
  worked(): void {
    this.next = FIRST_DELAY_MS;
  }

  /** In ms, for the next time. */
  take(now: number): number {
    this.least = now - this.last > CALM_MS ? LEAST_MS : Math.min(this.least * 2, LEAST_OFTEN_MS);
    this.last = now;
    const ms = Math.max(this.given ?? this.next, this.least);
    this.next = Math.min(this.next * 2, LONGEST_DELAY_MS);
    return ms;
  }
}

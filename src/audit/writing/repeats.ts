/** So many of one cause are recorded one by one within the window; further ones are counted. */
const EACH = 20;

/** What was only counted: one record stands for `count` of them, and names the last. */
export interface Counted {
  cause: string;
  digest: string | undefined;
  bytes: number;
  count: number;
}

interface Window {
  since: number;
  seen: number;
  counted: Counted | undefined;
}

/** Keeps a flood of refusals from becoming a flood of records. Times are monotonic, in ms. */
export class Repeats {
  private readonly windowMs: number;
  private readonly windows = new Map<string, Window>();
  private waiting: Counted[] = [];

  constructor(windowMs: number) {
    this.windowMs = windowMs;
  }

  /** Whether this one gets a record of its own. */
  take(cause: string, line: { digest: string | undefined; bytes: number }, now: number): boolean {
    let window = this.windows.get(cause);
    if (window === undefined || now - window.since >= this.windowMs) {
      if (window?.counted !== undefined) this.waiting.push(window.counted);
      window = { since: now, seen: 0, counted: undefined };
      this.windows.set(cause, window);
    }
    window.seen += 1;
    if (window.seen <= EACH) return true;
    window.counted = { cause, ...line, count: (window.counted?.count ?? 0) + 1 };
    return false;
  }

  /** Whether something was only counted and has no record yet. */
  get pending(): boolean {
    return this.waiting.length > 0 || [...this.windows.values()].some((one) => one.counted !== undefined);
  }

  /** What is to be recorded now: the counts of windows that are over, or of all. */
  settle(now: number, all = false): Counted[] {
    for (const [cause, window] of this.windows) {
      if (!all && now - window.since < this.windowMs) continue;
      if (window.counted !== undefined) this.waiting.push(window.counted);
      this.windows.delete(cause);
    }
    const counts = this.waiting;
    this.waiting = [];
    return counts;
  }
}

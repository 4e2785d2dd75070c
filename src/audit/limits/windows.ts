import { type Decimal, minus, plus, ZERO } from '../../policy/decide/decimal.ts';
import type { Column, Use } from './column.ts';
import { Sum } from './sum.ts';

/** So many forgotten uses may lie in a column before it is made shorter. */
const MOST_FORGOTTEN = 4096;

/** What of one limit lies within a sliding window. */
interface Window {
  since: number;
  total: Decimal;
  /** When the next use leaves it; before that there is nothing to look at. */
  next: number;
  /** From which use on each column counts. */
  starts: Map<Column, number>;
}

/** The columns of one limit, and their sums over windows that only move forward. Times are milliseconds since 1970. */
class Limit {
  readonly columns = new Set<Column>();
  readonly windows = new Map<number, Window>();

  total(windowMs: number, since: number, keepMs: number): Decimal {
    const window = this.windows.get(windowMs) ?? this.made(windowMs, since);
    if (since >= window.next) this.slide(window, since, since + windowMs - keepMs);
    else window.since = Math.max(window.since, since);
    return window.total;
  }

  insert(column: Column, use: Use): void {
    this.columns.add(column);
    column.insert(use);
    for (const window of this.windows.values()) {
      if (use.time > window.since) {
        window.total = plus(window.total, { digits: BigInt(use.digits), exponent: use.exponent });
        window.next = Math.min(window.next, use.time);
        if (!window.starts.has(column)) window.starts.set(column, column.length - 1);
      } else window.starts.set(column, (window.starts.get(column) ?? 0) + 1);
    }
  }

  private made(windowMs: number, since: number): Window {
    const window: Window = { since, total: ZERO, next: Number.POSITIVE_INFINITY, starts: new Map() };
    const sum = new Sum();
    for (const column of this.columns) {
      const start = column.after(since);
      window.starts.set(column, start);
      for (let at = start; at < column.length; at += 1)
        sum.add(column.digits[at] as number, column.exponents[at] as number);
      if (start < column.length) window.next = Math.min(window.next, column.times[start] as number);
    }
    window.total = sum.total;
    this.windows.set(windowMs, window);
    return window;
  }

  /** Takes off what has become too old. */
  private slide(window: Window, since: number, before: number): void {
    const sum = new Sum();
    window.since = since;
    window.next = Number.POSITIVE_INFINITY;
    for (const column of this.columns) {
      let at = window.starts.get(column) ?? 0;
      for (; at < column.length && (column.times[at] as number) <= since; at += 1)
        sum.add(column.digits[at] as number, column.exponents[at] as number);
      if (at < column.length) window.next = Math.min(window.next, column.times[at] as number);
      window.starts.set(column, at);
    }
    if (this.windows.size === 1) this.forget(window, before);
    window.total = minus(window.total, sum.total);
  }

  private forget(window: Window, before: number): void {
    for (const [column, start] of window.starts) {
      if (start <= MOST_FORGOTTEN || start <= column.length / 2) continue;
      const count = Math.min(start, column.after(before));
      column.drop(count);
      window.starts.set(column, start - count);
    }
  }
}

/** All limits: what was used up of each within its window. */
export class Windows {
  /** What is older than this is forgotten. Infinity: nothing is. */
  keepMs = Number.POSITIVE_INFINITY;
  private readonly limits = new Map<string, Limit>();

  insert(item: string, column: Column, use: Use): void {
    this.of(item).insert(column, use);
  }

  /** A column with all that it holds; windows over it are added up anew. */
  add(item: string, column: Column): void {
    const limit = this.of(item);
    limit.columns.add(column);
    limit.windows.clear();
  }

  /** What was used up since `since`, which never runs backwards for one window. A time in the future counts. */
  total(item: string, windowMs: number, since: number): Decimal {
    return this.of(item).total(windowMs, since, this.keepMs);
  }

  clear(): void {
    this.limits.clear();
  }

  private of(item: string): Limit {
    const limit = this.limits.get(item) ?? new Limit();
    this.limits.set(item, limit);
    return limit;
  }
}

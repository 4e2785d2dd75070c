import type { Tip } from '../log/entry.ts';

/**
 * Who else is given what was recorded. The log comes first and decides: what it could not keep no sink is given, and
 * nothing is refused for a sink's sake. No method throws.
 */
export interface Sink {
  /** Whole lines that now stand in the log, valid until this returns, and where it ends; `durable`: they permit something. */
  committed(lines: Uint8Array, tip: Tip, durable: boolean): void;
  /** The session ends with this record. */
  closed(tip: Tip): void;
}

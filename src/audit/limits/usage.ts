import { type Decimal, plus, ZERO } from '../../policy/decide/decimal.ts';
import type { Over } from '../../policy/decide/over.ts';
import type { Entry } from '../log/entry.ts';
import type { CountedSession } from '../log/session-count.ts';
import { CLOCK_MS } from './file-reading.ts';
import { type IndexPlace, writeIndex } from './index-file.ts';
import { OtherSessions } from './other-sessions.ts';
import { type Columns, SessionUses } from './session-uses.ts';
import { Windows } from './windows.ts';

export interface SpentParts {
  /** The audit folder. */
  folder: string;
  /** The own session, whose records are given by `note`. */
  session: string;
  /** Milliseconds since 1970, never running backwards. */
  now(): number;
  /** The system's clock, by which files are stamped; without it `now`. */
  wall?(): number;
  /** The newest sessions, as they are counted beside the log. */
  counted?(): readonly CountedSession[];
  /** The longest window of any limit in force, ms; without it a longer one than before reads the log anew. */
  longestMs?: number;
  /** Where what was read of the log is kept for the next session. */
  index?: IndexPlace;
}

/** A session that read so much at its start writes an index at once: it may be killed. */
const MUCH = { bytes: 64 * 1024, files: 16 };
/** A longer file of the own session is left to the next one's start: a client does not wait for our end. */
const MOST_OWN_BYTES = 8 * 1024 * 1024;

/**
 * What calls have used up of limits: the own session's, and by their records those of every other session of the
 * home, before and beside it. Other sessions are read when first asked, or before by `prepare`, and what they wrote
 * since at every later one. An index spares the reading of files that were not touched since.
 */
export class UsageLog {
  private readonly parts: SpentParts;
  private readonly windows = new Windows();
  private readonly own: SessionUses;
  private readonly ownColumns: Columns = new Map();
  private readonly others: OtherSessions;
  private work: Generator<void> | undefined;
  private longest: number;
  private ended = false;
  private asked = false;

  constructor(parts: SpentParts) {
    this.parts = parts;
    const { folder, session, now, wall = now, counted = () => [], index, longestMs = 0 } = parts;
    this.own = new SessionUses(this.windows);
    this.others = new OtherSessions({ folder, session, wall, counted, index }, this.windows);
    this.longest = longestMs;
    if (longestMs > 0) this.windows.keepMs = longestMs + CLOCK_MS;
  }

  /** What was used up of a limit within its window. Throws errors of the system: then nobody knows. */
  spent({ key, windowMs }: Over): Decimal {
    const now = this.parts.now();
    this.asked = true;
    if (windowMs > this.longest) this.lengthen(windowMs);
    const from = this.from(now);
    try {
      while (!this.others.ready) this.step(from);
      this.others.catchUp(from);
    } catch (error) {
      this.others.lookAgain();
      throw error;
    }
    this.others.faults.assertNone(now - windowMs);
    return this.windows.total(key, windowMs, now - windowMs);
  }

  /** What of a limit an own call has used up that may still be given back. */
  openUse(call: number, { key }: Over): Decimal {
    const uses = this.own.open.get(String(call)) ?? [];
    return uses
      .filter(({ item }) => item === key)
      .reduce((sum, { digits, exponent }) => plus(sum, { digits: BigInt(digits), exponent }), ZERO);
  }

  /** Reads what limits need off the calls' way, and keeps it for the next session. Never throws. */
  prepare(): void {
    const later = (steps: Generator<void>, then: () => void): void =>
      void setImmediate(() => {
        if (this.ended) return;
        try {
          if (steps.next().done === true) then();
          else later(steps, then);
        } catch {
          // The next call meets the same fault, and is asked about.
        }
      });
    later(this.whole(), () => later(this.others.sortOut(), () => this.keep()));
  }

  /** A record of the own session that is on disk, or about to be. */
  note(entry: Entry): void {
    this.own.take(entry as unknown as Record<string, unknown>, this.parts.now(), this.ownColumns);
  }

  /** The record of a call's decision could not be written, so the call was refused. */
  undo(call: number): void {
    this.own.giveBack(String(call), this.ownColumns);
  }

  /** The own session's file is closed: what it used up is kept for the next one. Never throws. */
  end(): void {
    this.ended = true;
    this.work?.return(undefined);
    if (!this.asked || !this.others.ready || this.parts.index === undefined) return;
    try {
      const from = this.from(this.parts.now());
      this.others.catchUp(from);
      this.others.readOwn(MOST_OWN_BYTES);
      this.save(from);
    } catch {
      // The next session reads the log instead.
    }
  }

  /** What was last written before this cannot matter. */
  private from(now: number): number {
    return now - this.longest - CLOCK_MS;
  }

  private *whole(): Generator<void> {
    while (!this.others.ready) {
      this.step(this.from(this.parts.now()));
      yield;
    }
  }

  private step(from: number): void {
    this.work ??= this.others.first(from);
    try {
      if (this.work.next().done === true) this.work = undefined;
    } catch (error) {
      this.work = undefined;
      throw error;
    }
  }

  private lengthen(windowMs: number): void {
    this.longest = windowMs;
    this.windows.keepMs = windowMs + CLOCK_MS;
    this.work?.return(undefined);
    this.work = undefined;
    this.others.beginAnew();
    this.windows.clear();
    for (const [item, column] of this.ownColumns) this.windows.add(item, column);
  }

  private keep(): void {
    const { bytes, files } = this.others.cost;
    if (bytes >= MUCH.bytes || files >= MUCH.files) this.save(this.from(this.parts.now()));
  }

  private save(from: number): void {
    const { index } = this.parts;
    if (index !== undefined) writeIndex(index, { covers: from, ...this.others.index(from) });
  }
}

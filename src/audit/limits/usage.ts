import { closeSync, existsSync, fstatSync, openSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Decimal } from '../../policy/decide/decimal.ts';
import type { Counted, Over } from '../../policy/decide/over.ts';
import type { Entry } from '../log/entry.ts';
import { type CountedSession, goneSince } from '../log/session-count.ts';
import { listMonth, listMonths, type SessionFile } from '../log/session-files.ts';
import { SpentCalls } from './usage-by-call.ts';

/** How far another session's file was read. */
interface Reading {
  file: SessionFile;
  offset: number;
  /** It has recorded its end: nothing more comes. */
  ended: boolean;
  /** A line of it cannot be read, and nobody knows what it would have counted. */
  damaged: boolean;
}

const CHUNK = 256 * 1024;
const LF = 0x0a;
/** Records that neither count nor give back; whatever is not surely one of them is read. */
const UNRELATED =
  /^\{"v":1,[^{}]*"type":"decision"(?!.*"counted":)|^\{"v":1,[^{}]*"type":"(?:forward|policy|grant|pin|approver|fault|pruned)"/;

export interface SpentParts {
  /** The audit folder. */
  folder: string;
  /** The own session, whose records are given by `note`. */
  session: string;
  /** Milliseconds since 1970, never running backwards. */
  now(): number;
  /** The newest sessions, as they are counted beside the log. */
  counted?(): readonly CountedSession[];
}

/**
 * What calls have used up of limits: the own session's, and by their records those of every other session of the
 * home, before and beside it. Other sessions are read when first asked, and what they wrote since at every later one.
 */
export class UsageLog {
  private readonly parts: SpentParts;
  private readonly calls = new SpentCalls();
  private readonly readings = new Map<string, Reading>();
  private longest = 0;

  constructor(parts: SpentParts) {
    this.parts = parts;
  }

  /** What was used up of a limit within its window. Throws errors of the system: then nobody knows. */
  spent({ key, windowMs }: Over): Decimal {
    const now = this.parts.now();
    this.readOthers(now, windowMs);
    return this.calls.total(key, now - windowMs);
  }

  /** A record of the own session that is on disk, or about to be. */
  note(entry: Entry): void {
    this.take(this.parts.session, entry as unknown as Record<string, unknown>, this.parts.now());
  }

  /** The record of a call's decision could not be written, so the call was refused. */
  undo(call: number): void {
    this.calls.giveBack(`${this.parts.session}#${call}`);
  }

  private take(session: string, entry: Record<string, unknown>, time: number): void {
    const call = `${session}#${String(entry['call'])}`;
    switch (entry['type']) {
      case 'decision':
        if (Array.isArray(entry['counted'])) this.calls.use(call, time, entry['counted'] as Counted[]);
        break;
      case 'verdict':
        if (entry['verdict'] !== 'approve') this.calls.giveBack(call);
        break;
      case 'hold':
        // Its client was told that nothing ran; when it asks again, that call counts.
        if (entry['event'] === 'detached') this.calls.giveBack(call);
        break;
      case 'refusal':
        this.calls.giveBack(call);
        break;
      case 'outcome':
        this.calls.settle(call);
    }
  }

  private readOthers(now: number, windowMs: number): void {
    const { folder, session } = this.parts;
    // A longer window than any before needs files that were passed over.
    const all = windowMs > this.longest;
    this.longest = Math.max(this.longest, windowMs);
    if (all) this.assertNoneGone(now);
    const months = listMonths(folder);
    // A session stays in the folder of the month it began in; new ones begin in the last.
    for (const month of all ? months : months.slice(-2)) {
      for (const file of listMonth(folder, month).files) {
        if (file.session === session || this.readings.has(file.name)) continue;
        const stat = statSync(file.path, { throwIfNoEntry: false });
        if (stat !== undefined && stat.mtimeMs >= now - this.longest)
          this.readings.set(file.name, { file, offset: 0, ended: false, damaged: false });
      }
    }
    for (const reading of this.readings.values()) {
      if (!reading.ended) this.readOn(reading);
      if (reading.damaged) {
        const name = reading.file.name;
        throw new Error(`the log ${name} is damaged (see "holdpoint audit verify")`);
      }
    }
  }

  /** A log that was removed would give back all that it had used up. */
  private assertNoneGone(now: number): void {
    const { folder, session, counted = () => [] } = this.parts;
    const has = (file: string): boolean => file.includes(session) || existsSync(join(folder, file));
    const gone = goneSince(counted(), now - this.longest, has);
    if (gone === undefined) return;
    throw new Error(`the log ${gone.file} is gone (see "holdpoint audit verify")`);
  }

  private readOn(reading: Reading): void {
    const { path, session } = reading.file;
    const size = statSync(path, { throwIfNoEntry: false })?.size;
    if (size === undefined || size <= reading.offset) return;
    for (const line of newLines(path, reading)) {
      // Most records have nothing to do with limits, and reading them all takes time.
      if (UNRELATED.test(line)) continue;
      const record = recordIn(line);
      if (record === undefined) {
        reading.damaged = true;
        continue;
      }
      if (record['type'] === 'session' && record['event'] === 'stop') reading.ended = true;
      this.take(session, record, Date.parse(String(record['time'])));
    }
  }
}

function recordIn(line: string): Record<string, unknown> | undefined {
  try {
    const record: unknown = JSON.parse(line);
    return typeof record === 'object' && record !== null ? (record as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

/** The whole lines that were added to a file since; moves the reading on behind them. */
function newLines(path: string, reading: Reading): string[] {
  const fd = openSync(path, 'r');
  try {
    const end = fstatSync(fd).size;
    const lines: string[] = [];
    let rest = Buffer.alloc(0);
    for (let at = reading.offset; at < end; ) {
      const chunk = Buffer.alloc(Math.min(CHUNK, end - at));
      const read = readSync(fd, chunk, 0, chunk.length, at);
      if (read === 0) break;
      at += read;
      const bytes = Buffer.concat([rest, chunk.subarray(0, read)]);
      const last = bytes.lastIndexOf(LF);
      if (last !== -1) lines.push(...bytes.toString('utf8', 0, last).split('\n'));
      rest = bytes.subarray(last + 1);
      if (last !== -1) reading.offset = at - rest.length;
    }
    return lines;
  } finally {
    closeSync(fd);
  }
}

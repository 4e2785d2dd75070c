import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { type ReadRecord, RecordProblem, readRecord } from '../log/read-record.ts';
import { listMonth, listMonths, type SessionFile } from '../log/session-files.ts';
import type { CallRecord } from './call-record.ts';
import { SessionCalls } from './session-calls.ts';

/** A record that was just read, with the call it belongs to as it stands after it. */
export interface FollowedRecord {
  record: ReadRecord;
  call: CallRecord | undefined;
}

interface Followed {
  /** Where the first line that was not read yet begins. */
  offset: number;
  calls: SessionCalls;
}

const CHUNK = 1 << 20;
const LF = 0x0a;
/** Files of older months are rarely still written: they are looked at once in so many polls. */
const OLD_MONTHS_EVERY = 20;
const RECENT_MONTHS = 2;

/** Reads what is new in an audit folder, poll by poll; the first poll reads everything. */
export class Follower {
  private readonly folder: string;
  private readonly onWarning: (warning: string) => void;
  private readonly followed = new Map<string, Followed>();
  /** A session's calls, whichever of its files they stand in. */
  private readonly sessions = new Map<string, SessionCalls>();
  private polls = 0;

  constructor(folder: string, onWarning: (warning: string) => void) {
    this.folder = folder;
    this.onWarning = onWarning;
  }

  /** Hands on each new record. Throws errors of the system when the folder cannot be listed. */
  poll(onRecord: (followed: FollowedRecord) => void): void {
    const months = listMonths(this.folder);
    const all = this.polls % OLD_MONTHS_EVERY === 0;
    this.polls += 1;
    for (const month of all ? months : months.slice(-RECENT_MONTHS)) {
      for (const file of listMonth(this.folder, month).files) this.pollFile(file, onRecord);
    }
  }

  private pollFile(file: SessionFile, onRecord: (followed: FollowedRecord) => void): void {
    const calls = this.sessions.get(file.session) ?? new SessionCalls();
    this.sessions.set(file.session, calls);
    const state = this.followed.get(file.name) ?? { offset: 0, calls };
    this.followed.set(file.name, state);
    try {
      const { size } = statSync(file.path);
      if (size < state.offset) {
        this.onWarning(`${file.name} was cut: it is shorter than it was.`);
        state.offset = size;
      }
      if (size > state.offset) this.readNew(file, state, onRecord);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === undefined) throw error;
      // Retention may remove a file between the listing and the reading.
      if (code !== 'ENOENT') this.onWarning(`${file.name} could not be read: ${code}.`);
    }
  }

  private readNew(file: SessionFile, state: Followed, onRecord: (followed: FollowedRecord) => void): void {
    const fd = openSync(file.path, 'r');
    try {
      const chunk = Buffer.allocUnsafe(CHUNK);
      let rest: Buffer = Buffer.alloc(0);
      for (;;) {
        const read = readSync(fd, chunk, 0, CHUNK, state.offset + rest.length);
        if (read === 0) return;
        const bytes = Buffer.concat([rest, chunk.subarray(0, read)]);
        let from = 0;
        for (let at = bytes.indexOf(LF); at !== -1; at = bytes.indexOf(LF, from)) {
          this.line(file, state, { bytes: bytes.subarray(from, at), onRecord });
          from = at + 1;
        }
        // A line without its end is read anew next time: it may be taken back before it is whole.
        state.offset += from;
        rest = bytes.subarray(from);
      }
    } finally {
      closeSync(fd);
    }
  }

  private line(
    file: SessionFile,
    { calls }: Followed,
    { bytes, onRecord }: { bytes: Buffer; onRecord: (followed: FollowedRecord) => void },
  ): void {
    try {
      const record = readRecord(bytes);
      if (record.session !== file.session) throw new RecordProblem('damaged', 'it is of another session');
      calls.add(record);
      onRecord({ record, call: calls.calls.get(record.fields['call'] as number) });
    } catch (error) {
      if (!(error instanceof RecordProblem)) throw error;
      this.onWarning(`A line of ${file.name} was skipped: ${error.message}.`);
    }
  }
}

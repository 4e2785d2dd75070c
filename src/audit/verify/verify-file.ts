import { sha256Hex, ZERO } from '../../platform/digest.ts';
import type { Tip } from '../log/entry.ts';
import { type ReadRecord, RecordProblem, readRecord } from '../log/read-record.ts';
import { type RawLine, readLines, type SessionFile } from '../log/session-files.ts';

/** Something that verify found. `line` counts from 1. */
export interface Problem {
  kind: 'tampered' | 'incomplete' | 'unreadable';
  file: string;
  line?: number;
  what: string;
}

/** Somebody's word on the last record of a session: a later one's, a checkpoint's, the count's. */
export interface Claim {
  by: string;
  line?: number;
  tip: Tip;
}

/** One file's chain, checked line by line. */
export interface FileCheck {
  file: SessionFile;
  records: number;
  /** The digest of each whole line, by seq. */
  digests: string[];
  problems: Problem[];
  claims: Claim[];
}

/** A file of garbage must not make a report of gigabytes. */
const MOST_PROBLEMS = 100;

class FileChecker {
  readonly check: FileCheck;
  private expected = { seq: 0, prev: ZERO };
  private stopped = false;
  private readonly onRecord: (record: ReadRecord) => void;

  constructor(file: SessionFile, onRecord: (record: ReadRecord) => void) {
    this.check = { file, records: 0, digests: [], problems: [], claims: [] };
    this.onRecord = onRecord;
  }

  run(): FileCheck {
    const { file } = this.check;
    try {
      for (const line of readLines(file.path)) this.line(line);
    } catch (error) {
      this.problem('unreadable', `It cannot be read: ${(error as NodeJS.ErrnoException).code ?? error}.`);
      return this.check;
    }
    if (this.check.digests.length === 0 && this.check.problems.length === 0) {
      this.problem('incomplete', 'It is empty: its first record was never written, or was cut off.');
    }
    return this.check;
  }

  private problem(kind: Problem['kind'], what: string, line?: number): void {
    const { problems, file } = this.check;
    if (problems.length < MOST_PROBLEMS) {
      problems.push({ kind, file: file.name, ...(line === undefined ? {} : { line }), what });
    }
  }

  private line(line: RawLine): void {
    if (line.torn) {
      this.problem(
        'incomplete',
        'The last line is torn: it has no line end, so it is no record.',
        line.number,
      );
      return;
    }
    const digest = sha256Hex(line.bytes);
    this.check.digests.push(digest);
    const { seq, prev } = this.expected;
    // What follows a damaged line is judged by that line as it stands, so that one change is told once.
    this.expected = { seq: seq + 1, prev: digest };
    try {
      const record = readRecord(line.bytes);
      this.expected.seq = record.seq + 1;
      this.compare(record, { seq, prev, line: line.number });
      this.check.records += 1;
      this.claim(record, line.number);
      this.onRecord(record);
    } catch (error) {
      if (!(error instanceof RecordProblem)) throw error;
      const kind = error.kind === 'newer' ? 'unreadable' : 'tampered';
      this.problem(kind, `This line is no record: ${error.message}.`, line.number);
    }
  }

  private compare(record: ReadRecord, expected: { seq: number; prev: string; line: number }): void {
    const { seq, prev, line } = expected;
    if (record.seq !== seq) {
      this.problem(
        'tampered',
        `Its seq is ${record.seq} and should be ${seq}: lines are missing, added or moved.`,
        line,
      );
    }
    if (record.prev !== prev) {
      this.problem(
        'tampered',
        'Its prev is not the digest of the line before: that line was changed, or this one moved.',
        line,
      );
    }
    if (record.session !== this.check.file.session) {
      this.problem('tampered', "Its session is not the one of the file's name.", line);
    }
    if (record.type === 'session' && record.fields['event'] === 'continued') {
      const what =
        'It goes on where the file before could not be written any more: what was to be recorded at that moment was refused.';
      this.problem('incomplete', what, line);
    }
    if (this.stopped) this.problem('tampered', 'It follows the stop of its session.', line);
    this.stopped = record.type === 'session' && record.fields['event'] === 'stop';
  }

  private claim(record: ReadRecord, line: number): void {
    if (record.type !== 'session') return;
    const { previousTip, otherTips = [] } = record.fields;
    const tips = [previousTip ?? [], otherTips].flat() as unknown[];
    for (const tip of tips) {
      const { file, seq, digest } = (tip ?? {}) as Partial<Record<keyof Tip, unknown>>;
      if (typeof file === 'string' && typeof seq === 'number' && typeof digest === 'string') {
        this.check.claims.push({ by: this.check.file.name, line, tip: { file, seq, digest } });
      } else {
        this.problem('tampered', 'One of its tips names no file, seq and digest.', line);
      }
    }
  }
}

/** Checks one file's bytes and chain; hands every readable record to `onRecord`. Never throws for what it reads. */
export function checkFile(file: SessionFile, onRecord: (record: ReadRecord) => void): FileCheck {
  return new FileChecker(file, onRecord).run();
}

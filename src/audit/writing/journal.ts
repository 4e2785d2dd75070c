import * as nodeFs from 'node:fs';
import { constants } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { sha256Hex, ZERO } from '../../platform/digest.ts';
import { PlainError } from '../../platform/plain-error.ts';
import { privateFolderFault } from '../../platform/private-folder.ts';
import type { Entry, Tip } from '../log/entry.ts';
import { serialise } from '../log/serialise.ts';
import { sessionFileName } from '../log/session-files.ts';
import { LineBuffer } from './line-buffer.ts';
import type { Sink } from './sink.ts';

export interface Clock {
  /** Milliseconds since the epoch. */
  wall(): number;
  /** Milliseconds from any origin; never runs backwards. */
  mono(): number;
}

/** The calls to the file system that may fail while the journal writes; tests give their own. */
export interface JournalFs {
  openSync(path: string, flags: number, mode?: number): number;
  writeSync(fd: number, bytes: Uint8Array, offset: number, length: number): number;
  fdatasyncSync(fd: number): void;
  ftruncateSync(fd: number, length: number): void;
  fstatSync(fd: number): { size: number; nlink: number };
  closeSync(fd: number): void;
}

export interface JournalOptions {
  /** `<home>/audit`; made when it is missing. */
  folder: string;
  session: string;
  clock: Clock;
  /** `process`: records survive the process's death; `disk`: every commit is synced. */
  durability: 'process' | 'disk';
  /** Who else is given what was committed. */
  sinks?: readonly Sink[];
  fs?: JournalFs;
}

/** One sentence that names the file and the cause. Whoever meets it must not let the call through. */
export class JournalError extends PlainError {
  constructor(message: string, options?: { cause?: unknown }) {
    super(message, 1, options);
    this.name = 'JournalError';
  }
}

export interface Journal {
  /** Absolute path, known before the file exists; another one once a file had to be given up. */
  readonly file: string;
  /** The same within the audit folder: `<YYYY-MM>/<session>.jsonl`. */
  readonly name: string;
  /** The last committed record; undefined before the first. */
  readonly tip: Tip | undefined;
  /** How many records wait for a commit. */
  readonly staged: number;
  /** Gives the entry its seq, time, mono, session and prev; returns its seq. No I/O; never throws. */
  stage(entry: Entry): number;
  /**
   * Writes all that is staged at once, and syncs it when durable; nothing staged: does nothing. Throws a
   * JournalError; then nothing of it counts: the staged records are forgotten, the file is cut back to its last
   * committed record, and a later commit may succeed; where that is not possible, what is staged next goes into a new file.
   */
  commit(options?: { durable?: boolean }): void;
  /** Every write is synced from now on. */
  syncEach(): void;
  /** Forgets what was staged since the last commit. */
  discard(): void;
  /** Commits what is staged and closes the file. Never throws. */
  close(): void;
}

/** A disk that fails so often is not worth another try. */
const MOST_PARTS = 20;
const FLAGS = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | constants.O_EXCL;

const NO_SINKS: readonly Sink[] = [];

function causeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? (error as Error).message;
}

class FileJournal implements Journal {
  file: string;
  private readonly folder: string;
  private options: JournalOptions;
  private readonly fs: JournalFs;
  private readonly openedAt: number;
  private part = 1;
  private fd: number | undefined;
  private namesSynced = false;
  private closed = false;
  /** Why no commit to this file can succeed any more. */
  private broken: string | undefined;
  private lastTime = { wall: Number.NaN, iso: '' };
  private readonly lines = new LineBuffer();
  private next = { seq: 0, prev: ZERO };
  private committed = { seq: 0, prev: ZERO, size: 0 };

  constructor(options: JournalOptions) {
    const month = new Date(options.clock.wall()).toISOString().slice(0, 7);
    this.folder = resolve(options.folder, month);
    this.file = join(this.folder, sessionFileName(options.session, this.part));
    this.options = options;
    this.fs = options.fs ?? nodeFs;
    this.openedAt = options.clock.mono();
  }

  get staged(): number {
    return this.lines.count;
  }

  get tip(): Tip | undefined {
    const { seq, prev } = this.committed;
    return seq === 0 ? undefined : { file: this.name, seq: seq - 1, digest: prev };
  }

  get name(): string {
    return `${basename(this.folder)}/${basename(this.file)}`;
  }

  stage(entry: Entry): number {
    if (this.broken !== undefined && !this.closed && this.part < MOST_PARTS && this.lines.count === 0)
      this.goOn();
    return this.add(entry);
  }

  /**
   * What could not be synced or taken back is given up for good: the kernel may have dropped its pages, and a second
   * sync of the same file lies (fsyncgate). The session goes on in a new file that names the last good record.
   */
  private goOn(): void {
    const { tip } = this;
    this.closeFile();
    this.part += 1;
    this.file = join(this.folder, sessionFileName(this.options.session, this.part));
    this.broken = undefined;
    this.namesSynced = false;
    this.next = { seq: 0, prev: ZERO };
    this.committed = { ...this.next, size: 0 };
    this.add({ type: 'session', kind: 'run', event: 'continued', previousTip: tip ?? null });
  }

  private add(entry: Entry): number {
    const { clock, session } = this.options;
    const { seq, prev } = this.next;
    const time = this.isoTime(clock.wall());
    const line = serialise(
      { seq, time, mono: Math.floor(clock.mono() - this.openedAt), session, prev },
      entry,
    );
    this.next = { seq: seq + 1, prev: sha256Hex(this.lines.add(line)) };
    return seq;
  }

  /** The same millisecond is spelled once. */
  private isoTime(wall: number): string {
    if (this.lastTime.wall !== wall) this.lastTime = { wall, iso: new Date(wall).toISOString() };
    return this.lastTime.iso;
  }

  syncEach(): void {
    this.options = { ...this.options, durability: 'disk' };
  }

  discard(): void {
    this.lines.clear();
    this.next = { seq: this.committed.seq, prev: this.committed.prev };
  }

  commit(options?: { durable?: boolean }): void {
    if (this.lines.count === 0) return;
    if (this.broken !== undefined) {
      this.discard();
      throw this.error(this.broken);
    }
    const { bytes } = this.lines;
    const permits = options?.durable === true;
    try {
      this.fd ??= this.open();
      this.writeFully(this.fd, bytes);
      if (permits || this.options.durability === 'disk') this.sync(this.fd);
    } catch (error) {
      this.rollBack();
      throw error instanceof JournalError ? error : this.error(causeOf(error), error);
    }
    const { seq, prev } = this.next;
    this.committed = { seq, prev, size: this.committed.size + bytes.length };
    this.lines.clear();
    this.hand(bytes, permits);
  }

  /** A sink may have something recorded, into the buffer that the lines stand in. */
  private hand(bytes: Uint8Array, permits: boolean): void {
    const { sinks = NO_SINKS } = this.options;
    const tip = sinks.length === 0 ? undefined : this.tip;
    if (tip === undefined) return;
    const lines = Uint8Array.from(bytes);
    for (const sink of sinks) sink.committed(lines, tip, permits);
  }

  close(): void {
    try {
      this.commit();
    } catch {
      // Whoever closes has nobody left to tell; verify shows the gap as an unknown outcome.
      this.discard();
    }
    const { tip } = this;
    for (const sink of this.options.sinks ?? []) if (tip !== undefined && !this.closed) sink.closed(tip);
    this.broken = 'it is closed';
    this.closed = true;
    this.closeFile();
  }

  private closeFile(): void {
    if (this.fd === undefined) return;
    try {
      this.fs.closeSync(this.fd);
    } catch {
      // The records are written; a descriptor that does not close changes nothing of that.
    }
    this.fd = undefined;
  }

  private error(why: string, cause?: unknown): JournalError {
    return new JournalError(`The audit log ${this.file} cannot be written: ${why}.`, { cause });
  }

  private open(): number {
    for (const folder of [dirname(this.folder), this.folder]) {
      const fault = privateFolderFault(folder);
      if (fault !== undefined) throw this.error(fault.why);
    }
    return this.fs.openSync(this.file, FLAGS, 0o600);
  }

  /** A disk that fills up gives a short write first and ENOSPC only then. */
  private writeFully(fd: number, bytes: Uint8Array): void {
    let written = 0;
    while (written < bytes.length) {
      const count = this.fs.writeSync(fd, bytes, written, bytes.length - written);
      if (count <= 0) throw this.error('the system took none of its bytes');
      written += count;
    }
  }

  private sync(fd: number): void {
    // Somebody who removed the file would else be given a permission that no file records.
    if (this.fs.fstatSync(fd).nlink === 0) {
      this.broken = 'it was removed while in use';
      throw this.error(this.broken);
    }
    try {
      this.fs.fdatasyncSync(fd);
    } catch (error) {
      // After a failed sync the kernel may have dropped the pages and a second sync lies (fsyncgate).
      this.broken = `an earlier sync failed with ${causeOf(error)}`;
      throw error;
    }
    if (!this.namesSynced) this.syncNames();
    this.namesSynced = true;
  }

  /** The new file's name must survive a power cut too; file systems that cannot sync a folder keep no promise here. */
  private syncNames(): void {
    const month = dirname(this.file);
    for (const folder of [month, dirname(month)]) {
      try {
        const fd = this.fs.openSync(folder, constants.O_RDONLY);
        try {
          this.fs.fdatasyncSync(fd);
        } finally {
          this.fs.closeSync(fd);
        }
      } catch {
        // Best effort: the records themselves are synced.
      }
    }
  }

  private rollBack(): void {
    this.discard();
    if (this.fd === undefined) return;
    try {
      this.fs.ftruncateSync(this.fd, this.committed.size);
      if (this.fs.fstatSync(this.fd).size === this.committed.size) return;
      this.broken ??= 'a half-written record could not be taken back';
    } catch (error) {
      this.broken ??= `a half-written record could not be taken back (${causeOf(error)})`;
    }
  }
}

/**
 * The journal of one session: `<folder>/<YYYY-MM>/<session>.jsonl` (UTC month of now), made at the first commit,
 * mode 0600. One writer a file; does no I/O itself.
 */
export function openJournal(options: JournalOptions): Journal {
  return new FileJournal(options);
}

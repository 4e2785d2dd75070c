import type { SessionFile } from '../log/session-files.ts';
import { type FileReading, type Identity, identityOf, readOn, unread } from './file-reading.ts';
import type { KnownSession } from './known-sessions.ts';
import type { LogFaults } from './log-faults.ts';
import { SessionUses } from './session-uses.ts';
import type { Windows } from './windows.ts';

const MODIFIED = 2;
const SIZE = 1;

/** The files that matter to a limit, as far as they were read. */
export class Readings {
  readonly sessions = new Map<string, KnownSession>();
  readonly files = new Map<string, FileReading>();
  /** Those that may still be written. */
  readonly live = new Set<FileReading>();
  /** Bytes and files that were read because the index did not know them. */
  readonly cost = { bytes: 0, files: 0 };
  private readonly windows: Windows;
  private readonly faults: LogFaults;
  private readonly wall: () => number;

  /** `wall`: the system's clock, ms since 1970. */
  constructor(windows: Windows, faults: LogFaults, wall: () => number) {
    this.windows = windows;
    this.faults = faults;
    this.wall = wall;
  }

  /** A session as the index knows it. */
  adopt(session: KnownSession): void {
    for (const reading of session.files) {
      this.sessions.set(reading.file.session, session);
      this.files.set(reading.file.name, reading);
      if (!reading.ended) this.live.add(reading);
      for (const [item, column] of reading.columns) this.windows.add(item, column);
    }
  }

  /** A file of which nothing is known yet. */
  begin(file: SessionFile, identity: Identity, uses?: SessionUses): FileReading {
    const reading = unread(file, identity);
    const session = this.sessions.get(file.session) ?? {
      uses: uses ?? new SessionUses(this.windows),
      files: [],
    };
    session.files.push(reading);
    this.sessions.set(file.session, session);
    this.files.set(file.name, reading);
    this.live.add(reading);
    this.cost.files += 1;
    return reading;
  }

  /** Reads what was added to a file, with pauses. Throws errors of the system. */
  *read(reading: FileReading): Generator<void> {
    const { file } = reading;
    const identity = identityOf(file.path);
    if (identity === undefined) this.vanished(file.name);
    else if (identity[SIZE] < reading.offset) this.faults.changed(file.name, identity[MODIFIED]);
    else if (identity[SIZE] > reading.offset) {
      const start = reading.offset;
      const session = this.sessions.get(file.session);
      if (session !== undefined) yield* readOn(reading, session.uses);
      reading.identity = identity;
      this.cost.bytes += reading.offset - start;
      if (reading.damaged) this.faults.damaged(file.name);
    }
    if (reading.ended) this.live.delete(reading);
  }

  /** What a file that may still have been written held by then, nobody knows. */
  vanished(name: string): void {
    const reading = this.files.get(name);
    if (reading === undefined || !this.live.has(reading)) return;
    this.live.delete(reading);
    this.faults.gone(name, this.wall());
  }

  clear(): void {
    this.sessions.clear();
    this.files.clear();
    this.live.clear();
  }
}

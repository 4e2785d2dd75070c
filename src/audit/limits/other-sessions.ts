import { type CountedSession, sessionOf } from '../log/session-count.ts';
import { inOrder, type SessionFile } from '../log/session-files.ts';
import { EarlierWord } from './earlier-word.ts';
import { type FileReading, type Identity, identityOf } from './file-reading.ts';
import { type IndexPlace, type LimitsIndex, readIndex } from './index-file.ts';
import { adopted, indexed, type KnownSession } from './known-sessions.ts';
import { LogFaults } from './log-faults.ts';
import { type Change, NamesThere } from './names-there.ts';
import { PassedFiles } from './passed-files.ts';
import { Readings } from './readings.ts';
import { SessionUses } from './session-uses.ts';
import { Windows } from './windows.ts';

export interface OthersParts {
  /** The audit folder. */
  folder: string;
  /** The own session, whose records are given by `note`. */
  session: string;
  /** The system's clock, ms since 1970. */
  wall(): number;
  /** The newest sessions, as they are counted beside the log. */
  counted(): readonly CountedSession[];
  index: IndexPlace | undefined;
}

/** So many files are looked at between two pauses. */
const FILES_A_STEP = 64;
const MODIFIED = 2;
const SIZE = 1;

/** What other sessions of the home used up, before and beside the own one: by the index, and by their records. */
export class OtherSessions {
  readonly faults: LogFaults;
  /** All that matters was read once. */
  ready = false;
  /** Files of the own session. */
  readonly own: SessionFile[] = [];
  private readonly parts: OthersParts;
  private readonly windows: Windows;
  private readonly names: NamesThere;
  private readonly earlier: EarlierWord;
  private readonly passed: PassedFiles;
  private readonly readings: Readings;
  private adoptedIndex = false;

  constructor(parts: OthersParts, windows: Windows) {
    this.parts = parts;
    this.windows = windows;
    this.names = new NamesThere(parts.folder, parts.wall);
    this.faults = new LogFaults(parts.folder);
    this.earlier = new EarlierWord(this.faults);
    this.passed = new PassedFiles(this.earlier.heard);
    this.readings = new Readings(windows, this.faults, parts.wall);
  }

  /** Bytes and files that were read because the index did not know them. */
  get cost(): { bytes: number; files: number } {
    return this.readings.cost;
  }

  /** For a longer window than before: files that were passed over may matter. */
  beginAnew(): void {
    for (const kept of [this.readings, this.names, this.earlier, this.passed, this.faults]) kept.clear();
    this.own.length = 0;
    this.adoptedIndex = false;
    this.ready = false;
  }

  /** A look failed half-way: the next one begins with all names. */
  lookAgain(): void {
    this.names.lookAgain();
  }

  /** Reads all that was written since `from`, with pauses. Throws errors of the system. */
  *first(from: number): Generator<void> {
    // Before the files: what it says of their ends is true by now.
    this.earlier.hear(this.parts.counted());
    yield* this.adoptIndex(from);
    for (const month of this.names.months()) yield* this.meetAll(this.names.change(month), from);
    this.earlier.findGone(this.names, this.parts.session);
    for (const reading of [...this.readings.live]) yield* this.readings.read(reading);
    this.earlier.compare(this.readings, { from, now: this.parts.wall() });
    this.ready = true;
  }

  /** Reads what was written since the last look. Throws errors of the system. */
  catchUp(from: number): void {
    this.names.months();
    for (const month of this.names.recent) drain(this.meetAll(this.names.change(month), from));
    for (const { file, identity } of this.passed.written(this.names.recent, from))
      this.readings.begin(file, identity);
    for (const reading of this.readings.live) drain(this.readings.read(reading));
  }

  /** Finds out which of the files that were passed over have ended, with pauses: the others are looked at for every call. */
  *sortOut(): Generator<void> {
    for (const _ of this.passed.sortOut()) {
      this.readings.cost.files += 1;
      if (this.readings.cost.files % FILES_A_STEP === 0) yield;
    }
  }

  /** The own session has ended: its files are read as any other's. */
  readOwn(mostBytes: number): void {
    const scratch = new SessionUses(new Windows());
    for (const file of this.own.sort(inOrder)) {
      const identity = identityOf(file.path);
      if (identity === undefined || identity[SIZE] > mostBytes) return;
      drain(this.readings.read(this.readings.begin(file, identity, scratch)));
    }
  }

  /** All that is known, for the next session. */
  index(from: number): Pick<LimitsIndex, 'sessions' | 'closed'> {
    // What was known of a log that is gone or cut stays known; one that retention removed had ended.
    const sound = ({ file, damaged }: FileReading): boolean =>
      !damaged && (this.names.has(file.name) || this.faults.has(file.name));
    const { kept } = this.earlier;
    const disproved = new Set(kept.flatMap(({ files }) => files.map(({ name }) => sessionOf(name))));
    const within = ({ files }: { files: readonly { identity: Identity }[] }): boolean =>
      files.some(({ identity }) => identity[MODIFIED] >= from);
    const sessions: KnownSession[] = [];
    for (const [name, one] of this.readings.sessions) {
      if (disproved.has(name) || !one.files.every(sound)) continue;
      if (within(one)) sessions.push(one);
      else
        for (const { file, ended, identity } of one.files)
          if (ended) this.passed.close(file.name, identity[MODIFIED]);
    }
    return {
      sessions: [...sessions.map((one) => indexed(one, from)), ...kept.filter(within)],
      closed: this.passed.closedOf(this.names),
    };
  }

  private *adoptIndex(from: number): Generator<void> {
    const { index, folder } = this.parts;
    // Once: a look that failed behind it goes on with what it gave.
    if (this.adoptedIndex) return;
    this.adoptedIndex = true;
    const read = index && readIndex(index);
    if (read === undefined || read.covers > from) return;
    this.passed.adopt(read.closed);
    for (const [at, one] of read.sessions.entries()) {
      if (at % FILES_A_STEP === 0) yield;
      if (
        one.files.every(
          ({ name, identity, ended }) => ended && this.passed.isPast(name, identity[MODIFIED], from),
        )
      ) {
        for (const { name, identity } of one.files) this.passed.close(name, identity[MODIFIED]);
        continue;
      }
      const found = adopted(folder, one, this.windows);
      if (found.as === 'known') {
        this.readings.adopt(found.session);
        continue;
      }
      const { name } = found;
      if (found.as === 'again') this.earlier.claim(name, one, from);
      else this.earlier.disproved(found.as, name, one);
    }
  }

  private *meetAll(change: Change | undefined, from: number): Generator<void> {
    if (change === undefined) return;
    for (const name of change.gone) {
      this.passed.vanished(name);
      this.readings.vanished(name);
    }
    for (const [at, file] of change.fresh.entries()) {
      if (at % FILES_A_STEP === 0) yield;
      this.meet(file, from);
    }
    change.met();
  }

  private meet(file: SessionFile, from: number): void {
    if (file.session === this.parts.session) {
      if (!this.own.some(({ name }) => name === file.name)) this.own.push(file);
      return;
    }
    if (this.readings.files.has(file.name)) return;
    if (this.passed.isClosed(file.name, from)) return;
    const identity = identityOf(file.path);
    if (identity === undefined) return;
    const modified = identity[MODIFIED];
    if (this.passed.isPast(file.name, modified, from)) this.passed.pass(file, modified);
    else this.readings.begin(file, identity);
  }
}

function drain(steps: Generator<void>): void {
  for (const _ of steps);
}

import type { Decimal } from '../../policy/decide/decimal.ts';
import { type CountedSession, lastHeard, sessionOf } from '../log/session-count.ts';
import { fileNamed, inOrder, type SessionFile } from '../log/session-files.ts';
import { type FileReading, type Identity, identityOf, readOn, unread } from './file-reading.ts';
import { FolderView } from './folder-view.ts';
import { type IndexedSession, type IndexPlace, type LimitsIndex, readIndex } from './index-file.ts';
import { adopted, indexed, isLess, type KnownSession, usedIn } from './known-sessions.ts';
import { LogFaults } from './log-faults.ts';
import { hasEnded } from './session-end.ts';
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

interface Claim {
  name: string;
  used: ReadonlyMap<string, Decimal>;
  indexed: IndexedSession;
}

/** So many files are looked at between two pauses. */
const FILES_A_STEP = 64;
const MODIFIED = 2;
const SIZE = 1;

/** What other sessions of the home used up, before and beside the own one: by the index, and by their records. */
export class OtherSessions {
  readonly faults: LogFaults;
  /** Bytes and files that were read because the index did not know them. */
  readonly cost = { bytes: 0, files: 0 };
  /** All that matters was read once. */
  ready = false;
  /** Files of the own session. */
  readonly own: SessionFile[] = [];
  private readonly parts: OthersParts;
  private readonly windows: Windows;
  private readonly view: FolderView;
  private readonly sessions = new Map<string, KnownSession>();
  private readonly files = new Map<string, FileReading>();
  /** Those that may still be written. */
  private readonly live = new Set<FileReading>();
  /** Last written before any window, as far as is known. */
  private readonly passed = new Map<string, { file: SessionFile; modified: number }>();
  /** The same that have ended: nobody writes them any more. */
  private closed: Record<string, Record<string, number>> = {};
  private readonly names = new Map<string, ReadonlySet<string>>();
  private readonly claims = new Map<string, Claim>();
  /** What the index says of sessions that now say less: kept, or the next session would believe them. */
  private readonly kept: IndexedSession[] = [];
  private readonly heard = new Map<string, CountedSession>();
  private recent: string[] = [];
  private adoptedIndex = false;

  constructor(parts: OthersParts, windows: Windows) {
    this.parts = parts;
    this.windows = windows;
    this.view = new FolderView(parts.folder, parts.wall);
    this.faults = new LogFaults(parts.folder);
  }

  /** For a longer window than before: files that were passed over may matter. */
  beginAnew(): void {
    for (const kept of [
      this.sessions,
      this.files,
      this.live,
      this.passed,
      this.names,
      this.claims,
      this.heard,
    ])
      kept.clear();
    this.own.length = 0;
    this.kept.length = 0;
    this.closed = {};
    this.view.forget();
    this.faults.clear();
    this.adoptedIndex = false;
    this.ready = false;
  }

  /** A look failed half-way: the next one begins with all names. */
  lookAgain(): void {
    this.view.forget();
  }

  /** Reads all that was written since `from`, with pauses. Throws errors of the system. */
  *first(from: number): Generator<void> {
    // Before the files: what it says of their ends is true by now.
    for (const one of this.parts.counted()) this.heard.set(one.file, one);
    yield* this.adoptIndex(from);
    const months = this.view.months();
    this.recent = months.slice(-2);
    for (const month of months) yield* this.meetAll(month, this.view.changedNames(month), from);
    this.findGone();
    for (const reading of [...this.live]) yield* this.read(reading);
    this.compare(from);
    this.ready = true;
  }

  /** Reads what was written since the last look. Throws errors of the system. */
  catchUp(from: number): void {
    this.recent = this.view.months().slice(-2);
    for (const month of this.recent) {
      const names = this.view.changedNames(month);
      if (names !== undefined) drain(this.meetAll(month, names, from));
    }
    for (const { file } of this.passed.values()) {
      if (!this.recent.includes(monthOf(file.name))) continue;
      const identity = identityOf(file.path);
      if (identity === undefined || identity[MODIFIED] < from) continue;
      this.passed.delete(file.name);
      this.begin(file, identity);
    }
    for (const reading of this.live) drain(this.read(reading));
  }

  /** Finds out which of the files that were passed over have ended, with pauses: the others are looked at for every call. */
  *sortOut(): Generator<void> {
    let looked = 0;
    for (const { file, modified } of [...this.passed.values()]) {
      if (hasEnded(file.path)) this.close(file.name, modified);
      looked += 1;
      if (looked % FILES_A_STEP === 0) yield;
    }
    this.cost.files += looked;
  }

  /** The own session has ended: its files are read as any other's. */
  readOwn(mostBytes: number): void {
    const scratch = new SessionUses(new Windows());
    for (const file of this.own.sort(inOrder)) {
      const identity = identityOf(file.path);
      if (identity === undefined || identity[SIZE] > mostBytes) return;
      drain(this.read(this.begin(file, identity, scratch)));
    }
  }

  /** All that is known, for the next session. */
  index(from: number): Pick<LimitsIndex, 'sessions' | 'closed'> {
    const there = (name: string): boolean => this.names.get(monthOf(name))?.has(baseOf(name)) === true;
    // What was known of a log that is gone or cut stays known; one that retention removed had ended.
    const sound = ({ file, damaged }: FileReading): boolean =>
      !damaged && (there(file.name) || this.faults.has(file.name));
    const disproved = new Set(this.kept.flatMap(({ files }) => files.map(({ name }) => sessionOf(name))));
    const within = ({ files }: { files: readonly { identity: Identity }[] }): boolean =>
      files.some(({ identity }) => identity[MODIFIED] >= from);
    const sessions: KnownSession[] = [];
    for (const [name, one] of this.sessions) {
      if (disproved.has(name) || !one.files.every(sound)) continue;
      if (within(one)) sessions.push(one);
      else
        for (const { file, ended, identity } of one.files)
          if (ended) this.close(file.name, identity[MODIFIED]);
    }
    const closed: LimitsIndex['closed'] = {};
    for (const [month, files] of Object.entries(this.closed)) {
      const names = this.names.get(month);
      closed[month] = Object.fromEntries(Object.entries(files).filter(([base]) => names?.has(base) === true));
    }
    return {
      sessions: [...sessions.map((one) => indexed(one, from)), ...this.kept.filter(within)],
      closed,
    };
  }

  private *adoptIndex(from: number): Generator<void> {
    const { index, folder } = this.parts;
    // Once: a look that failed behind it goes on with what it gave.
    if (this.adoptedIndex) return;
    this.adoptedIndex = true;
    const read = index && readIndex(index);
    if (read === undefined || read.covers > from) return;
    this.closed = read.closed;
    for (const [at, one] of read.sessions.entries()) {
      if (at % FILES_A_STEP === 0) yield;
      if (
        one.files.every(({ name, identity, ended }) => ended && this.isPast(name, identity[MODIFIED], from))
      ) {
        for (const { name, identity } of one.files) this.close(name, identity[MODIFIED]);
        continue;
      }
      const found = adopted(folder, one, this.windows);
      if (found.as === 'known') {
        this.adopt(found.session);
        continue;
      }
      const { name } = found;
      if (found.as === 'again')
        this.claims.set(sessionOf(name), { name, indexed: one, used: usedIn(one.files, from) });
      else {
        this.faults[found.as](name, Math.max(...one.files.map(({ identity }) => identity[MODIFIED])));
        this.kept.push(one);
      }
    }
  }

  private adopt(session: KnownSession): void {
    for (const reading of session.files) {
      this.sessions.set(reading.file.session, session);
      this.files.set(reading.file.name, reading);
      if (!reading.ended) this.live.add(reading);
      for (const [item, column] of reading.columns) this.windows.add(item, column);
    }
  }

  private *meetAll(month: string, names: ReadonlySet<string> | undefined, from: number): Generator<void> {
    if (names === undefined) return;
    const known = this.names.get(month);
    for (const base of known ?? []) if (!names.has(base)) this.vanished(`${month}/${base}`);
    const fresh = known === undefined ? [...names] : [...names].filter((base) => !known.has(base));
    const files = fresh.flatMap((base) => fileNamed(this.parts.folder, month, base) ?? []).sort(inOrder);
    for (const [at, file] of files.entries()) {
      if (at % FILES_A_STEP === 0) yield;
      this.meet(file, from);
    }
    this.names.set(month, names);
  }

  private meet(file: SessionFile, from: number): void {
    if (file.session === this.parts.session) {
      if (!this.own.some(({ name }) => name === file.name)) this.own.push(file);
      return;
    }
    if (this.files.has(file.name)) return;
    const closed = this.closed[monthOf(file.name)]?.[baseOf(file.name)];
    if (closed !== undefined && this.isPast(file.name, closed, from)) return;
    const identity = identityOf(file.path);
    if (identity === undefined) return;
    const modified = identity[MODIFIED];
    if (this.isPast(file.name, modified, from)) this.passed.set(file.name, { file, modified });
    else this.begin(file, identity);
  }

  /** The time of a file's last change can be set by hand; what the count beside the log says must agree. */
  private isPast(name: string, modified: number, from: number): boolean {
    const counted = this.heard.get(name);
    return modified < from && (counted?.tip === undefined || lastHeard(counted) < from);
  }

  private begin(file: SessionFile, identity: Identity, uses?: SessionUses): FileReading {
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

  private *read(reading: FileReading): Generator<void> {
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
  private vanished(name: string): void {
    this.passed.delete(name);
    const reading = this.files.get(name);
    if (reading === undefined || !this.live.has(reading)) return;
    this.live.delete(reading);
    this.faults.gone(name, this.parts.wall());
  }

  /** A log that was removed would give back all that it had used up. */
  private findGone(): void {
    for (const one of this.heard.values()) {
      const has = this.names.get(monthOf(one.file))?.has(baseOf(one.file)) === true;
      if (!has && sessionOf(one.file) !== this.parts.session) this.faults.gone(one.file, lastHeard(one));
    }
  }

  /** Holds what was read against what is known beside the log. */
  private compare(from: number): void {
    for (const [session, claim] of this.claims) {
      const files = this.sessions.get(session)?.files ?? [];
      if (!isLess(usedIn(files, from), claim.used)) continue;
      this.faults.changed(claim.name, this.parts.wall());
      this.kept.push(claim.indexed);
    }
    this.claims.clear();
    for (const { file, tip } of this.heard.values()) {
      const reading = this.files.get(file);
      if (reading !== undefined && tip !== undefined && reading.last?.digest !== tip.digest)
        this.faults.changed(file, Math.max(from, reading.identity[MODIFIED]));
    }
  }

  private close(name: string, modified: number): void {
    this.passed.delete(name);
    const month = this.closed[monthOf(name)] ?? {};
    month[baseOf(name)] = modified;
    this.closed[monthOf(name)] = month;
  }
}

const monthOf = (name: string): string => name.slice(0, name.indexOf('/'));
const baseOf = (name: string): string => name.slice(name.indexOf('/') + 1);

function drain(steps: Generator<void>): void {
  for (const _ of steps);
}

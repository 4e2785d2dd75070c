import { join } from 'node:path';
import type { Home } from '../../platform/home.ts';
import { StateFile } from '../../platform/state-file.ts';
import type { Tip } from '../log/entry.ts';
import type { CountedSession, SessionCount } from '../log/session-count.ts';

interface CountDocument {
  version: 1;
  begun: number;
  sessions: CountedSession[];
}

/** More may overlap than a session's first record names; older ones are named by later sessions. */
const MOST_SESSIONS = 64;

function isDocument(data: unknown): boolean {
  const { begun, sessions } = (data ?? {}) as Partial<Record<keyof CountDocument, unknown>>;
  return Number.isSafeInteger(begun) && Array.isArray(sessions) && sessions.every(isCounted);
}

function isCounted(one: unknown): boolean {
  const { file, at, tip } = (one ?? {}) as Partial<CountedSession>;
  const ends = tip === undefined || (Number.isSafeInteger(tip?.seq) && typeof tip?.digest === 'string');
  return typeof file === 'string' && Number.isFinite(Date.parse(String(at))) && ends;
}

/** One session's place in the count. What cannot be written is said once and refuses nothing: `audit verify` tells it. */
export class Counted {
  private readonly counter: SessionCounter;
  private readonly file: string;
  private readonly say: (sentence: string) => void;
  private nth: number | undefined;
  private begun = false;

  constructor(home: Home, file: string, say: (sentence: string) => void) {
    this.counter = new SessionCounter(home);
    this.file = file;
    this.say = say;
  }

  /** Which session of its home it is; a second first record does not count again. */
  begin(): number | undefined {
    if (this.begun) return this.nth;
    this.begun = true;
    this.nth = this.told(() => this.counter.begin(this.file, new Date()));
    return this.nth;
  }

  end(tip: Tip | undefined): void {
    if (this.nth !== undefined) this.told(() => this.counter.end(this.file, tip, new Date()));
  }

  private told<T>(change: () => T): T | undefined {
    try {
      return change();
    } catch (error) {
      this.say(`This session could not be counted: ${(error as Error).message}`);
      return undefined;
    }
  }
}

/** Counts the sessions of a home beside its log: `state/sessions.json`. */
export class SessionCounter {
  private readonly state: StateFile<CountDocument>;

  constructor(home: Home) {
    this.state = new StateFile<CountDocument>(
      join(home.state, 'sessions.json'),
      () => ({ version: 1, begun: 0, sessions: [] }),
      isDocument,
    );
  }

  /** A session is about to write its first record into `file`. Gives which one it is, from 1. Throws a PlainError. */
  begin(file: string, at: Date): number {
    return this.state.update((data) => {
      data.begun += 1;
      data.sessions = [...data.sessions, { file, at: at.toISOString() }].slice(-MOST_SESSIONS);
      return data.begun;
    });
  }

  /** A session ended with `tip`; without one it has left no record. Throws a PlainError. */
  end(file: string, tip: Tip | undefined, at: Date): void {
    this.state.update((data) => {
      data.sessions = data.sessions.filter((one) => one.file !== file && one.file !== tip?.file);
      if (tip === undefined) return;
      const { seq, digest } = tip;
      data.sessions.push({ file: tip.file, at: at.toISOString(), tip: { seq, digest } });
    });
  }

  /** Retention removed these files. Throws a PlainError. */
  pruned(files: ReadonlySet<string>): void {
    if (!this.state.read().sessions.some(({ file }) => files.has(file))) return;
    this.state.update((data) => {
      data.sessions = data.sessions.filter(({ file }) => !files.has(file));
    });
  }

  /** Null when there is none, undefined when it is damaged. Throws a PlainError when it cannot be read. */
  read(): SessionCount | null | undefined {
    if (!this.state.exists) return null;
    const { data, damage } = this.state.load();
    return damage === undefined ? data : undefined;
  }
}

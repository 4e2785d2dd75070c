import type { Decimal } from '../../policy/decide/decimal.ts';
import { type CountedSession, lastHeard, sessionOf } from '../log/session-count.ts';
import type { IndexedSession } from './index-file.ts';
import { isLess, usedIn } from './known-sessions.ts';
import type { LogFaults } from './log-faults.ts';
import type { NamesThere } from './names-there.ts';
import type { Readings } from './readings.ts';

const MODIFIED = 2;

interface Claim {
  name: string;
  used: ReadonlyMap<string, Decimal>;
  indexed: IndexedSession;
}

/** What the index and the count said of the log before it was read: it must not say less now. */
export class EarlierWord {
  /** By file: what the count beside the log says. */
  readonly heard = new Map<string, CountedSession>();
  /** What the index says of sessions that now say less: kept, or the next session would believe them. */
  readonly kept: IndexedSession[] = [];
  private readonly claims = new Map<string, Claim>();
  private readonly faults: LogFaults;

  constructor(faults: LogFaults) {
    this.faults = faults;
  }

  hear(counted: readonly CountedSession[]): void {
    for (const one of counted) this.heard.set(one.file, one);
  }

  /** A session that is read again must not have used up less than the index says. */
  claim(name: string, indexed: IndexedSession, from: number): void {
    this.claims.set(sessionOf(name), { name, indexed, used: usedIn(indexed.files, from) });
  }

  /** A session whose file is gone, or is not what the index knew. */
  disproved(as: 'gone' | 'changed', name: string, indexed: IndexedSession): void {
    this.faults[as](name, Math.max(...indexed.files.map(({ identity }) => identity[MODIFIED])));
    this.kept.push(indexed);
  }

  /** A log that was removed would give back all that it had used up. `own`: the own session, which may have no file yet. */
  findGone(names: NamesThere, own: string): void {
    for (const one of this.heard.values())
      if (!names.has(one.file) && sessionOf(one.file) !== own) this.faults.gone(one.file, lastHeard(one));
  }

  /** Holds what was read against it. `now`: the system's clock. */
  compare(
    { sessions, files }: Pick<Readings, 'sessions' | 'files'>,
    { from, now }: { from: number; now: number },
  ): void {
    for (const [session, { name, used, indexed }] of this.claims) {
      if (!isLess(usedIn(sessions.get(session)?.files ?? [], from), used)) continue;
      this.faults.changed(name, now);
      this.kept.push(indexed);
    }
    this.claims.clear();
    for (const { file, tip } of this.heard.values()) {
      const reading = files.get(file);
      if (reading !== undefined && tip !== undefined && reading.last?.digest !== tip.digest)
        this.faults.changed(file, Math.max(from, reading.identity[MODIFIED]));
    }
  }

  clear(): void {
    this.heard.clear();
    this.claims.clear();
    this.kept.length = 0;
  }
}

import type { ReadRecord } from '../log/read-record.ts';
import type { CallRecord } from './call-record.ts';
import { SessionCalls } from './session-calls.ts';
import { readSession, type Session } from './session-parts.ts';

/** What a session was read into; `warnings` are whole sentences about what could not be read. */
export interface Taken<T> {
  taken: T;
  warnings: string[];
}

/** Who is handed a session's records, and its calls. */
export interface Taker {
  record(record: ReadRecord): void;
  call(call: CallRecord): void;
}

/** All calls of a session, in the order in which they were decided. */
export function allCalls(
  session: Session,
  onRecord: (record: ReadRecord) => void = () => {},
): Taken<CallRecord[]> {
  const taken: CallRecord[] = [];
  const taker = { record: onRecord, call: (call: CallRecord) => void taken.push(call) };
  const { warnings } = read(session, taker, false);
  return { taken, warnings };
}

/**
 * Hands on each call of a session once, when nothing more is to come of it: only those that still wait are kept in
 * memory. A log that no holdpoint wrote may have more to say of a call all the same: then it begins again, with a new
 * taker, and every call is kept until the end.
 */
export function eachCall<T extends Taker>(session: Session, newTaker: () => T): Taken<T> {
  const taken = newTaker();
  const { late, warnings } = read(session, taken, true);
  if (!late) return { taken, warnings };
  const again = newTaker();
  return { taken: again, warnings: read(session, again, false).warnings };
}

function read(
  { files }: Session,
  taker: Taker,
  settling: boolean,
): Pick<SessionCalls, 'late'> & { warnings: string[] } {
  const calls = new SessionCalls();
  const warnings: string[] = [];
  for (const file of files) {
    let orphans = 0;
    for (const record of readSession(file, (warning) => warnings.push(warning))) {
      if (!calls.add(record)) orphans += 1;
      if (calls.late) return { late: true, warnings };
      taker.record(record);
      const settled = settling ? calls.settle(record) : undefined;
      if (settled !== undefined) taker.call(settled);
    }
    if (orphans > 0) warnings.push(orphanWarning(orphans, file.name));
  }
  for (const call of calls.calls.values()) taker.call(call);
  return { late: false, warnings };
}

export function orphanWarning(count: number, name: string): string {
  return `${count} records of ${name} belong to calls without a readable decision.`;
}

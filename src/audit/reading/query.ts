import { PlainError } from '../../platform/plain-error.ts';
import { globMatches } from '../../policy/decide/glob.ts';
import { type ReadRecord, RecordProblem, readRecord } from '../log/read-record.ts';
import { listAuditFolder, readLines, type SessionFile } from '../log/session-files.ts';
import type { CallRecord } from './call-record.ts';
import { SessionCalls } from './session-calls.ts';

/** Which calls are wanted; all conditions must hold. */
export interface Filter {
  /** Milliseconds since the epoch. */
  since?: number;
  server?: string;
  /** With `*` and `?`. */
  tool?: string;
  effect?: CallRecord['effect'];
  verdict?: NonNullable<CallRecord['verdict']>;
}

/** Calls in the order in which they were decided; `warnings` are whole sentences about what could not be read. */
export interface QueryResult {
  calls: CallRecord[];
  /** Wanted denials of a flood, which got no record of their own: one stands for many. */
  uncounted: number;
  warnings: string[];
}

/** Whether a call is one of those wanted. */
export function wanted(call: CallRecord, filter: Filter): boolean {
  if (filter.since !== undefined && Date.parse(call.time) < filter.since) return false;
  if (filter.server !== undefined && call.server !== filter.server) return false;
  if (filter.tool !== undefined && !globMatches(filter.tool, call.tool)) return false;
  if (filter.effect !== undefined && call.effect !== filter.effect) return false;
  return filter.verdict === undefined || call.verdict === filter.verdict;
}

/**
 * The records of one session's file; a line that cannot be read is skipped with a warning. `onWarning` gets a
 * whole sentence. Never throws for what stands in the file.
 */
export function* readSession(file: SessionFile, onWarning: (warning: string) => void): Generator<ReadRecord> {
  try {
    for (const line of readLines(file.path)) {
      const where = `Line ${line.number} of ${file.name}`;
      if (line.torn) {
        onWarning(`${where} is torn (no line end) and was skipped.`);
        continue;
      }
      try {
        const record = readRecord(line.bytes);
        if (record.session === file.session) yield record;
        else onWarning(`${where} is of another session and was skipped.`);
      } catch (error) {
        if (!(error instanceof RecordProblem)) throw error;
        onWarning(`${where} was skipped: ${error.message}.`);
      }
    }
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === undefined) throw error;
    onWarning(`${file.name} could not be read: ${code}.`);
  }
}

/** The sessions of an audit folder, oldest first. Throws a PlainError when the folder cannot be read. */
export function sessionsIn(folder: string): SessionFile[] {
  try {
    return listAuditFolder(folder).files;
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code;
    throw new PlainError(
      `The audit folder ${folder} cannot be read: ${code}. Check --home and its owner.`,
      1,
      {
        cause,
      },
    );
  }
}

/** Whether a record counts denials that are wanted; their tools and callers are not known any more. */
function wantsCount({ type, at, fields }: ReadRecord, server: unknown, filter: Filter): boolean {
  const { count, cause } = fields;
  if (type !== 'refusal' || !Number.isSafeInteger(count) || !String(cause).startsWith('denied:'))
    return false;
  if (filter.tool !== undefined || filter.verdict !== undefined) return false;
  return (
    (filter.since === undefined || at >= filter.since) &&
    (filter.server === undefined || filter.server === server) &&
    (filter.effect === undefined || filter.effect === 'deny')
  );
}

/** Every file, and whether it is its session's last one. */
function partsIn(folder: string): [SessionFile, boolean][] {
  const files = sessionsIn(folder);
  return files.map((file, index) => [file, files[index + 1]?.session !== file.session]);
}

/** Reads all sessions of an audit folder into calls. Throws a PlainError only when the folder cannot be listed. */
export function queryCalls(folder: string, filter: Filter = {}): QueryResult {
  const result: QueryResult = { calls: [], uncounted: 0, warnings: [] };
  let session = new SessionCalls();
  let server: unknown;
  for (const [file, isLast] of partsIn(folder)) {
    let orphans = 0;
    for (const record of readSession(file, (warning) => result.warnings.push(warning))) {
      if (record.type === 'session') server ??= record.fields['server'];
      if (!session.add(record)) orphans += 1;
      if (wantsCount(record, server, filter)) result.uncounted += Number(record.fields['count']);
    }
    if (orphans > 0) {
      result.warnings.push(`${orphans} records of ${file.name} belong to calls without a readable decision.`);
    }
    if (!isLast) continue;
    for (const call of session.calls.values()) if (wanted(call, filter)) result.calls.push(call);
    session = new SessionCalls();
    server = undefined;
  }
  const order = (call: CallRecord): number => Date.parse(call.time);
  result.calls.sort((a, b) => order(a) - order(b));
  return result;
}

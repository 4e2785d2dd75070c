import { statSync } from 'node:fs';
import { PlainError } from '../../platform/plain-error.ts';
import type { FoundLine } from '../log/lines-with.ts';
import { type ReadRecord, RecordProblem, readRecord } from '../log/read-record.ts';
import {
  linesBefore,
  listAuditFolder,
  type RawLine,
  readLines,
  type SessionFile,
} from '../log/session-files.ts';

/** A session with its files, in the order in which they were written. */
export interface Session {
  session: string;
  files: SessionFile[];
}

/** The files of an audit folder, oldest session first. Throws a PlainError when the folder cannot be read. */
export function filesIn(folder: string): SessionFile[] {
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

/** The same by session. A copy of a session's file in another month is a session of its own. */
export function sessionsIn(folder: string): Session[] {
  const sessions: Session[] = [];
  for (const file of filesIn(folder)) {
    const last = sessions.at(-1);
    if (last?.session === file.session) last.files.push(file);
    else sessions.push({ session: file.session, files: [file] });
  }
  return sessions;
}

/**
 * The records of one session's file, from the first line that begins at the byte `from` or behind it; a line that
 * cannot be read is skipped with a warning. `onWarning` gets a whole sentence. Never throws for what stands in the file.
 */
export function* readSession(
  file: SessionFile,
  onWarning: (warning: string) => void,
  from = 0,
): Generator<ReadRecord> {
  // Only a warning needs to know how many lines stand before.
  let before = from === 0 ? 0 : undefined;
  try {
    for (const line of readLines(file.path, from)) {
      const record = recordIn(line, file, (what) => {
        before ??= linesBefore(file.path, from - 1) + 1;
        onWarning(`Line ${before + line.number} of ${file.name} ${what}`);
      });
      if (record !== undefined) yield record;
    }
  } catch (error) {
    onWarning(unread(file, error));
  }
}

/** The same of those lines alone that `find` gives of the file at a path, with where each begins. */
export function* readFound(
  file: SessionFile,
  find: (path: string) => Iterable<FoundLine>,
  onWarning: (warning: string) => void,
): Generator<{ record: ReadRecord; offset: number }> {
  try {
    for (const line of find(file.path)) {
      const record = recordIn(line, file, (what) =>
        onWarning(`Line ${linesBefore(file.path, line.offset) + 1} of ${file.name} ${what}`),
      );
      if (record !== undefined) yield { record, offset: line.offset };
    }
  } catch (error) {
    onWarning(unread(file, error));
  }
}

/** What a session says of itself before its first call. */
export function* sessionHead(
  { files: [file] }: Session,
  onWarning: (warning: string) => void,
): Generator<ReadRecord> {
  if (file === undefined) return;
  for (const record of readSession(file, onWarning)) {
    if (record.type === 'decision') return;
    if (record.type === 'session') yield record;
  }
}

/** A line's record; what it is instead ends a sentence that `onFault` gets. */
function recordIn(
  { bytes, torn }: Pick<RawLine, 'bytes' | 'torn'>,
  file: SessionFile,
  onFault: (what: string) => void,
): ReadRecord | undefined {
  if (torn) {
    onFault('is torn (no line end) and was skipped.');
    return undefined;
  }
  try {
    const record = readRecord(bytes);
    if (record.session === file.session) return record;
    onFault('is of another session and was skipped.');
  } catch (error) {
    if (!(error instanceof RecordProblem)) throw error;
    onFault(`was skipped: ${error.message}.`);
  }
  return undefined;
}

/** A sentence about a file that the system does not let us read; throws what is no error of the system. */
function unread(file: SessionFile, error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === undefined) throw error;
  return `${file.name} could not be read: ${code}.`;
}

/** Whether all files of a log are no longer than so many bytes together. */
export function isSmall(sessions: readonly Session[], most: number): boolean {
  let sum = 0;
  for (const { files } of sessions) {
    for (const { path } of files) sum += statSync(path, { throwIfNoEntry: false })?.size ?? 0;
    if (sum > most) return false;
  }
  return true;
}

/** A log that is no longer is read as a whole whatever is asked, so that all its damage is told. */
export const SMALL_LOG = 8 << 20;

import { PlainError } from '../../platform/plain-error.ts';
import { type ReadRecord, RecordProblem, readRecord } from '../log/read-record.ts';
import { linesBefore, listAuditFolder, readLines, type SessionFile } from '../log/session-files.ts';

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
  const where = (line: number): string => {
    before ??= linesBefore(file.path, from - 1) + 1;
    return `Line ${before + line} of ${file.name}`;
  };
  try {
    for (const line of readLines(file.path, from)) {
      if (line.torn) {
        onWarning(`${where(line.number)} is torn (no line end) and was skipped.`);
        continue;
      }
      try {
        const record = readRecord(line.bytes);
        if (record.session === file.session) yield record;
        else onWarning(`${where(line.number)} is of another session and was skipped.`);
      } catch (error) {
        if (!(error instanceof RecordProblem)) throw error;
        onWarning(`${where(line.number)} was skipped: ${error.message}.`);
      }
    }
  } catch (error) {
    onWarning(unread(file, error));
  }
}

/** A sentence about a file that the system does not let us read; throws what is no error of the system. */
export function unread(file: SessionFile, error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === undefined) throw error;
  return `${file.name} could not be read: ${code}.`;
}

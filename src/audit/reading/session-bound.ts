import { statSync } from 'node:fs';
import { lastWholeLine } from '../log/previous-tip.ts';
import { readRecord } from '../log/read-record.ts';
import { type SessionFile, sessionStart } from '../log/session-files.ts';
import type { Filter } from './query.ts';
import { readSession, type Session } from './session-parts.ts';

/** Several records; a longer last line is read on from here. */
const TAIL = 4096;

/**
 * No record of a session is younger (ms since 1970), as far as its files tell without being read: by when they were
 * last written, by the record at their end and by the session's name, whichever is the latest. One of them alone could
 * be made to look old (`touch -d`) and hide what is young. Infinity where an end cannot be read: then somebody must look.
 */
export function latestIn({ session, files }: Session): number {
  return Math.max(sessionStart(session) ?? Number.NEGATIVE_INFINITY, ...files.map(endOf));
}

function endOf({ path }: SessionFile): number {
  try {
    const { size, mtimeMs } = statSync(path);
    if (size === 0) return mtimeMs;
    const line = lastWholeLine(path, TAIL);
    return line === undefined ? Number.POSITIVE_INFINITY : Math.max(mtimeMs, readRecord(line).at);
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}

/** Whether a session says with its first record that it is another server's than the one that is wanted: each has one. */
export function isOfAnother({ files }: Session, { server }: Filter): boolean {
  const [file] = files;
  if (server === undefined || file === undefined) return false;
  for (const { type, fields } of readSession(file, () => {})) {
    const own = type === 'session' ? fields['server'] : undefined;
    return typeof own === 'string' && own !== server;
  }
  return false;
}

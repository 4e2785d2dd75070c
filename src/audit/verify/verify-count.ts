import { type SessionCount, sessionOf } from '../log/session-count.ts';
import type { Problem } from './verify-file.ts';

/** What the log itself says of the count. */
export interface CountInLog {
  /** Whether a session's file is here, or was removed by retention. */
  has(file: string): boolean;
  running: ReadonlySet<string>;
  /** The records that begin a session, in the order of the log. */
  starts: readonly SessionStart[];
}

/** `nth`: which session of its home it is, from 1; undefined when it was not counted. */
export interface SessionStart {
  file: string;
  session: string;
  nth: number | undefined;
}

export const COUNT_FILE = 'state/sessions.json';

/**
 * Holds the log against the count: the newest sessions are named by no later one, and whoever removes their files
 * would begin each limit anew unseen. `count`: null when there is none, undefined when it is damaged.
 */
export function countProblems(log: CountInLog, count: SessionCount | null | undefined): Problem[] {
  const { starts } = log;
  const counted = starts.filter(({ nth }) => nth !== undefined);
  const ofLog = [...beganAnew(counted), ...uncounted(starts)];
  if (count === undefined) return [...ofLog, incomplete(COUNT_FILE, `It is damaged. ${UNTOLD}`)];
  if (count !== null) return [...ofLog, ...putBack(counted, count), ...gone(log, count)];
  return counted.length === 0 ? ofLog : [...ofLog, incomplete(COUNT_FILE, `It is gone. ${UNTOLD}`)];
}

const UNTOLD = 'Whether the files of the newest sessions were removed cannot be told.';
const incomplete = (file: string, what: string): Problem => ({ kind: 'incomplete', file, what });

function beganAnew(starts: readonly SessionStart[]): Problem[] {
  const seen = new Set<number | undefined>();
  for (const { file, nth } of starts) {
    if (seen.has(nth))
      return [
        incomplete(
          file,
          `It is session ${nth}, and there was one before: the count was removed or put back. ${UNTOLD}`,
        ),
      ];
    seen.add(nth);
  }
  return [];
}

/** Sessions before the first counted one are of a holdpoint that did not count. */
function uncounted(starts: readonly SessionStart[]): Problem[] {
  const first = starts.findIndex(({ nth }) => nth !== undefined);
  return starts
    .slice(first === -1 ? starts.length : first)
    .filter(({ nth }) => nth === undefined)
    .map(({ file }) => incomplete(file, `It was not counted in ${COUNT_FILE}: that could not be written.`));
}

function putBack(starts: readonly SessionStart[], { begun }: SessionCount): Problem[] {
  // A count that was removed began again at 1.
  const last = starts.findLastIndex(({ nth }) => nth === 1);
  const most = Math.max(0, ...starts.slice(Math.max(0, last)).map(({ nth = 0 }) => nth));
  if (most <= begun) return [];
  const what = `It counts ${begun} sessions, and the log knows of ${most}: an older file was put back.`;
  return [{ kind: 'tampered', file: COUNT_FILE, what }];
}

/** Of a session without an end nobody can say whether it came as far as its first record. */
function gone({ has, running }: CountInLog, { sessions }: SessionCount): Problem[] {
  return sessions
    .filter(({ file, tip }) => tip === undefined && !has(file) && !running.has(sessionOf(file)))
    .map(({ file }) =>
      incomplete(
        COUNT_FILE,
        `It names ${file}, which is not here: that session was killed before its first record, or its file was removed.`,
      ),
    );
}

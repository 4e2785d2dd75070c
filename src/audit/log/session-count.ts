import type { Tip } from './entry.ts';
import { sessionStart } from './session-files.ts';

/** A session as it is counted beside the log; `tip` once it has ended. */
export interface CountedSession {
  /** `<YYYY-MM>/<session>.jsonl` */
  file: string;
  /** When it was last heard of, ISO 8601. */
  at: string;
  tip?: Pick<Tip, 'seq' | 'digest'>;
}

/** How many sessions have begun in a home, and the newest of them. */
export interface SessionCount {
  begun: number;
  sessions: readonly CountedSession[];
}

/** The session that a file is of: `<YYYY-MM>/<session>.jsonl`. */
export function sessionOf(file: string): string {
  return file.slice(file.indexOf('/') + 1).split('.')[0] ?? file;
}

const DAY_MS = 86_400_000;

/** When a session may last have used up something, ms since 1970. One that was killed may have lasted: its start alone is known. */
export function lastHeard({ file, at, tip }: CountedSession): number {
  const start = sessionStart(sessionOf(file)) ?? 0;
  return tip === undefined ? Math.max(start, Date.parse(at)) + DAY_MS : Date.parse(at);
}

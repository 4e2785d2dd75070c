import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { sha256Hex } from '../../platform/digest.ts';
import type { Tip } from './entry.ts';
import { readRecord } from './read-record.ts';
import { listMonths, newestFirst } from './session-files.ts';

const STEP = 64 * 1024;
const LF = 0x0a;

/**
 * The bytes of a file's last line that has its LF, read from the end, `step` bytes first; undefined when there is none.
 * Throws errors of the system.
 */
export function lastWholeLine(path: string, step = STEP): Buffer | undefined {
  const fd = openSync(path, 'r');
  try {
    let from = fstatSync(fd).size;
    let tail = Buffer.alloc(0);
    while (from > 0) {
      const length = Math.min(Math.max(step, tail.length), from);
      from -= length;
      const piece = Buffer.alloc(length);
      const read = readSync(fd, piece, 0, length, from);
      tail = Buffer.concat([piece.subarray(0, read), tail]);
      const end = tail.lastIndexOf(LF);
      const begin = end > 0 ? tail.lastIndexOf(LF, end - 1) : -1;
      if (begin !== -1 || (from === 0 && end !== -1)) return tail.subarray(begin + 1, end);
    }
    return undefined;
  } finally {
    closeSync(fd);
  }
}

/** Sessions overlap: the newest one alone would leave the ends of those that ran beside it unnamed. */
const MOST_TIPS = 8;

/**
 * The last whole records of the newest other sessions, newest first, for a session's first record to name: what is
 * cut from them or deleted later is noticed then. Reads the tails of eight files at most (more only when some are
 * empty or damaged, which is verify's to report). Never throws.
 */
export function recentTips(folder: string, exceptSession: string): Tip[] {
  const tips: Tip[] = [];
  try {
    for (const month of listMonths(folder).reverse()) {
      for (const file of newestFirst(folder, month)) {
        if (tips.length === MOST_TIPS) return tips;
        const tip = file.session === exceptSession ? null : tipOf(file.path, file.name);
        if (tip !== null) tips.push(tip);
      }
    }
  } catch {
    // A folder that cannot be listed: the session then names none, and verify says so.
  }
  return tips;
}

/** The same as fields of a session's first record. */
export function tipFields(folder: string, session: string): { previousTip: Tip | null; otherTips?: Tip[] } {
  const [newest, ...others] = recentTips(folder, session);
  return { previousTip: newest ?? null, ...(others.length === 0 ? {} : { otherTips: others }) };
}

/** The newest of them alone; null when there is none. */
export function previousTip(folder: string, exceptSession: string): Tip | null {
  return recentTips(folder, exceptSession)[0] ?? null;
}

/** The last whole record of one file; null when it has none that can be read. */
export function tipOf(path: string, name: string): Tip | null {
  try {
    const line = lastWholeLine(path);
    return line === undefined ? null : { file: name, seq: readRecord(line).seq, digest: sha256Hex(line) };
  } catch {
    return null;
  }
}

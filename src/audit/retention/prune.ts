import { closeSync, openSync, readSync, rmSync } from 'node:fs';
import type { PrunedEntry } from '../log/entry.ts';
import { tipOf } from '../log/previous-tip.ts';
import { listAuditFolder, type SessionFile, sessionStart } from '../log/session-files.ts';

const DAY_MS = 86_400_000;
const HEAD_BYTES = 512;

export interface Retention {
  keepDays: number;
  /** Wall clock, ms. */
  now: number;
  running: ReadonlySet<string>;
}

/**
 * The `run` sessions' files that are older than they are kept. What commands recorded stays: without the changes of
 * policies and approvers nothing later could be verified. Throws errors of the system.
 */
export function expiredFiles(folder: string, { keepDays, now, running }: Retention): SessionFile[] {
  return listAuditFolder(folder).files.filter(({ path, session }) => {
    const start = sessionStart(session);
    return start !== undefined && now - start > keepDays * DAY_MS && !running.has(session) && isRun(path);
  });
}

function isRun(path: string): boolean {
  const fd = openSync(path, 'r');
  try {
    const head = Buffer.alloc(HEAD_BYTES);
    return head.toString('utf8', 0, readSync(fd, head)).includes('"kind":"run"');
  } finally {
    closeSync(fd);
  }
}

/** What is recorded of a file before it goes; undefined when it has no readable end, which is kept as evidence. */
export function prunedEntry({ path, name }: SessionFile, keepDays: number): PrunedEntry | undefined {
  const tip = tipOf(path, name);
  if (tip === null) return undefined;
  const { seq, digest } = tip;
  return { type: 'pruned', file: name, records: seq + 1, tip: { seq, digest }, keepDays };
}

/** Removes whole files, each after its record was written. `record` throws when it cannot: then nothing is removed. */
export function prune(
  folder: string,
  retention: Retention,
  record: (entries: PrunedEntry[]) => void,
): SessionFile[] {
  const found = expiredFiles(folder, retention).flatMap((file) => {
    const entry = prunedEntry(file, retention.keepDays);
    return entry === undefined ? [] : [{ file, entry }];
  });
  if (found.length === 0) return [];
  record(found.map(({ entry }) => entry));
  for (const { file } of found) rmSync(file.path, { force: true });
  return found.map(({ file }) => file);
}

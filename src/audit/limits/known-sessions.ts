import { closeSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { sha256Hex } from '../../platform/digest.ts';
import { type Decimal, isGreater } from '../../policy/decide/decimal.ts';
import { fileNamed, type SessionFile } from '../log/session-files.ts';
import { Column } from './column.ts';
import { type FileReading, type Identity, identityOf, sameIdentity } from './file-reading.ts';
import type { IndexedFile, IndexedSession } from './index-file.ts';
import { type Columns, SessionUses } from './session-uses.ts';
import { Sum } from './sum.ts';
import type { Windows } from './windows.ts';

/** A session of the log as far as it was read. */
export interface KnownSession {
  uses: SessionUses;
  files: FileReading[];
}

/** What the index says of a session, held against the files as they lie there now. */
export type Adopted =
  | { as: 'known'; session: KnownSession }
  /** It must be read again, and must not have used up less than the index says. */
  | { as: 'again' | 'gone' | 'changed'; name: string };

/** Believes the index where a file was not touched since, or only grew behind what was read of it. */
export function adopted(folder: string, { files, open }: IndexedSession, windows: Windows): Adopted {
  const session: KnownSession = { uses: new SessionUses(windows, open), files: [] };
  let again: string | undefined;
  for (const indexed of files) {
    const { name, offset } = indexed;
    const path = join(folder, name);
    const identity = identityOf(path);
    if (identity === undefined) return { as: 'gone', name };
    const same = sameIdentity(identity, indexed.identity);
    const grown = !same && identity[1] > offset;
    if (grown && !goesOn(path, indexed)) return { as: 'changed', name };
    if (!same && !grown) again ??= name;
    const reading = readingOf(folder, indexed, identity);
    if (reading === undefined) return { as: 'changed', name };
    if (grown) reading.ended = false;
    session.files.push(reading);
  }
  if (again !== undefined) return { as: 'again', name: again };
  return { as: 'known', session };
}

function readingOf(folder: string, indexed: IndexedFile, identity: Identity): FileReading | undefined {
  const [month = '', base = ''] = indexed.name.split('/');
  const file: SessionFile | undefined = fileNamed(folder, month, base);
  const { columns, offset, last, ended } = indexed;
  return file && { file, columns, offset, last, ended, identity, damaged: false };
}

/** Whether the last line that was read still stands where it stood: each line names the one before. */
function goesOn(path: string, { offset, last }: IndexedFile): boolean {
  if (last === undefined) return offset === 0;
  const fd = openSync(path, 'r');
  try {
    const line = Buffer.alloc(offset - last.from);
    const read = readSync(fd, line, 0, line.length, last.from);
    return read === line.length && line.at(-1) === 0x0a && sha256Hex(line.subarray(0, -1)) === last.digest;
  } finally {
    closeSync(fd);
  }
}

/** All that these files used up, by limit, behind a time (ms since 1970). */
export function usedIn(
  files: readonly { columns: Columns }[],
  since = Number.NEGATIVE_INFINITY,
): Map<string, Decimal> {
  const sums = new Map<string, Sum>();
  for (const { columns } of files) {
    for (const [item, column] of columns) {
      const sum = sums.get(item) ?? new Sum();
      sums.set(item, sum);
      for (let at = column.after(since); at < column.length; at += 1)
        sum.add(column.digits[at] as number, column.exponents[at] as number);
    }
  }
  return new Map([...sums].map(([item, sum]) => [item, sum.total]));
}

/** Whether files that were read again used up less than was known of them. */
export function isLess(used: ReadonlyMap<string, Decimal>, claimed: ReadonlyMap<string, Decimal>): boolean {
  return [...claimed].some(([item, amount]) => {
    const now = used.get(item);
    return now === undefined ? amount.digits > 0n : isGreater(amount, now);
  });
}

/** A session as the index keeps it: nothing of before `covers`. */
export function indexed({ uses, files }: KnownSession, covers: number): IndexedSession {
  return {
    open: uses.open,
    files: files.map(({ file, identity, offset, last, ended, columns }) => ({
      name: file.name,
      identity,
      offset,
      last,
      ended,
      columns: new Map([...columns].map(([item, column]) => [item, since(column, covers)])),
    })),
  };
}

function since(column: Column, covers: number): Column {
  const from = column.after(covers);
  const { times, digits, exponents, length } = column;
  return new Column(
    times.subarray(from, length),
    digits.subarray(from, length),
    exponents.subarray(from, length),
    length - from,
  );
}

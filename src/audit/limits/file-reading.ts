import { lstatSync } from 'node:fs';
import { sha256Hex } from '../../platform/digest.ts';
import { lineChunks } from '../log/line-chunks.ts';
import { LineHead } from '../log/line-head.ts';
import type { SessionFile } from '../log/session-files.ts';
import type { Columns, SessionUses } from './session-uses.ts';

/** By what a file that was not touched since is known again. A change time cannot be set by hand. */
export type Identity = [inode: number, size: number, modified: number, changed: number];

/** A clock that was set back by so much leaves files whose last change is older than what they say. */
export const CLOCK_MS = 10 * 60_000;

/** What the system says of a path; undefined when nothing is there or it is no plain file. */
export function identityOf(path: string): Identity | undefined {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  return stat?.isFile() === true ? [stat.ino, stat.size, stat.mtimeMs, stat.ctimeMs] : undefined;
}

export function sameIdentity(one: Identity, other: Identity): boolean {
  return one.every((value, index) => value === other[index]);
}

/** The last whole line that was read. */
export interface LastLine {
  from: number;
  /** SHA-256 of the line without its LF. */
  digest: string;
}

/** How far a file was read, and what it used up. */
export interface FileReading {
  readonly file: SessionFile;
  readonly columns: Columns;
  identity: Identity;
  /** Behind the last whole line that was read. */
  offset: number;
  last: LastLine | undefined;
  /** It has recorded its end: nothing more comes. */
  ended: boolean;
  /** A line of it cannot be read, and nobody knows what it would have counted. */
  damaged: boolean;
}

export function unread(file: SessionFile, identity: Identity): FileReading {
  return {
    file,
    identity,
    columns: new Map(),
    offset: 0,
    last: undefined,
    ended: false,
    damaged: false,
  };
}

const LF = 0x0a;
const COUNTED = Buffer.from('"counted":');
/** Records that neither count nor give back; whatever is not surely one of them is read. */
const UNRELATED =
  /^\{"v":1,[^{}]*"type":"decision"(?!.*"counted":)|^\{"v":1,[^{}]*"type":"(?:forward|policy|grant|pin|approver|fault|pruned|notify)"/;
const UNRELATED_TYPES: ReadonlySet<string> = new Set(
  'forward policy grant pin approver fault pruned notify'.split(' '),
);

/**
 * Reads the whole lines that were added to a file since, piece by piece: after each piece the reading is one that can
 * be gone on from. The plain way to what a session used up. Throws errors of the system.
 */
export function* readOn(reading: FileReading, uses: SessionUses): Generator<void> {
  const head = new LineHead(reading.file.session);
  for (const { bytes, offset, torn } of lineChunks(reading.file.path, reading.offset)) {
    if (torn) return;
    let counted = bytes.indexOf(COUNTED);
    let last = 0;
    for (let from = 0; from < bytes.length; ) {
      const end = bytes.indexOf(LF, from);
      if (counted !== -1 && counted < from) counted = bytes.indexOf(COUNTED, from);
      const counts = counted !== -1 && counted < end;
      if (!isUnrelated(head, bytes, [from, end], counts))
        takeLine(reading, uses, bytes.toString('utf8', from, end));
      last = from;
      from = end + 1;
    }
    const line = bytes.subarray(last, bytes.length - 1);
    reading.last = { from: offset + last, digest: sha256Hex(line) };
    reading.offset = offset + bytes.length;
    yield;
  }
}

/** Most records have nothing to do with limits, and reading them all takes time. */
function isUnrelated(head: LineHead, bytes: Buffer, [from, end]: [number, number], counts: boolean): boolean {
  if (!head.read(bytes, from, end)) return false;
  return head.type === 'decision' ? !counts : UNRELATED_TYPES.has(head.type);
}

function takeLine(reading: FileReading, uses: SessionUses, line: string): void {
  if (UNRELATED.test(line)) return;
  const record = recordIn(line);
  if (record === undefined) {
    reading.damaged = true;
    return;
  }
  if (record['type'] === 'session' && record['event'] === 'stop') reading.ended = true;
  const time = Date.parse(String(record['time']));
  // Nobody knows whether what was counted then still counts.
  if (Number.isNaN(time)) reading.damaged = true;
  else uses.take(record, time, reading.columns);
}

function recordIn(line: string): Record<string, unknown> | undefined {
  try {
    const record: unknown = JSON.parse(line);
    return typeof record === 'object' && record !== null ? (record as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

import { createHmac, timingSafeEqual } from 'node:crypto';
import { readFileSync, renameSync } from 'node:fs';
import { endianness } from 'node:os';
import { beside, removeQuietly, writeWhole } from '../../platform/new-file.ts';
import { Column } from './column.ts';
import type { Identity, LastLine } from './file-reading.ts';
import type { Columns, OpenUse } from './session-uses.ts';

/** What one file used up, and by what it is known again. */
export interface IndexedFile {
  /** `<YYYY-MM>/<session>.jsonl` */
  name: string;
  identity: Identity;
  offset: number;
  last: LastLine | undefined;
  ended: boolean;
  columns: Columns;
}

export interface IndexedSession {
  files: IndexedFile[];
  open: Map<string, OpenUse[]>;
}

/** What was read of the log up to some moment. */
export interface LimitsIndex {
  /** It lacks nothing that was used up since then (ms since 1970). */
  covers: number;
  sessions: IndexedSession[];
  /** Files that have ended and lay before `covers`, by month: name and last change. */
  closed: Record<string, Record<string, number>>;
}

/** Where it lies, and the key that no other home has. */
export interface IndexPlace {
  file: string;
  key: Uint8Array;
}

/** Another one is none of ours: what was written by another version is read from the log again. */
const MAGIC = Buffer.from(`holdpoint limits 1 ${endianness()}\n`);
const MAC_BYTES = 32;
const HEAD_BYTES = MAGIC.length + MAC_BYTES;
const LENGTH_BYTES = 4;
const MOST_BYTES = 256 * 1024 * 1024;

interface Meta extends Omit<LimitsIndex, 'sessions'> {
  uses: number;
  items: string[];
  sessions: {
    files: (Omit<IndexedFile, 'columns'> & { columns: [item: number, start: number, length: number][] })[];
    open: [string, OpenUse[]][];
  }[];
}

/** The index; undefined where there is none, or one that this home did not write. Never throws. */
export function readIndex({ file, key }: IndexPlace): LimitsIndex | undefined {
  try {
    const bytes = readFileSync(file);
    const body = bytes.subarray(HEAD_BYTES);
    if (!bytes.subarray(0, MAGIC.length).equals(MAGIC) || bytes.length > MOST_BYTES) return undefined;
    if (!timingSafeEqual(bytes.subarray(MAGIC.length, HEAD_BYTES), macOf(key, body))) return undefined;
    return decoded(body);
  } catch {
    return undefined;
  }
}

/** Replaces it whole. Throws errors of the system. */
export function writeIndex({ file, key }: IndexPlace, index: LimitsIndex): void {
  const body = encoded(index);
  if (HEAD_BYTES + body.length > MOST_BYTES) return;
  const temporary = beside(file);
  // Not synced: what a power cut leaves of it is read from the log again.
  writeWhole(temporary, Buffer.concat([MAGIC, macOf(key, body), body]), false);
  try {
    renameSync(temporary, file);
  } catch (error) {
    removeQuietly(temporary);
    throw error;
  }
}

function macOf(key: Uint8Array, body: Uint8Array): Buffer {
  const own = createHmac('sha256', key).update('holdpoint limits index').digest();
  return createHmac('sha256', own).update(body).digest();
}

function encoded({ sessions, ...rest }: LimitsIndex): Buffer {
  const items = new Map<string, number>();
  const columns: Column[] = [];
  let uses = 0;
  const place = ([item, column]: [string, Column]): [number, number, number] => {
    if (!items.has(item)) items.set(item, items.size);
    columns.push(column);
    uses += column.length;
    return [items.get(item) ?? 0, uses - column.length, column.length];
  };
  const listed = sessions.map(({ files, open }) => ({
    files: files.map((file) => ({ ...file, columns: [...file.columns].map(place) })),
    open: [...open],
  }));
  const meta: Meta = { ...rest, uses, items: [...items.keys()], sessions: listed };
  const text = Buffer.from(JSON.stringify(meta));
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt32LE(text.length);
  const parts = (['times', 'digits', 'exponents'] as const).flatMap((name) =>
    columns.map((column) => bytesOf(column[name].subarray(0, column.length))),
  );
  return Buffer.concat([length, text, ...parts]);
}

function bytesOf(array: Float64Array | Int16Array): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}

function decoded(body: Buffer): LimitsIndex | undefined {
  const start = LENGTH_BYTES + body.readUInt32LE(0);
  const meta = JSON.parse(body.toString('utf8', LENGTH_BYTES, start)) as Meta;
  const { uses, items, sessions, ...rest } = meta;
  if (!isShaped(meta) || body.length !== start + 18 * uses) return undefined;
  const piece = (from: number, bytes: number): ArrayBuffer =>
    new Uint8Array(body.subarray(start + from, start + from + bytes)).buffer;
  const times = new Float64Array(piece(0, 8 * uses));
  const digits = new Float64Array(piece(8 * uses, 8 * uses));
  const exponents = new Int16Array(piece(16 * uses, 2 * uses));
  const column = ([item, from, length]: [number, number, number]): [string, Column] => {
    const cut = <T extends Float64Array | Int16Array>(all: T): T => all.subarray(from, from + length) as T;
    return [items[item] ?? '', new Column(cut(times), cut(digits), cut(exponents), length)];
  };
  const read = sessions.map(({ files, open }) => ({
    files: files.map((file) => ({ ...file, columns: new Map(file.columns.map(column)) })),
    open: new Map(open),
  }));
  return { ...rest, sessions: read };
}

const isNumber = (value: unknown): boolean => typeof value === 'number';

/** Who forges one may know the key: a time that is no number would be neither before nor behind any other. */
function isShaped({ covers, uses, sessions, closed }: Meta): boolean {
  return (
    isNumber(covers) &&
    Object.values(closed).every((files) => Object.values(files).every(isNumber)) &&
    sessions.every(({ files }) =>
      files.every(
        ({ name, identity, offset, columns }) =>
          typeof name === 'string' &&
          isNumber(offset) &&
          identity.length === 4 &&
          identity.every(isNumber) &&
          columns.every(([, from, length]) => from >= 0 && length >= 0 && from + length <= uses),
      ),
    )
  );
}

import { closeSync, lstatSync, openSync, readdirSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { lineChunks } from './line-chunks.ts';

/** One session's file; a session whose first file had to be given up goes on in a second one. */
export interface SessionFile {
  /** `<YYYY-MM>/<session>.jsonl`, then `<session>.2.jsonl`, relative to the audit folder. */
  name: string;
  path: string;
  session: string;
  /** From 1. */
  part: number;
}

/** What stands in an audit folder; `foreign` names are not ours and nothing reads them. */
export interface AuditFolder {
  /** In the order in which the sessions began: their ids begin with a UTC timestamp. */
  files: SessionFile[];
  foreign: string[];
}

const MONTH = /^\d{4}-\d{2}$/;
const FILE = /^([^.]+)(?:\.([2-9]|[1-9]\d+))?\.jsonl$/;

const STAMP = /^(\d{4})(\d{2})(\d{2})-(\d{2})(\d{2})(\d{2})-/;

/** When a session began, by its name; undefined for a name that is none of ours. In ms since the epoch. */
export function sessionStart(session: string): number | undefined {
  const found = STAMP.exec(session);
  if (found === null) return undefined;
  const [, year, month, day, hour, minute, second] = found;
  // In this form only: of others Date.parse makes guesses.
  const at = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}.000Z`);
  return Number.isNaN(at) ? undefined : at;
}

/** The name of a session's nth file. */
export function sessionFileName(session: string, part: number): string {
  return part === 1 ? `${session}.jsonl` : `${session}.${part}.jsonl`;
}

/** Sessions by their start, each one's files in the order in which it wrote them. */
export function inOrder(a: SessionFile, b: SessionFile): number {
  return a.session < b.session ? -1 : a.session > b.session ? 1 : a.part - b.part;
}

function byName(a: { name: string }, b: { name: string }): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}

/** Lists an audit folder; a missing one is empty. Links are foreign: no file of ours is one. Throws errors of the system. */
export function listAuditFolder(folder: string): AuditFolder {
  const found: AuditFolder = { files: [], foreign: [] };
  for (const entry of entriesOf(folder)) {
    if (!entry.isDirectory() || !MONTH.test(entry.name)) {
      found.foreign.push(entry.name);
      continue;
    }
    const month = listMonth(folder, entry.name);
    found.files.push(...month.files);
    found.foreign.push(...month.foreign);
  }
  return found;
}

/** The months that have a folder, oldest first. */
export function listMonths(folder: string): string[] {
  return entriesOf(folder)
    .filter((entry) => entry.isDirectory() && MONTH.test(entry.name))
    .map((entry) => entry.name);
}

/** Lists one month (`YYYY-MM`) of an audit folder. */
export function listMonth(folder: string, month: string): AuditFolder {
  const found: AuditFolder = { files: [], foreign: [] };
  for (const entry of entriesOf(join(folder, month))) {
    const file = entry.isFile() ? fileNamed(folder, month, entry.name) : undefined;
    if (file === undefined) found.foreign.push(`${month}/${entry.name}`);
    else found.files.push(file);
  }
  found.files.sort(inOrder);
  return found;
}

/** So many names are looked at first: the newest few are what is wanted. */
const FIRST_NAMES = 64;

/**
 * One month's files, the newest session first. Only names are listed and what begins the order is given early: a
 * session that starts beside ten thousand others asks for eight. Throws errors of the system.
 */
export function* newestFirst(folder: string, month: string): Generator<SessionFile> {
  const names = readdirSync(join(folder, month));
  const first = lastNames(names, FIRST_NAMES);
  const least = first[0] ?? '';
  yield* filesNamed(folder, month, first);
  if (names.length <= first.length) return;
  yield* filesNamed(
    folder,
    month,
    names.filter((name) => name < least),
  );
}

/** The last of these names in their order, whole sessions only. */
function lastNames(names: readonly string[], count: number): string[] {
  let kept: string[] = [];
  let least = '';
  for (const name of names) {
    if (name < least) continue;
    kept.push(name);
    if (kept.length < 2 * count) continue;
    kept = kept.sort().slice(-count);
    least = kept[0] ?? '';
  }
  kept.sort();
  if (kept.length === names.length) return kept;
  // Some parts of the first one's session may not be among them.
  const cut = sessionNamed(kept[0] ?? '');
  return kept.filter((name) => sessionNamed(name) !== cut);
}

const sessionNamed = (name: string): string => name.slice(0, name.indexOf('.'));

function* filesNamed(folder: string, month: string, names: readonly string[]): Generator<SessionFile> {
  const files = names.flatMap((name) => fileNamed(folder, month, name) ?? []);
  for (const file of files.sort(inOrder).reverse())
    if (lstatSync(file.path, { throwIfNoEntry: false })?.isFile() === true) yield file;
}

/** The session's file of that name in a month's folder; undefined for a name that is none of ours. */
export function fileNamed(folder: string, month: string, base: string): SessionFile | undefined {
  const [, session, part = '1'] = FILE.exec(base) ?? [];
  const name = `${month}/${base}`;
  return session === undefined ? undefined : { name, path: join(folder, name), session, part: Number(part) };
}

function entriesOf(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true }).sort(byName);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

/** One line of a file without its LF, valid until the next one is asked for. A torn one is the last and has no LF. */
export interface RawLine {
  bytes: Buffer;
  /** From 1; counted from where the reading began. */
  number: number;
  torn: boolean;
}

const CHUNK = 256 * 1024;
const LF = 0x0a;

/**
 * The lines of a file, read piece by piece: all, or those that begin at the byte `from` or behind it. Throws errors of
 * the system.
 */
export function* readLines(path: string, from = 0): Generator<RawLine> {
  // The byte before tells whether a line begins at `from`: what it ends is passed over as line 0.
  let number = from > 0 ? -1 : 0;
  for (const { bytes, torn } of lineChunks(path, Math.max(0, from - 1))) {
    for (let start = 0; start < bytes.length; ) {
      const end = torn ? bytes.length : bytes.indexOf(LF, start);
      number += 1;
      if (number > 0) yield { bytes: bytes.subarray(start, end), number, torn };
      start = end + 1;
    }
  }
}

/** How many lines end before a byte of a file. Throws errors of the system. */
export function linesBefore(path: string, end: number): number {
  const fd = openSync(path, 'r');
  try {
    const chunk = Buffer.allocUnsafe(CHUNK);
    let lines = 0;
    for (let at = 0; at < end; ) {
      const read = readSync(fd, chunk, 0, Math.min(CHUNK, end - at), at);
      if (read === 0) break;
      at += read;
      const piece = chunk.subarray(0, read);
      for (let found = piece.indexOf(LF); found !== -1; found = piece.indexOf(LF, found + 1)) lines += 1;
    }
    return lines;
  } finally {
    closeSync(fd);
  }
}

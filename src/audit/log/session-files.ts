import { closeSync, fstatSync, openSync, readdirSync, readSync } from 'node:fs';
import { join } from 'node:path';

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

function inOrder(a: SessionFile, b: SessionFile): number {
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
    const name = `${month}/${entry.name}`;
    const [, session, part = '1'] = FILE.exec(entry.name) ?? [];
    if (!entry.isFile() || session === undefined) found.foreign.push(name);
    else found.files.push({ name, path: join(folder, name), session, part: Number(part) });
  }
  found.files.sort(inOrder);
  return found;
}

function entriesOf(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true }).sort(byName);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

/** One line of a file without its LF. A torn one is the last and has no LF. */
export interface RawLine {
  bytes: Buffer;
  /** From 1. */
  number: number;
  torn: boolean;
}

const CHUNK = 1 << 20;
const LEAST = 1 << 12;
const LF = 0x0a;

/** The lines of a file, read piece by piece. Throws errors of the system. */
export function* readLines(path: string): Generator<RawLine> {
  const fd = openSync(path, 'r');
  try {
    // No longer than the file, though one that grows is read on: most files are short, and there may be thousands.
    const chunk = Buffer.allocUnsafe(Math.min(CHUNK, Math.max(LEAST, fstatSync(fd).size)));
    let pieces: Buffer[] = [];
    let number = 0;
    for (let read = readSync(fd, chunk); read > 0; read = readSync(fd, chunk)) {
      const part = chunk.subarray(0, read);
      let from = 0;
      for (let at = part.indexOf(LF); at !== -1; at = part.indexOf(LF, from)) {
        number += 1;
        pieces.push(Buffer.from(part.subarray(from, at)));
        yield { bytes: Buffer.concat(pieces), number, torn: false };
        pieces = [];
        from = at + 1;
      }
      if (from < read) pieces.push(Buffer.from(part.subarray(from)));
    }
    if (pieces.length > 0) yield { bytes: Buffer.concat(pieces), number: number + 1, torn: true };
  } finally {
    closeSync(fd);
  }
}

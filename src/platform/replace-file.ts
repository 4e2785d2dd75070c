import { randomBytes } from 'node:crypto';
import {
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { visible } from '../text/visible.ts';
import { PlainError } from './plain-error.ts';

/**
 * A file's text. Throws a PlainError for one that cannot be read (no file, no permission, a folder), or that is not
 * valid UTF-8: writing it back would change its bytes.
 */
export function readText(path: string): string {
  const bytes = bytesOf(path);
  const text = bytes.toString('utf8');
  if (!Buffer.from(text).equals(bytes))
    throw new PlainError(`${visible(path)} is not valid UTF-8; nothing was changed.`);
  return text;
}

/** No client's configuration is as long; a device may have no end at all. */
const MOST_BYTES = 256 * 1024 * 1024;

/** Of an ordinary file: a pipe in a project's folder would keep its reader waiting for ever. */
function bytesOf(path: string): Buffer {
  try {
    const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const stat = fstatSync(fd);
      if (!stat.isFile()) throw new PlainError(`${visible(path)} is no ordinary file. Nothing was changed.`);
      if (stat.size > MOST_BYTES)
        throw new PlainError(`${visible(path)} is longer than ${MOST_BYTES} bytes. Nothing was changed.`);
      return readFileSync(fd);
    } finally {
      closeSync(fd);
    }
  } catch (error) {
    if (error instanceof PlainError) throw error;
    throw new PlainError(
      `${visible(path)} cannot be read: ${visible((error as Error).message)}. Nothing was changed.`,
      1,
      { cause: error },
    );
  }
}

/** Where a file really is. Throws a PlainError for one that is not there, such as a link that leads nowhere. */
export function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch (error) {
    throw new PlainError(
      `${visible(path)} cannot be found: ${visible((error as Error).message)}. Nothing was changed.`,
      1,
      { cause: error },
    );
  }
}

/**
 * Replaces a file's text whole or not at all: backup, temporary file, sync, rename. A link is kept and its target
 * written; the mode stays. A file that has a second name (a hard link), which a rename would cut loose, is written in
 * place. The backup goes into a private folder of our own, for a configuration may hold tokens and lie in a
 * repository. Throws a PlainError when the file is no longer the one that was read. Returns the backup's path.
 */
export function replaceFile(path: string, before: string, after: string, backups: string): string {
  const target = realPath(path);
  unchanged(target, before);
  const stats = statSync(target);
  const backup = backUp(target, before, backups);
  if (stats.nlink > 1) {
    writeInPlace(target, { before, after, backup });
    return backup;
  }
  const temporary = join(dirname(target), `.holdpoint-${process.pid}-${randomBytes(4).toString('hex')}.tmp`);
  try {
    write(temporary, after, stats);
    unchanged(target, before);
    renameSync(temporary, target);
  } catch (error) {
    rmSync(temporary, { force: true });
    rmSync(backup, { force: true });
    if (error instanceof PlainError) throw error;
    throw new PlainError(
      `${visible(target)} could not be written: ${visible((error as Error).message)}. It is as it was.`,
      1,
      { cause: error },
    );
  }
  return backup;
}

interface InPlace {
  before: string;
  after: string;
  backup: string;
}

/** All names of the file keep it. Cut short half-way (a full disk), the old text is put back, or its backup named. */
function writeInPlace(target: string, { before, after, backup }: InPlace): void {
  unchanged(target, before);
  try {
    overwrite(target, after);
  } catch (error) {
    try {
      overwrite(target, before);
    } catch {
      throw new PlainError(
        `${visible(target)} could not be written whole: ${visible((error as Error).message)}. What was there before: ${visible(backup)}. Copy it back.`,
        1,
        { cause: error },
      );
    }
    throw new PlainError(
      `${visible(target)} could not be written: ${visible((error as Error).message)}. It is as it was.`,
      1,
      { cause: error },
    );
  }
}

function overwrite(target: string, text: string): void {
  const fd = openSync(target, 'r+');
  try {
    const bytes = Buffer.from(text);
    for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at, bytes.length - at, at);
    ftruncateSync(fd, bytes.length);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

function unchanged(target: string, before: string): void {
  if (bytesOf(target).equals(Buffer.from(before))) return;
  throw new PlainError(
    `${visible(target)} was changed by somebody else just now, so nothing was written. Run the command again.`,
  );
}

/** So much of a path is in the name of its backup; its end tells most. */
const MOST_NAMED = 150;

function backUp(target: string, text: string, folder: string): string {
  const stamp = new Date().toISOString().replace(/[-:]|\.\d+/g, '');
  const name = [...target.replaceAll('/', '-')].slice(-MOST_NAMED).join('').replace(/^-+/, '');
  for (let n = 0; ; n += 1) {
    const backup = join(folder, `${name}.bak-${stamp}${n === 0 ? '' : `-${n}`}`);
    try {
      const fd = openSync(backup, 'wx', 0o600);
      try {
        writeFileSync(fd, text);
        fsyncSync(fd);
      } catch (error) {
        rmSync(backup, { force: true });
        throw error;
      } finally {
        closeSync(fd);
      }
      return backup;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') continue;
      throw new PlainError(
        `No backup of ${visible(target)} could be made: ${visible((error as Error).message)}. Nothing was changed.`,
        1,
        { cause: error },
      );
    }
  }
}

function write(path: string, text: string, { mode, uid, gid }: Stats): void {
  const fd = openSync(path, 'wx', 0o600);
  try {
    const bytes = Buffer.from(text);
    for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at);
    keepOwner(fd, uid, gid);
    fchmodSync(fd, mode & 0o7777);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

/** Under sudo the file stays its user's, who else could not write it any more; others may not give files away. */
function keepOwner(fd: number, uid: number, gid: number): void {
  try {
    fchownSync(fd, uid, gid);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') throw error;
  }
}

import { randomBytes } from 'node:crypto';
import {
  closeSync,
  constants,
  copyFileSync,
  fchmodSync,
  fchownSync,
  fsyncSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { PlainError } from '../protocol/plain-error.ts';
import { visible } from '../protocol/visible.ts';

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

function bytesOf(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new PlainError(
      `${visible(path)} cannot be read: ${visible((error as Error).message)}. Nothing was changed.`,
      1,
      { cause: error },
    );
  }
}

/**
 * Replaces a file's text whole or not at all: backup beside it, temporary file, sync, rename. A link is kept and its
 * target written; the mode stays. Throws a PlainError when the file is no longer the one that was read.
 * Returns the backup's path.
 */
export function replaceFile(path: string, before: string, after: string): string {
  const target = realpathSync(path);
  unchanged(target, before);
  const backup = backUp(target);
  const temporary = join(dirname(target), `.holdpoint-${process.pid}-${randomBytes(4).toString('hex')}.tmp`);
  try {
    write(temporary, after, statSync(target));
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

function unchanged(target: string, before: string): void {
  if (bytesOf(target).equals(Buffer.from(before))) return;
  throw new PlainError(
    `${visible(target)} was changed by somebody else just now, so nothing was written. Run the command again.`,
  );
}

function backUp(target: string): string {
  const stamp = new Date().toISOString().replace(/[-:]|\.\d+/g, '');
  for (let n = 0; ; n += 1) {
    const backup = `${target}.holdpoint.bak-${stamp}${n === 0 ? '' : `-${n}`}`;
    try {
      copyFileSync(target, backup, constants.COPYFILE_EXCL);
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

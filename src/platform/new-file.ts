import { randomBytes } from 'node:crypto';
import {
  closeSync,
  constants,
  fsyncSync,
  linkSync,
  openSync,
  renameSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';

/** Such file systems have no second names; there the file is made in place. */
const NO_LINKS = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'EINVAL']);

/** A name beside a file that nobody else takes. */
export function beside(file: string): string {
  return `${file}.${process.pid}.${randomBytes(4).toString('hex')}.tmp`;
}

/** Writes a whole file of mode 0600 that is not there yet, or leaves nothing behind. Throws the system's error. */
export function writeWhole(file: string, text: string | Uint8Array, sync = true): void {
  const fd = openSync(file, 'wx', 0o600);
  try {
    const bytes = Buffer.from(text);
    for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at);
    if (sync) fsyncSync(fd);
  } catch (error) {
    removeQuietly(file);
    throw error;
  } finally {
    closeSync(fd);
  }
}

/**
 * Puts a file where none is, whole or not at all, so that a disk that is full leaves no empty one behind. False when
 * there is one. Throws the system's error.
 */
export function placeNew(file: string, text: string, sync = true): boolean {
  const temporary = beside(file);
  writeWhole(temporary, text, sync);
  try {
    linkSync(temporary, file);
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return false;
    if (!NO_LINKS.has(code)) throw error;
    return placeInPlace(file, text, sync);
  } finally {
    removeQuietly(temporary);
  }
  if (sync) syncFolder(dirname(file));
  return true;
}

function placeInPlace(file: string, text: string, sync: boolean): boolean {
  try {
    writeWhole(file, text, sync);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Replaces a file whole or not at all. `before` is called when all but the new name is done; its throw keeps the old. */
export function replaceWhole(file: string, text: string, before: () => void): void {
  const temporary = beside(file);
  writeWhole(temporary, text);
  try {
    before();
    renameSync(temporary, file);
  } catch (error) {
    removeQuietly(temporary);
    throw error;
  }
  syncFolder(dirname(file));
}

/** What cannot be removed stays; the reason why it should go is told already. */
export function removeQuietly(file: string): void {
  try {
    // As good as `rmSync` for a file, and its first call takes some milliseconds less (measured, Node 20).
    unlinkSync(file);
  } catch {
    // There is none, or the disk is read-only by now.
  }
}

/** The new name must survive a power cut too; file systems that cannot sync a folder keep no promise here. */
function syncFolder(folder: string): void {
  try {
    const fd = openSync(folder, constants.O_RDONLY);
    try {
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
  } catch {
    // Best effort: the document itself is synced.
  }
}

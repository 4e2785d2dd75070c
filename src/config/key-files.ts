import { closeSync, fsyncSync, openSync, readdirSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { PlainError } from '../protocol/plain-error.ts';
import { ensurePrivateFolder, type Home } from './home.ts';

const LOCKED = '.key';

/** Where a home keeps approvers' keys: `keys/<name>.key` locked, `keys/<name>.pub` to hand over. */
export function keyFile(home: Home, name: string, kind: 'key' | 'pub'): string {
  return join(home.root, 'keys', `${name}.${kind}`);
}

/** The names of the locked keys that lie in a home. */
export function keyNames(home: Home): string[] {
  try {
    return readdirSync(join(home.root, 'keys'))
      .filter((name) => name.endsWith(LOCKED))
      .map((name) => name.slice(0, -LOCKED.length))
      .sort();
  } catch {
    return [];
  }
}

/** Throws a PlainError when it cannot be read. */
export function readKeyFile(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new PlainError(`The key ${path} cannot be read: ${(error as Error).message}.`, 1, { cause: error });
  }
}

/** Writes a new file of mode 0600, synced; never over another. Throws a PlainError. */
export function writeNewFile(home: Home, path: string, text: string): void {
  ensurePrivateFolder(join(home.root, 'keys'));
  let fd: number | undefined;
  try {
    fd = openSync(path, 'wx', 0o600);
    const bytes = Buffer.from(text);
    for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at);
    fsyncSync(fd);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') throw new PlainError(`${path} is there already and is not overwritten.`);
    if (fd !== undefined) rmSync(path, { force: true });
    throw new PlainError(`${path} cannot be written: ${message}.`, 1, { cause: error });
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}

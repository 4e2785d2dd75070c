import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { causeOf, fileFault } from '../../platform/file-fault.ts';
import { ensurePrivateFolder, type Home } from '../../platform/home.ts';
import { namesIn } from '../../platform/names-in.ts';
import { placeNew, removeQuietly } from '../../platform/new-file.ts';
import { PlainError } from '../../platform/plain-error.ts';

const LOCKED = '.key';

/** Where a home keeps approvers' keys: `keys/<name>.key` locked, `keys/<name>.pub` to hand over. */
export function keyFile(home: Home, name: string, kind: 'key' | 'pub'): string {
  return join(home.root, 'keys', `${name}.${kind}`);
}

/** The names of the locked keys that lie in a home. */
export function keyNames(home: Home): string[] {
  return namesIn(join(home.root, 'keys'))
    .filter((name) => name.endsWith(LOCKED))
    .map((name) => name.slice(0, -LOCKED.length))
    .sort();
}

/** Throws a PlainError when it cannot be read. */
export function readKeyFile(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new PlainError(`The key ${path} cannot be read: ${causeOf(error)}.`, 1, { cause: error });
  }
}

/** The files of a key that is being made, which go together or not at all. */
export interface NewKeyFiles {
  /** Writes one, of mode 0600, synced and whole; never over another. Throws a PlainError. */
  write(name: string, kind: 'key' | 'pub', content: unknown): void;
  /** Removes what was written. */
  takeBack(): void;
}

export function newKeyFiles(home: Home): NewKeyFiles {
  const written: string[] = [];
  return {
    write: (name, kind, content) => {
      ensurePrivateFolder(join(home.root, 'keys'));
      const path = keyFile(home, name, kind);
      if (!placed(path, `${JSON.stringify(content, null, 2)}\n`))
        throw new PlainError(`${path} is there already and is not overwritten.`);
      written.push(path);
    },
    takeBack: () => written.forEach(removeQuietly),
  };
}

function placed(path: string, text: string): boolean {
  try {
    return placeNew(path, text);
  } catch (error) {
    throw fileFault(error, path, 'written');
  }
}

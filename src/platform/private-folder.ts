import { chmodSync, lstatSync, mkdirSync } from 'node:fs';
import { causeOf } from './file-fault.ts';

const OTHERS = 0o077;

/** Why a folder cannot be used: `why` ends a sentence, `way` is one. */
export interface FolderFault {
  why: string;
  way: string;
  /** What the system said, and of what. */
  cause?: { error: unknown; doing: 'made' | 'closed to other users' };
}

/** Makes a folder that only its owner can enter, or sees to it that an existing one is so. Undefined when it can be used. */
export function privateFolderFault(path: string): FolderFault | undefined {
  const way = 'Remove it or choose another --home.';
  const noFolder = { why: `${path} is not a folder (a link, perhaps)`, way };
  const refused = (error: unknown, doing: 'made' | 'closed to other users'): FolderFault => ({
    why: causeOf(error),
    way: '',
    cause: { error, doing },
  });
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EEXIST' ? noFolder : refused(error, 'made');
  }
  const stat = lstatSync(path);
  if (!stat.isDirectory()) return noFolder;
  const uid = process.getuid?.();
  if (uid !== undefined && stat.uid !== uid)
    return { why: `${path} belongs to another user (uid ${stat.uid})`, way: 'Choose another --home.' };
  try {
    if ((stat.mode & OTHERS) !== 0) chmodSync(path, 0o700);
  } catch (error) {
    return refused(error, 'closed to other users');
  }
  return undefined;
}

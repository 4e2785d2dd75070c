import { chmodSync, lstatSync, mkdirSync } from 'node:fs';

const OTHERS = 0o077;

/**
 * Makes a folder that only its owner can enter, or sees to it that an existing one is so. Why it cannot be used ends
 * a sentence; undefined when it can.
 */
export function privateFolderFault(path: string): string | undefined {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
    const stat = lstatSync(path);
    if (!stat.isDirectory()) return `${path} is not a folder (a link, perhaps)`;
    const uid = process.getuid?.();
    if (uid !== undefined && stat.uid !== uid) return `${path} belongs to another user (uid ${stat.uid})`;
    if ((stat.mode & OTHERS) !== 0) chmodSync(path, 0o700);
    return undefined;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return code === 'EEXIST' ? `${path} is not a folder (a link, perhaps)` : (code ?? message);
  }
}

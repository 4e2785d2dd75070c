import { lstatSync, type Stats, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isForeign } from './read-policy-file.ts';

/** Where an administrator's policy lies. */
export const ADMINISTRATOR = '/etc/holdpoint';

/** The names of a policy in the home, and in the administrator's folder. */
export const PLACES: readonly string[] = ['policy.json', 'policy.jsonc', 'policy.yaml', 'policy.yml'];
export const PROJECT_PLACES: readonly string[] = [
  '.policyrc',
  '.policyrc.json',
  '.policyrc.jsonc',
  '.policyrc.yaml',
  '.policyrc.yml',
];
const MOST_FOLDERS = 64;

/**
 * Where a project's policies may lie: the working folder and those above it up to its repository's root, innermost
 * first; the working folder alone outside of a repository. Nothing above is looked at. Never throws.
 */
export function projectFolders(workingFolder: string): string[] {
  const folders = foldersAbove(workingFolder);
  return folders.slice(0, repositoryAt(folders) + 1 || 1);
}

/** The top of the repository that a folder lies in; undefined outside of any. Never throws. */
export function repositoryOf(folder: string): string | undefined {
  const folders = foldersAbove(folder);
  return folders[repositoryAt(folders)];
}

/** Which of these is a repository's top; -1 for none. */
function repositoryAt(folders: readonly string[]): number {
  const marks = folders.map(repositoryMark);
  // Another user who may write into a folder of the project must not cut off what lies above it by a .git of theirs.
  const own = marks.findIndex((mark) => mark !== undefined && !isForeign(mark));
  return own === -1 ? marks.findIndex((mark) => mark !== undefined) : own;
}

/** What `.git` is where it makes a repository: a folder, or the file of a work tree. */
function repositoryMark(folder: string): Stats | undefined {
  try {
    const stat = statSync(join(folder, '.git'), { throwIfNoEntry: false });
    return stat?.isDirectory() === true || stat?.isFile() === true ? stat : undefined;
  } catch {
    return undefined;
  }
}

function foldersAbove(from: string): string[] {
  const folders = [from];
  for (let folder = from; dirname(folder) !== folder && folders.length < MOST_FOLDERS; ) {
    folder = dirname(folder);
    folders.push(folder);
  }
  return folders;
}

/** Why an administrator's policy does not count: not only root can write it, or its folder. As sentences. */
export function notRootsAlone(path: string): string | undefined {
  const open = [path, dirname(path)].find((one) => {
    const stat = statOf(one);
    return stat !== undefined && (stat.uid !== 0 || (stat.mode & 0o022) !== 0);
  });
  return open === undefined
    ? undefined
    : `The administrator's policy ${path} is ignored: ${open} is not root's alone. Run "chown root" and "chmod go-w" on it.`;
}

/** Of what a link leads to, or of the link when it leads nowhere. */
function statOf(path: string): Stats | undefined {
  for (const stat of [statSync, lstatSync]) {
    try {
      return stat(path);
    } catch {
      // Where not even the link can be looked at, its folder's rights decide.
    }
  }
  return undefined;
}

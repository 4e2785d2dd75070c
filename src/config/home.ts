import { chmodSync, lstatSync, mkdirSync } from 'node:fs';
import { homedir, userInfo } from 'node:os';
import { join, resolve } from 'node:path';
import { PlainError } from '../protocol/plain-error.ts';

/** The folders of one holdpoint home. All paths are absolute. */
export interface Home {
  root: string;
  audit: string;
  run: string;
  state: string;
}

/**
 * Where this process keeps its files: `--home`, else HOLDPOINT_HOME, else `~/.holdpoint`.
 * Not XDG: codex drops those variables, and the approver's terminal would look elsewhere (research/clients.md 4.11).
 */
export function resolveHome(flag: string | undefined, env: NodeJS.ProcessEnv): Home {
  const given = flag ?? env['HOLDPOINT_HOME'];
  if (given === '') throw new PlainError('The holdpoint home is an empty path. Give --home a folder.', 2);
  const root = resolve(given ?? join(homedir(), '.holdpoint'));
  return { root, audit: join(root, 'audit'), run: join(root, 'run'), state: join(root, 'state') };
}

/**
 * Makes a folder that only its owner can enter, or checks that an existing one is so.
 * Throws a PlainError when it is a link, another user's, or cannot be made private.
 */
export function ensurePrivateFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
  } catch (cause) {
    throw new PlainError(`Cannot make the folder ${path}: ${(cause as Error).message}.`, 1, { cause });
  }
  const stat = lstatSync(path);
  if (!stat.isDirectory()) {
    throw new PlainError(`${path} is not a folder (a link, perhaps). Remove it or choose another --home.`);
  }
  const { uid } = userInfo();
  if (uid !== -1 && stat.uid !== uid) {
    throw new PlainError(`${path} belongs to another user (uid ${stat.uid}). Choose another --home.`);
  }
  if ((stat.mode & 0o077) !== 0) chmodSync(path, 0o700);
}

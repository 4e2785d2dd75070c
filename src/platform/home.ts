import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import { fileFault } from './file-fault.ts';
import { PlainError } from './plain-error.ts';
import { privateFolderFault } from './private-folder.ts';

/** The folders of one holdpoint home. All paths are absolute. */
export interface Home {
  root: string;
  audit: string;
  run: string;
  state: string;
}

/**
 * Where this process keeps its files: `--home`, else HOLDPOINT_HOME, else `~/.holdpoint`. Only a person who types
 * `--home` may mean the folder that they are in: HOLDPOINT_HOME and HOME must be absolute, or whatever folder a
 * client starts us in could bring a home of its own, with a policy that allows everything.
 * Not XDG: codex drops those variables, and the approver's terminal would look elsewhere (measured).
 */
export function resolveHome(flag: string | undefined, env: NodeJS.ProcessEnv): Home {
  const [given, by] =
    flag !== undefined
      ? [flag, '--home']
      : env['HOLDPOINT_HOME'] !== undefined
        ? [env['HOLDPOINT_HOME'], 'HOLDPOINT_HOME']
        : [join(homedir(), '.holdpoint'), 'HOME'];
  if (given === '') throw new PlainError('The holdpoint home is an empty path. Give --home a folder.', 2);
  if (by !== '--home') assertAbsolute(given, by);
  const root = resolve(given);
  return { root, audit: join(root, 'audit'), run: join(root, 'run'), state: join(root, 'state') };
}

/** The same for `run`, which a client starts in a folder that nobody chose: there `--home` is absolute as well. */
export function resolveRunHome(flag: string | undefined, env: NodeJS.ProcessEnv): Home {
  if (flag !== undefined && flag !== '') assertAbsolute(flag, '--home');
  return resolveHome(flag, env);
}

function assertAbsolute(path: string, by: string): void {
  if (isAbsolute(path)) return;
  const tilde = path.startsWith('~') ? ' Nothing expands "~" here.' : '';
  throw new PlainError(
    `The holdpoint home ${JSON.stringify(path)} (${by}) is not an absolute path, so it would be another one in every folder.${tilde} Give the whole path, from "/" on.`,
    2,
  );
}

/**
 * Makes a folder that only its owner can enter, or checks that an existing one is so.
 * Throws a PlainError when it is a link, another user's, or cannot be made private.
 */
export function ensurePrivateFolder(path: string): void {
  const fault = privateFolderFault(path);
  if (fault === undefined) return;
  const { why, way, cause } = fault;
  throw cause === undefined ? new PlainError(`${why}. ${way}`) : fileFault(cause.error, path, cause.doing);
}

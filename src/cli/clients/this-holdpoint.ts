import { accessSync, constants, existsSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve, sep } from 'node:path';
import type { Wrapper } from '../../clients/wrap.ts';
import { EXIT } from '../../platform/exit-codes.ts';
import { resolveHome } from '../../platform/home.ts';
import { PlainError } from '../../platform/plain-error.ts';
import { visible } from '../../text/visible.ts';
import type { WrapOptions } from './wrap.ts';

/** npx; pnpm dlx; bunx; yarn dlx. They keep a package for a while and then sweep it away. */
const CACHES = /[/\\](?:_npx|pnpm[/\\]dlx(?:-[^/\\]*)?|bunx-[^/\\]*|dlx-\d+)[/\\]/;

/** Whether a script's place outlives the day: `cache` is a package runner's, `temporary` a system's folder. */
export function placeOf(script: string, temporaryFolders: readonly string[]): 'kept' | 'cache' | 'temporary' {
  if (CACHES.test(script)) return 'cache';
  return temporaryFolders.some((folder) => script.startsWith(folder + sep)) ? 'temporary' : 'kept';
}

/**
 * How a client starts this very holdpoint: node and the script by full path, since desktop clients do not have the
 * shell's PATH (tried). Throws a PlainError for a copy that would vanish one day and take every
 * wrapped server with it: a newcomer who tries `npx holdpoint wrap` is told to install it. `say` gets a warning
 * about a checkout in a temporary folder, which is not refused.
 */
export function thisHoldpoint(options: WrapOptions, say: (sentence: string) => void): Wrapper {
  const bin = resolve(import.meta.dirname, '../../../bin/holdpoint.js');
  const place = placeOf(bin, [
    ...new Set(['/tmp', tmpdir()].filter(existsSync).map((one) => realpathSync(one))),
  ]);
  if (place === 'cache' && options.force !== true) {
    throw new PlainError(
      `holdpoint runs from a package runner's cache (${visible(bin)}), which may vanish. Run "npm install -g holdpoint" first, or add --force.`,
    );
  }
  if (place === 'temporary') say(`holdpoint lies in a temporary folder (${visible(bin)}), which may vanish.`);
  // A client that is no child of this shell has not its HOLDPOINT_HOME, and would look elsewhere than `watch` does.
  const given = options.home ?? process.env['HOLDPOINT_HOME'];
  const home = given === undefined ? undefined : resolveHome(given, process.env).root;
  const policy = wordsOf('--policy', existing(options.policy));
  // An entry's own HOME or HOLDPOINT_HOME is meant for its server: it gives holdpoint no other policy.
  const homeWords = (elsewhere: boolean): string[] =>
    wordsOf('--home', elsewhere ? resolveHome(given, process.env).root : home);
  return {
    command: process.execPath,
    words: (server, elsewhere = false) => [
      bin,
      'run',
      ...nameWords(server),
      ...homeWords(elsewhere),
      ...policy,
    ],
  };
}

/**
 * For a file that a team shares: by name, so that no path of this machine stands in it; or in words why not: a path
 * was asked for, or no `holdpoint` is on the PATH and the client would start nothing. Not `npx holdpoint`: a name that
 * nobody has published is one that anybody may publish.
 */
export function sharedHoldpoint(options: WrapOptions): Wrapper | string {
  const path = options.home ?? options.policy;
  if (path !== undefined) {
    const option = options.home === undefined ? 'policy' : 'home';
    return `it is shared by a repository, so it can hold no path of this machine such as ${visible(path)}. Leave --${option} out; a project's rules go into its .policyrc`;
  }
  if (options.force !== true && !onPath('holdpoint')) {
    return 'it is shared by a repository, so it would name "holdpoint" without a path, and no such command is on your PATH. Run "npm install -g ." in the clone first, or add --force';
  }
  return { command: 'holdpoint', words: (server) => ['run', ...nameWords(server)] };
}

function onPath(program: string): boolean {
  return (process.env['PATH'] ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return folder !== '';
    } catch {
      return false;
    }
  });
}

function wordsOf(option: string, path: string | undefined): string[] {
  return path === undefined ? [] : [option, resolve(path)];
}

/** `run` refuses an empty name: without one it derives its own. */
function nameWords(server: string): string[] {
  return server === '' ? [] : ['--server', server];
}

/** A policy that is not there would keep every wrapped server from working. */
function existing(policy: string | undefined): string | undefined {
  if (policy === undefined || existsSync(policy)) return policy;
  throw new PlainError(`The policy ${visible(resolve(policy))} does not exist. Write it first.`, EXIT.usage);
}

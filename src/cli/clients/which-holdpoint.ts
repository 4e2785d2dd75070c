import { accessSync, constants, existsSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { delimiter, dirname, isAbsolute, join, resolve } from 'node:path';
import { isFetched, isNode, runAt, wrappedAt } from '../../clients/wrapped.ts';

/** What a wrapped command line really starts on this machine. */
export interface Started {
  /** A program or script that is not there. */
  missing: string | undefined;
  /** Of the holdpoint that it starts; undefined where that is not known. */
  version: string | undefined;
  /** Why nobody can say that it is holdpoint, as the end of a sentence; undefined: it is, or it is not there. */
  doubt: string | undefined;
}

const NOTHING: Started = { missing: undefined, version: undefined, doubt: undefined };
const SCRIPT = /[/\\]holdpoint\.js$/;

/** Whether a wrapped command line's program and script are there and are holdpoint. Starts nothing. */
export function startedIn(command: readonly string[]): Started {
  const ours = command.slice(0, wrappedAt(command) ?? 0);
  const [program = ''] = ours;
  // Behind `run` a path or an address may end so as well.
  const script = ours.slice(0, runAt(ours) ?? 0).find((word) => SCRIPT.test(word));
  const variable = ours.slice(0, ours.indexOf('run')).find((word) => word.includes('${'));
  if (variable !== undefined)
    return { ...NOTHING, doubt: `its client makes a path of ${variable}, which cannot be looked at here` };
  const place = onPath(program);
  if (place === undefined) return { ...NOTHING, missing: program };
  if (script !== undefined && isAbsolute(script) && !existsSync(script))
    return { ...NOTHING, missing: script };
  if (isFetched(ours))
    return {
      ...NOTHING,
      doubt: `it starts whatever package ${program} finds under the name holdpoint, and anybody may publish one`,
    };
  if (script !== undefined && program === ours[ours.indexOf(script) - 1] && !isNodeHere(program, place))
    return { ...NOTHING, doubt: `it starts ${program}, which is not Node` };
  const at = script ?? ours.slice(0, ours.indexOf('run')).findLast((word) => /holdpoint/.test(word));
  // A script need not be executable, and one by a relative path is another in every folder.
  const path = at === undefined ? undefined : /[/\\]/.test(at) ? resolve(at) : onPath(at);
  if (path === undefined) return NOTHING;
  const version = versionOf(path);
  return version === undefined
    ? { ...NOTHING, doubt: `${at} is called holdpoint, and is no holdpoint that can be recognised` }
    : { ...NOTHING, version };
}

function isNodeHere(program: string, place: string): boolean {
  return isNode(program) || real(place) === real(process.execPath);
}

function real(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

/** Where a program is, by its path or on the PATH. */
function onPath(program: string): string | undefined {
  const tries = /[/\\]/.test(program)
    ? [resolve(program)]
    : (process.env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, program));
  return tries.find((path) => {
    try {
      accessSync(path, constants.X_OK);
      return statSync(path).isFile();
    } catch {
      return false;
    }
  });
}

/** Of the package that a script lies in, or that a package manager's own small script starts. */
function versionOf(script: string): string | undefined {
  const found = versionAt(script);
  if (found !== undefined) return found;
  const named = /\$basedir[^"'\s]*holdpoint[/\\]bin[/\\]holdpoint\.js/.exec(beginning(script))?.[0];
  return named === undefined ? undefined : versionAt(named.replace('$basedir', dirname(script)));
}

function versionAt(script: string): string | undefined {
  try {
    const found: unknown = JSON.parse(
      readFileSync(join(dirname(realpathSync(script)), '../package.json'), 'utf8'),
    );
    const { name, version } = found as { name?: unknown; version?: unknown };
    return name === 'holdpoint' && typeof version === 'string' ? version : undefined;
  } catch {
    return undefined;
  }
}

const LONGEST_SHIM = 8_192;

function beginning(path: string): string {
  try {
    return statSync(path).size > LONGEST_SHIM ? '' : readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

import { readFileSync, statSync } from 'node:fs';
import { extname, isAbsolute, resolve } from 'node:path';
import { cosmiconfigSync } from 'cosmiconfig';
import { PlainError } from '../protocol/plain-error.ts';
import { ensurePrivateFolder, type Home } from './home.ts';

/** A policy file as found: its text is not judged yet. */
export interface PolicyFile {
  path: string;
  text: string;
  /** Why it must not be used, as a sentence: another user could have written it. */
  untrusted: string | undefined;
}

const PLACES = ['policy.json', 'policy.jsonc'];
const KINDS = new Set(['.json', '.jsonc', '']);

/** Hands the text on unparsed: our own strict reader judges it. */
const asText = (_path: string, content: string): { text: string } => ({ text: content });

/**
 * cosmiconfig 9 looks for a configuration of its own in the working folder, and runs a `.config/config.cjs` it
 * finds there (tried, research/ecosystem.md 2.1). So it works from our own home, with loaders that parse nothing.
 */
function fenced<T>(home: Home, act: (explorer: ReturnType<typeof cosmiconfigSync>) => T): T {
  ensurePrivateFolder(home.root);
  const before = process.cwd();
  process.chdir(home.root);
  try {
    const refuse = (path: string): never => {
      throw new PlainError(`${path} is code, and a policy is data. Write it as policy.json.`, 3);
    };
    const loaders = { '.json': asText, '.jsonc': asText, noExt: asText, '.yaml': refuse, '.yml': refuse };
    const code = { '.js': refuse, '.cjs': refuse, '.mjs': refuse, '.ts': refuse };
    return act(
      cosmiconfigSync('policy', {
        searchPlaces: PLACES,
        stopDir: home.root,
        cache: false,
        ignoreEmptySearchPlaces: false,
        loaders: { ...loaders, ...code },
      }),
    );
  } finally {
    process.chdir(before);
  }
}

/**
 * The policy file in force: the one named by `--policy`, else `policy.json` or `policy.jsonc` in the home; null
 * when there is none. Throws a PlainError for a named file that cannot be read.
 */
export function findPolicy(home: Home, named: string | undefined): PolicyFile | null {
  if (named !== undefined) return namedPolicy(home, isAbsolute(named) ? named : resolve(named));
  const found = fenced(home, (explorer) => explorer.search(home.root));
  if (found === null) return null;
  return { path: found.filepath, text: textOf(found), untrusted: distrust(found.filepath) };
}

function namedPolicy(home: Home, path: string): PolicyFile {
  if (!KINDS.has(extname(path))) {
    throw new PlainError(
      `The policy ${path} is neither JSON nor JSONC. Name a file that ends in .json or .jsonc.`,
      3,
    );
  }
  try {
    const found = fenced(home, (explorer) => explorer.load(path));
    return { path, text: textOf(found), untrusted: distrust(path) };
  } catch (error) {
    if (error instanceof PlainError) throw error;
    throw new PlainError(`The policy ${path} cannot be read: ${(error as Error).message}.`, 3, {
      cause: error,
    });
  }
}

/** cosmiconfig calls an empty file empty instead of loading it. */
function textOf(found: { filepath: string; isEmpty?: boolean; config: unknown } | null): string {
  if (found === null) return '';
  if (found.isEmpty === true) return readFileSync(found.filepath, 'utf8');
  return (found.config as { text: string }).text;
}

function distrust(path: string): string | undefined {
  const stat = statSync(path);
  const uid = process.getuid?.();
  if (uid !== undefined && stat.uid !== uid && stat.uid !== 0) {
    return `The policy ${path} belongs to another user (uid ${stat.uid}) and is ignored. Make it your own, then run "holdpoint policy apply".`;
  }
  if ((stat.mode & 0o022) !== 0) {
    return `The policy ${path} can be written by other users and is ignored. Run "chmod go-w" on it, then "holdpoint policy apply".`;
  }
  return undefined;
}

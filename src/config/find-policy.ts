import { readFileSync, statSync } from 'node:fs';
import { dirname, extname, isAbsolute, join, resolve } from 'node:path';
import { cosmiconfigSync } from 'cosmiconfig';
import { PlainError } from '../protocol/plain-error.ts';
import { ensurePrivateFolder, type Home } from './home.ts';
import { foldersAbove, PLACES, PROJECT_PLACES } from './policy-places.ts';

/** A policy file as found: its text is not judged yet. */
export interface PolicyFile {
  path: string;
  text: string;
  /** Why it must not be used, as a sentence: another user could have written it. */
  untrusted: string | undefined;
}

const KINDS = new Set(['.json', '.jsonc', '.yaml', '.yml', '.policyrc', '']);

/** Hands the text on unparsed: our own strict reader judges it. */
const asText = (_path: string, content: string): { text: string } => ({ text: content });
const refuse = (path: string): never => {
  throw new PlainError(`${path} is code, and a policy is data. Write it as policy.json or policy.yaml.`, 3);
};

/**
 * cosmiconfig 9 looks for a configuration of its own in the working folder, and runs a `.config/config.cjs` it
 * finds there (tried, research/ecosystem.md 2.1). So it works from our own home, with loaders that parse nothing.
 */
function fenced<T>(home: Home, places: readonly string[], act: (explorer: Explorer) => T): T {
  ensurePrivateFolder(home.root);
  const before = process.cwd();
  process.chdir(home.root);
  try {
    const data = { '.json': asText, '.jsonc': asText, '.yaml': asText, '.yml': asText, noExt: asText };
    const code = { '.js': refuse, '.cjs': refuse, '.mjs': refuse, '.ts': refuse };
    return act(
      cosmiconfigSync('policy', {
        searchPlaces: [...places],
        searchStrategy: 'none',
        cache: false,
        ignoreEmptySearchPlaces: false,
        loaders: { ...data, ...code },
      }),
    );
  } finally {
    process.chdir(before);
  }
}
type Explorer = ReturnType<typeof cosmiconfigSync>;

/**
 * The user's policy file: the one named by `--policy`, else `policy.{json,jsonc,yaml,yml}` in the home; null when
 * there is none. Throws a PlainError for a named file that cannot be read, and for two files in the home.
 */
export function findPolicy(home: Home, named: string | undefined): PolicyFile | null {
  if (named !== undefined) return namedPolicy(home, isAbsolute(named) ? named : resolve(named));
  const found = filesIn(home, home.root, PLACES);
  const [first, second] = found;
  if (first !== undefined && second !== undefined) {
    throw new PlainError(
      `There are two policies, ${first.path} and ${second.path}, and only one can be meant. Remove one.`,
      3,
    );
  }
  return first ?? null;
}

/** The administrator's policy files: they count only when nobody but root can write them or their folder. */
export function findAdministrator(home: Home, folder: string): PolicyFile[] {
  return filesIn(home, folder, PLACES).map((file) => ({ ...file, untrusted: notRoots(file.path) }));
}

/**
 * Every `.policyrc*` from the working folder up to its repository's root (the folder with `.git`), or in the working
 * folder alone where there is none. All of them count, so that no file can hide another.
 */
export function findProject(home: Home, workingFolder: string): PolicyFile[] {
  return foldersUp(workingFolder).flatMap((folder) => filesIn(home, folder, PROJECT_PLACES));
}

function foldersUp(from: string): string[] {
  const folders = foldersAbove(from);
  const root = folders.findIndex(
    (folder) => statSync(join(folder, '.git'), { throwIfNoEntry: false }) !== undefined,
  );
  return root === -1 ? [from] : folders.slice(0, root + 1);
}

function filesIn(home: Home, folder: string, places: readonly string[]): PolicyFile[] {
  return places.flatMap((place) => {
    const path = join(folder, place);
    if (statSync(path, { throwIfNoEntry: false })?.isFile() !== true) return [];
    const found = fenced(home, [place], (explorer) => explorer.search(folder));
    return found === null ? [] : [{ path, text: textOf(found), untrusted: distrust(path) }];
  });
}

function namedPolicy(home: Home, path: string): PolicyFile {
  if (!KINDS.has(extname(path))) {
    const said = `The policy ${path} is neither JSON nor YAML. Name a file that ends in .json, .jsonc, .yaml or .yml.`;
    throw new PlainError(said, 3);
  }
  try {
    const found = fenced(home, PLACES, (explorer) => explorer.load(path));
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

function notRoots(path: string): string | undefined {
  const open = [path, dirname(path)].find((one) => {
    const { uid, mode } = statSync(one);
    return uid !== 0 || (mode & 0o022) !== 0;
  });
  return open === undefined
    ? undefined
    : `The administrator's policy ${path} is ignored: ${open} is not root's alone. Run "chown root" and "chmod go-w" on it.`;
}

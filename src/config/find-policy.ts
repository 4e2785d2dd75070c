import { extname, isAbsolute, join, resolve } from 'node:path';
import { cosmiconfigSync } from 'cosmiconfig';
import { EXIT } from '../platform/exit-codes.ts';
import { ensurePrivateFolder, type Home } from '../platform/home.ts';
import { PlainError } from '../platform/plain-error.ts';
import { notRootsAlone, PLACES, PROJECT_PLACES, projectFolders } from './policy-places.ts';
import { type PolicyRead, readPolicyFile } from './read-policy-file.ts';

/** A policy file as found: its text is not judged yet. */
export type PolicyFile = PolicyRead;

const KINDS = new Set(['.json', '.jsonc', '.yaml', '.yml', '.policyrc', '']);

/**
 * cosmiconfig 9 reads a file whole, whatever it is, and looks for a configuration of its own in the working folder,
 * of which it runs a `.config/config.cjs` (tried; docs/decisions/0003-cosmiconfig-fenced.md). So it works from our own home, and
 * loads what our own reader has opened and passed, by its descriptor; our own strict reader judges the text.
 */
function load(home: Home, descriptor: string, text: string): string {
  ensurePrivateFolder(home.root);
  const before = process.cwd();
  process.chdir(home.root);
  try {
    const explorer = cosmiconfigSync('policy', {
      searchPlaces: [],
      searchStrategy: 'none',
      cache: false,
      loaders: { noExt: () => ({ text }) },
    });
    const found = explorer.load(descriptor);
    // An empty file is called empty instead of being loaded.
    return found === null || found.isEmpty === true ? text : (found.config as { text: string }).text;
  } finally {
    process.chdir(before);
  }
}

/** A policy file, if there is one at this place. */
function read(home: Home, path: string): PolicyFile | undefined {
  let loaded = '';
  const found = readPolicyFile(path, (descriptor, text) => {
    loaded = load(home, descriptor, text);
  });
  return found && { ...found, text: loaded };
}

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

/**
 * The administrator's policy files. One that not only root can write, or whose folder, is ignored; one that is root's
 * and cannot be used throws a PlainError, for its lists were meant to count.
 */
export function findAdministrator(home: Home, folder: string): PolicyFile[] {
  return filesIn(home, folder, PLACES).map((file) => {
    const open = notRootsAlone(file.path);
    if (open === undefined && file.unread !== undefined)
      throw new PlainError(
        `Nothing runs without the administrator's policy. ${file.unread}`,
        EXIT.policyInvalid,
      );
    return { ...file, untrusted: open };
  });
}

/**
 * Every `.policyrc*` from the working folder up to its repository's root (the folder with `.git`), or in the working
 * folder alone where there is none. All of them count, so that no file can hide another.
 */
export function findProject(home: Home, workingFolder: string): PolicyFile[] {
  return projectFolders(workingFolder).flatMap((folder) => filesIn(home, folder, PROJECT_PLACES));
}

function filesIn(home: Home, folder: string, places: readonly string[]): PolicyFile[] {
  return places.flatMap((place) => read(home, join(folder, place)) ?? []);
}

function namedPolicy(home: Home, path: string): PolicyFile {
  if (!KINDS.has(extname(path))) {
    const said = `The policy ${path} is neither JSON nor YAML. Name a file that ends in .json, .jsonc, .yaml or .yml.`;
    throw new PlainError(said, EXIT.policyInvalid);
  }
  const found = read(home, path);
  if (found === undefined)
    throw new PlainError(`The policy ${path} cannot be read: there is no such file.`, EXIT.policyInvalid);
  if (found.unread !== undefined) throw new PlainError(found.unread, EXIT.policyInvalid);
  return found;
}

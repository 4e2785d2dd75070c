import { readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { sha256Hex } from '../platform/digest.ts';
import type { Home } from '../platform/home.ts';
import { VERSION } from '../platform/this-machine.ts';
import { KEPT_VERSION } from '../policy/source/kept-layer.ts';
import { ADMINISTRATOR, notRootsAlone, PLACES, PROJECT_PLACES, projectFolders } from './policy-places.ts';
import { type PolicyRead, readPolicyFile } from './read-policy-file.ts';

/** What a policy is looked for by. */
export interface PolicyContext {
  /** The file that `--policy` names, absolute. */
  named: string | undefined;
  /** Where the server works. */
  workingFolder: string;
  administrator: string;
}

/** All that a policy in force depends on, as it lies there now. `text` of a file is not judged yet. */
export interface PolicySources {
  administrator: PolicyRead[];
  /** The file that `--policy` names, or those in the home. */
  user: PolicyRead[];
  project: PolicyRead[];
  /** Over every place, also those where there is nothing, and over what reads and compiles them. */
  digest: string;
}

export function contextOf(named: string | undefined, workingFolder: string): PolicyContext {
  return {
    named: named === undefined ? undefined : resolve(named),
    workingFolder,
    administrator: ADMINISTRATOR,
  };
}

/**
 * Reads every place of a policy, by the reader that a policy is loaded with: what it says of owner, mode and kind of
 * a file is a part of the digest. Throws nothing; a document of applied texts that cannot be read counts as none.
 */
export function policySources(home: Home, context: PolicyContext): PolicySources {
  const { named, workingFolder, administrator: folder } = context;
  const folders = projectFolders(workingFolder);
  const administrator = at(places([folder], PLACES)).map((file) => ({
    ...file,
    untrusted: notRootsAlone(file.path),
  }));
  const user = at(named === undefined ? places([home.root], PLACES) : [named]);
  const project = at(places(folders, PROJECT_PLACES));
  const reader = [KEPT_VERSION, VERSION, process.version, compilerMark(), process.getuid?.() ?? null];
  const where = [home.root, context, folders];
  const digest = sha256Hex(
    JSON.stringify(
      [reader, where, appliedText(home), administrator, user, project].map((one) => one ?? null),
    ),
  );
  return { administrator, user, project, digest };
}

function places(folders: readonly string[], names: readonly string[]): string[] {
  return folders.flatMap((folder) => names.map((name) => join(folder, name)));
}

function at(paths: readonly string[]): PolicyRead[] {
  return paths.flatMap((path) => readPolicyFile(path) ?? []);
}

function appliedText({ state }: Home): string | undefined {
  try {
    return readFileSync(join(state, 'policies.json'), 'utf8');
  } catch {
    return undefined;
  }
}

/** Another build of the same version may compile otherwise. */
function compilerMark(): string {
  const file = resolve(import.meta.dirname, '../policy/source/compile.js');
  const stat = statSync(file, { throwIfNoEntry: false });
  return stat === undefined ? '' : `${stat.size} ${stat.mtimeMs}`;
}

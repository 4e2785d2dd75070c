import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Home } from '../platform/home.ts';
import { ADMINISTRATOR, PLACES, PROJECT_PLACES, projectFolders } from './policy-places.ts';
import { readPolicyFile } from './read-policy-file.ts';

const HIDE = /hide|\\u/;

/** The texts that were applied: ours, in a folder that only this user can enter. */
function appliedHides({ state }: Home): boolean {
  try {
    return HIDE.test(readFileSync(join(state, 'policies.json'), 'utf8'));
  } catch {
    return false;
  }
}

/**
 * Whether any policy that may count holds the word "hide", before one is loaded: loading takes longer than a client
 * waits for its first list of tools. A wrong yes costs that list the loading of the policy. Never throws.
 */
export function mayHide(home: Home, named: string | undefined): boolean {
  const files = [
    ...(named === undefined ? [] : [named]),
    ...[home.root, ADMINISTRATOR].flatMap((folder) => PLACES.map((name) => join(folder, name))),
    ...projectFolders(process.cwd()).flatMap((folder) => PROJECT_PLACES.map((name) => join(folder, name))),
  ];
  return appliedHides(home) || files.some((file) => HIDE.test(readPolicyFile(file)?.text ?? ''));
}

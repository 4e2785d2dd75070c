import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Home } from '../config/home.ts';
import { ADMINISTRATOR, foldersAbove, PLACES, PROJECT_PLACES } from '../config/policy-places.ts';

function holdsHide(file: string): boolean {
  try {
    return /hide|\\u/.test(readFileSync(file, 'utf8'));
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
    join(home.state, 'policies.json'),
    ...(named === undefined ? [] : [named]),
    ...[home.root, ADMINISTRATOR].flatMap((folder) => PLACES.map((name) => join(folder, name))),
    ...foldersAbove(process.cwd()).flatMap((folder) => PROJECT_PLACES.map((name) => join(folder, name))),
  ];
  return files.some(holdsHide);
}

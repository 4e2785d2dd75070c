import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Home } from '../config/home.ts';

const POLICIES = ['policy.json', 'policy.jsonc', 'policy.yaml', 'policy.yml'];
const PROJECT = ['.policyrc', '.policyrc.json', '.policyrc.jsonc', '.policyrc.yaml', '.policyrc.yml'];
const MOST_FOLDERS = 64;

function holdsHide(file: string): boolean {
  try {
    return /hide|\\u/.test(readFileSync(file, 'utf8'));
  } catch {
    return false;
  }
}

function foldersUp(from: string): string[] {
  const folders = [from];
  while (folders.length < MOST_FOLDERS && dirname(folders.at(-1) ?? '/') !== folders.at(-1))
    folders.push(dirname(folders.at(-1) ?? '/'));
  return folders;
}

/**
 * Whether any policy that may count holds the word "hide", before one is loaded: loading takes longer than a client
 * waits for its first list of tools. A wrong yes costs that list the loading of the policy. Never throws.
 */
export function mayHide(home: Home, named: string | undefined): boolean {
  const files = [
    join(home.state, 'policies.json'),
    ...(named === undefined ? [] : [named]),
    ...[home.root, '/etc/holdpoint'].flatMap((folder) => POLICIES.map((name) => join(folder, name))),
    ...foldersUp(process.cwd()).flatMap((folder) => PROJECT.map((name) => join(folder, name))),
  ];
  return files.some(holdsHide);
}

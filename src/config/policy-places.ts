import { dirname } from 'node:path';

/** Where an administrator's policy lies. */
export const ADMINISTRATOR = '/etc/holdpoint';

/** The names of a policy in the home, and in the administrator's folder. */
export const PLACES: readonly string[] = ['policy.json', 'policy.jsonc', 'policy.yaml', 'policy.yml'];
export const PROJECT_PLACES: readonly string[] = [
  '.policyrc',
  '.policyrc.json',
  '.policyrc.jsonc',
  '.policyrc.yaml',
  '.policyrc.yml',
];
const MOST_FOLDERS = 64;

/** A folder and those above it, innermost first. */
export function foldersAbove(from: string): string[] {
  const folders = [from];
  for (let folder = from; dirname(folder) !== folder && folders.length < MOST_FOLDERS; ) {
    folder = dirname(folder);
    folders.push(folder);
  }
  return folders;
}

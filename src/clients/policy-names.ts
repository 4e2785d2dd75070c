import { writableName } from '../policy/naming/writable-name.ts';
import type { ServerEntry } from './formats/json.ts';
import { wrappedAt } from './formats/wrapped.ts';

/** By key, the names under which policies know a file's servers: no two of them share one. */
export function policyNames(entries: readonly ServerEntry[]): Map<string, string> {
  const names = new Map<string, string>();
  const taken = new Set<string>();
  const give = (key: string, name: string): void => {
    names.set(key, name);
    taken.add(name);
  };
  for (const entry of entries) {
    const name = entry.state === 'wrapped' ? givenName(entry.command) : undefined;
    if (name !== undefined) give(entry.name, name);
    else if (writableName(entry.name) === entry.name) give(entry.name, entry.name);
  }
  for (const { name: key } of entries) {
    if (names.has(key)) continue;
    const name = writableName(key);
    let free = name;
    for (let n = 2; free !== '' && taken.has(free); n += 1) free = `${name}-${n}`;
    give(key, free);
  }
  return names;
}

/** What stands behind `--server` in a wrapped command line. */
function givenName(command: readonly string[]): string | undefined {
  const ours = command.slice(0, wrappedAt(command));
  const at = ours.indexOf('--server');
  return at === -1 ? ours.find((word) => word.startsWith('--server='))?.slice(9) : ours[at + 1];
}

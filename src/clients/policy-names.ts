import { deriveServerName, serverNameOfUrl } from '../policy/naming/server-name.ts';
import { writableName } from '../policy/naming/writable-name.ts';
import type { ServerEntry } from './entries.ts';
import { wrappedAt } from './wrapped.ts';

/**
 * The names under which policies know a file's servers: no two of one section share one. Two projects of one file
 * may both have a "github": each of them runs it under that name.
 */
export function policyNames(entries: readonly ServerEntry[]): Map<ServerEntry, string> {
  const sections = new Map<string, ServerEntry[]>();
  for (const entry of entries) {
    const section = JSON.stringify(entry.path.slice(0, -1));
    sections.set(section, [...(sections.get(section) ?? []), entry]);
  }
  return new Map([...sections.values()].flatMap((section) => [...namesIn(section)]));
}

function namesIn(entries: readonly ServerEntry[]): Map<ServerEntry, string> {
  const names = new Map<ServerEntry, string>();
  const taken = new Set<string>();
  const give = (entry: ServerEntry, name: string): void => {
    names.set(entry, name);
    taken.add(name);
  };
  for (const entry of entries) {
    const name = entry.state === 'wrapped' ? givenName(entry.command) : undefined;
    if (name !== undefined) give(entry, name);
    else if (entry.name !== '' && writableName(entry.name) === entry.name) give(entry, entry.name);
  }
  for (const entry of entries) {
    if (names.has(entry)) continue;
    const name = writableName(entry.name) || nameByAddress(entry);
    let free = name;
    for (let n = 2; free !== '' && taken.has(free); n += 1) free = `${name}-${n}`;
    give(entry, free);
  }
  return names;
}

/** A server without a name of its own is called by its address; `run` names a local one by its command. */
function nameByAddress({ remote }: ServerEntry): string {
  if (remote === undefined) return '';
  return URL.canParse(remote.url) ? serverNameOfUrl(new URL(remote.url)).name : 'remote';
}

/** What a policy calls a server: as its file's names say, else as `run` derives it from the command. */
export function policyName(entry: ServerEntry, names: ReadonlyMap<ServerEntry, string>): string {
  return names.get(entry) || deriveServerName(entry.command).name;
}

/** What stands behind `--server` in a wrapped command line. */
function givenName(command: readonly string[]): string | undefined {
  const ours = command.slice(0, wrappedAt(command));
  const at = ours.indexOf('--server');
  return at === -1 ? ours.find((word) => word.startsWith('--server='))?.slice(9) : ours[at + 1];
}

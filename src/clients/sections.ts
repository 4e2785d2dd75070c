import { PlainError } from '../platform/plain-error.ts';
import { type ListTree, type MapTree, type Tree, twice, valueAt } from './formats/tree.ts';
import type { Place } from './table.ts';

/** A part of a configuration that holds servers, by name or as a list. */
export interface Section {
  /** The keys from the top of the file. */
  path: readonly string[];
  tree: MapTree | ListTree;
}

/** What an entry holds and a map of entries does not. */
const OF_AN_ENTRY = ['command', 'cmd', 'type', 'url'];

/**
 * The sections that a file has for servers. Throws a PlainError naming `file` where one is
 * of another kind than its client reads, or stands twice: clients use the last of two, and the first would be edited.
 */
export function sectionsOf(tree: Tree, { servers, list }: Place, file: string): Section[] {
  const kind = list === true ? 'list' : 'map';
  const sections = servers.flatMap((keys) => walk(tree, keys, [], { file, kind }));
  // `mcp.servers` may be a server of that name, as an older opencode reads it.
  const real = sections.filter(({ path, tree: at }) => path.length < 2 || !looksLikeEntry(at));
  const paths = new Set(real.map(({ path }) => JSON.stringify(path)));
  return real.map((section) => withoutSections(section, paths));
}

interface Wanted {
  file: string;
  kind: 'map' | 'list';
}

function walk(tree: Tree, keys: readonly string[], path: readonly string[], wanted: Wanted): Section[] {
  const [key, ...rest] = keys;
  if (key === undefined) {
    if ((tree.kind === 'map' || tree.kind === 'list') && tree.kind === wanted.kind) return [{ path, tree }];
    // A key with nothing behind it, as people leave in YAML.
    if (tree.kind === 'scalar' && tree.value === null) return [];
    const what = wanted.kind === 'map' ? 'an object' : 'a list';
    throw new PlainError(
      `In ${wanted.file} "${path.join('.')}" is not ${what}; nothing was changed. Mend it first.`,
    );
  }
  if (tree.kind !== 'map') return [];
  if (key === '*') {
    return tree.members.flatMap((member) => walk(member.value, rest, [...path, member.key], wanted));
  }
  if (twice(tree).has(key)) {
    throw new PlainError(
      `In ${wanted.file} "${key}" stands twice, and clients use only one; nothing was changed. Merge them.`,
    );
  }
  const value = valueAt(tree, key);
  return value === undefined ? [] : walk(value, rest, [...path, key], wanted);
}

function looksLikeEntry(tree: Tree): boolean {
  return OF_AN_ENTRY.some((key) => {
    const value = valueAt(tree, key);
    return value !== undefined && value.kind !== 'map';
  });
}

/** `mcp` holds servers in one version of its client, and `mcp.servers` in the next: that is no server of the first. */
function withoutSections(section: Section, paths: ReadonlySet<string>): Section {
  const { path, tree } = section;
  if (tree.kind === 'list') return section;
  const members = tree.members.filter(({ key }) => !paths.has(JSON.stringify([...path, key])));
  if (members.length === tree.members.length) return section;
  // Beside `mcp.servers` stand settings as well, such as `mcp.timeout`; what starts something is an entry.
  return { path, tree: { ...tree, members: members.filter(({ value }) => looksLikeEntry(value)) } };
}

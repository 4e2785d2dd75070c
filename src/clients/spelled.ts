import {
  type ListTree,
  type MapTree,
  type Member,
  type ScalarTree,
  type Tree,
  twice,
  valueAt,
} from './formats/tree.ts';
import type { Spelling } from './table.ts';

/** Where an entry's command line stands. */
export interface Spelled {
  entry: MapTree;
  /** The keys of the two, from the entry on. */
  keys: { program: readonly string[] | undefined; list: readonly string[] };
  /** Undefined where the list's first item is the program. */
  program: ScalarTree | undefined;
  list: ListTree | undefined;
  /** The member behind whose value we write others. */
  anchor: Member;
}

/** What an entry of a local server calls its parts. */
export interface Local {
  program: string;
  /** The same as `program` where one list has the whole line. */
  list: string;
  environment: string;
  /** What "type" says of it. */
  type: string;
}

const WORDS: Local = { program: 'command', list: 'args', environment: 'env', type: 'stdio' };

export const LOCAL: Readonly<Record<Spelling, Local>> = {
  words: WORDS,
  either: WORDS,
  array: { program: 'command', list: 'command', environment: 'environment', type: 'local' },
  cmd: { program: 'cmd', list: 'args', environment: 'envs', type: 'stdio' },
};

/** Where the command line stands, or in words why it cannot be used. */
export function spelledAt(entry: MapTree, spelling: Spelling): Spelled | string {
  const program = spelling === 'cmd' ? 'cmd' : 'command';
  const doubled = [program, 'args'].find((key) => twice(entry).has(key));
  if (doubled !== undefined) return `its "${doubled}" stands twice`;
  const inner = valueAt(entry, 'command');
  if (spelling === 'either' && inner?.kind === 'map') {
    const nested = spelledIn(inner, 'path', inner);
    if (typeof nested === 'string') return nested;
    return { ...nested, entry, keys: { program: ['command', 'path'], list: ['command', 'args'] } };
  }
  if (spelling === 'array') return arrayIn(entry);
  return spelledIn(entry, program, entry);
}

function spelledIn(within: MapTree, program: string, entry: MapTree): Spelled | string {
  const anchor = within.members.find(({ key }) => key === program);
  if (anchor === undefined) return `it has no "${program}"`;
  const { value } = anchor;
  if (value.kind !== 'scalar') return `its "${program}" is ${article(value)}, not a text`;
  if (typeof value.value !== 'string') return `it has no "${program}" that is a text`;
  const list = valueAt(within, 'args');
  if (list !== undefined && list.kind !== 'list') return `its "args" is ${article(list)}, not a list`;
  return { entry, keys: { program: [program], list: ['args'] }, program: value, list, anchor };
}

/** The whole command line as one list. */
function arrayIn(entry: MapTree): Spelled | string {
  const anchor = entry.members.find(({ key }) => key === 'command');
  if (anchor === undefined) return 'it has no "command"';
  const { value } = anchor;
  if (value.kind !== 'list') return `its "command" is ${article(value)}, not a list`;
  if (value.items.length === 0) return 'its "command" is empty';
  return { entry, keys: { program: undefined, list: ['command'] }, program: undefined, list: value, anchor };
}

export function wordsOf({ program, list }: Spelled): string[] | string {
  const words: string[] = program === undefined ? [] : [String(program.value)];
  for (const item of list?.items ?? []) {
    if (item.kind !== 'scalar' || typeof item.value !== 'string') {
      return `its "${program === undefined ? 'command' : 'args'}" holds ${article(item)}, not a text`;
    }
    words.push(item.value);
  }
  return words;
}

export function article(tree: Tree): string {
  if (tree.kind === 'other') return tree.what;
  if (tree.kind === 'list') return 'a list';
  if (tree.kind === 'map') return 'a map';
  if (typeof tree.value === 'string') return 'a text';
  return tree.value === null ? 'empty' : `a ${typeof tree.value}`;
}

/** An address that is null or has no letters is none: programs write it beside a command. */
export function isNothing(value: Tree | undefined): boolean {
  if (value === undefined) return true;
  if (value.kind === 'map') return value.members.length === 0;
  if (value.kind === 'list') return value.items.length === 0;
  return value.kind === 'scalar' && (value.value === null || value.value === '' || value.value === false);
}

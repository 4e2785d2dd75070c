import { visible } from '../text/visible.ts';
import { type MapTree, type Tree, twice, valueAt } from './formats/tree.ts';
import { type Remote, remoteBy, remoteOf, SOCKET, shownAddress } from './remote.ts';
import { remoteWords } from './remote-words.ts';
import type { Section } from './sections.ts';
import { article, type Spelled, spelledAt, wordsOf } from './spelled.ts';
import type { Spelling } from './table.ts';
import { runAt, wrappedAt } from './wrapped.ts';

/**
 * `remote`: its client reaches it by an address, and holdpoint cannot be told to do the same. `built-in`: no command of
 * the file starts it, so there is nothing to stand before.
 */
export type EntryState = 'plain' | 'wrapped' | 'remote' | 'built-in' | 'unusable';

/** A server's entry in a client's configuration. */
export interface ServerEntry {
  name: string;
  /** The keys from the top of the file; a place in a list is spelled as a number. */
  path: readonly string[];
  state: EntryState;
  /** Why it is left alone; undefined for `plain` and `wrapped`. */
  why: string | undefined;
  /** Of one that is left: whatever its user wrote into its entry, it would be. */
  forGood?: boolean;
  /** Of a wrapped one: why what it starts may be no holdpoint. Told by whoever looks at this machine. */
  doubt?: string;
  /** What would be started, wrapped or not; empty for a remote server that is not wrapped. */
  command: string[];
  spelled: Spelled | undefined;
  /** Of a remote server that is not wrapped and can be: what its entry says. */
  remote?: Remote;
}

/** The servers of one section. */
export function entriesOf(section: Section, spelling: Spelling): ServerEntry[] {
  const { tree, path } = section;
  if (tree.kind === 'list') {
    return tree.items.map((item, at) => {
      const name = valueAt(item, 'name');
      const known = name?.kind === 'scalar' && typeof name.value === 'string' ? name.value : undefined;
      const entry = entryOf(known ?? `(${at + 1})`, [...path, String(at)], item, spelling);
      return known === undefined && entry.why === undefined
        ? left(entry, 'unusable', 'it has no "name"')
        : entry;
    });
  }
  const names = twice(tree);
  return tree.members.map(({ key, value }) => {
    const entry = entryOf(key, [...path, key], value, spelling);
    if (!names.has(key)) return entry;
    return left(entry, 'unusable', 'its name stands twice in the file, and clients use only one of them');
  });
}

function left(entry: ServerEntry, state: EntryState, why: string): ServerEntry {
  return { ...entry, state, why, spelled: undefined };
}

function entryOf(name: string, path: readonly string[], value: Tree, spelling: Spelling): ServerEntry {
  const bare: ServerEntry = {
    name,
    path,
    state: 'unusable',
    why: undefined,
    command: [],
    spelled: undefined,
  };
  if (value.kind !== 'map')
    return left(bare, 'unusable', `it is ${article(value)}, not an entry with a command`);
  const builtIn = builtInBy(value);
  if (builtIn !== undefined) return { ...left(bare, 'built-in', builtIn), forGood: true };
  if (remoteBy(value) !== undefined) return remoteEntry(bare, value, spelling);
  const spelled = spelledAt(value, spelling);
  if (typeof spelled === 'string') return left(bare, 'unusable', spelled);
  const command = wordsOf(spelled);
  if (typeof command === 'string') return left(bare, 'unusable', command);
  if (isWholeLine(command[0] ?? ''))
    return left(
      { ...bare, command },
      'unusable',
      'its "command" is a whole command line in one text, which nothing but a shell takes apart: put the words behind the first into "args"',
    );
  const wrapped = wrappedAt(command) !== undefined;
  if (!wrapped && runAt(command) !== undefined) {
    return left({ ...bare, command }, 'unusable', 'it starts holdpoint with no server behind it');
  }
  return { ...bare, state: wrapped ? 'wrapped' : 'plain', command, spelled };
}

/** Programs that people write with their arguments in one text; a path may hold blanks. */
const STARTERS = /^(?:npx|npm|node|bunx?|deno|pnpm|yarn|uvx?|python3?|docker|podman)\s+\S/;

function isWholeLine(program: string): boolean {
  return STARTERS.test(program);
}

function remoteEntry(bare: ServerEntry, value: MapTree, spelling: Spelling): ServerEntry {
  const remote = remoteOf(value, spelling);
  if (typeof remote !== 'string') return { ...bare, state: 'plain', remote };
  const why = `it is remote (${remoteBy(value)}) and stays NOT guarded: ${remote}`;
  return { ...left(bare, 'remote', why), forGood: remote === SOCKET };
}

/** Goose starts these from its own code; an extension of Zed brings its own command. */
const BUILT_IN = new Set(['builtin', 'platform', 'frontend', 'inline_python', 'extension']);

/** Why an entry starts no command of this file though it is not remote. */
function builtInBy(entry: MapTree): string | undefined {
  for (const key of ['type', 'transport', 'source']) {
    const type = valueAt(entry, key);
    if (type?.kind === 'scalar' && BUILT_IN.has(String(type.value)))
      return `its client starts it by itself (${key} ${type.value}), without a command that holdpoint could stand before`;
  }
  // An extension of Zed brings its own command; the file only has its settings.
  const settings = valueAt(entry, 'settings') !== undefined && valueAt(entry, 'command') === undefined;
  return settings && remoteBy(entry) === undefined
    ? 'it has settings and no command: an extension of its client starts it'
    : undefined;
}

/**
 * The address of a remote server, wrapped or not, as it may be shown: origin and path. Undefined for a local one.
 */
export function addressOf(entry: ServerEntry): string | undefined {
  if (entry.remote !== undefined) return shownAddress(entry.remote.url);
  const said = remoteWords(entry.command);
  if (said === undefined) return undefined;
  const text = said.url?.text ?? variableOf(entry, said.urlVariable ?? '');
  return text === undefined ? `(the address in ${said.urlVariable})` : shownAddress(text);
}

/**
 * What an entry really starts, on one line for people: without what `wrap` put in front of it, and of a file its name
 * alone; of a remote server its address.
 */
export function startedBy(entry: ServerEntry): string {
  const address = addressOf(entry);
  if (address !== undefined) return visible(address);
  const { command } = entry;
  const words = command.slice(wrappedAt(command) ?? 0);
  return visible(words.map((word, at) => (at === 0 ? nameOf(word) : shortened(word))).join(' '));
}

const ENVIRONMENTS = ['env', 'envs', 'environment'];

/** What an entry's own environment says of a variable; undefined: nothing, or no text. */
export function variableOf({ spelled, remote }: ServerEntry, name: string): string | undefined {
  const entry = (spelled ?? remote)?.entry;
  for (const within of [entry, valueAt(entry, 'command')]) {
    for (const key of ENVIRONMENTS) {
      const value = valueAt(valueAt(within, key), name);
      if (value?.kind === 'scalar' && typeof value.value === 'string') return value.value;
    }
  }
  return undefined;
}

/** The variables that say where holdpoint keeps its policy and its record. */
export const HOME_VARIABLES = ['HOLDPOINT_HOME', 'HOME'] as const;

const nameOf = (path: string): string => path.split(/[/\\]/).at(-1) || path;

/** `/opt/x/server.js` is `…/server.js`; an address, a scoped package and an image stay. */
function shortened(word: string): string {
  return /^(?:[/~.]|[A-Za-z]:[/\\]).*[/\\]./.test(word) ? `…/${nameOf(word)}` : word;
}

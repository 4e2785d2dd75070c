import { isDeepStrictEqual } from 'node:util';
import { PlainError } from '../platform/plain-error.ts';
import { visible } from '../text/visible.ts';
import { type ConfigFile, readConfig } from './config-file.ts';
import { type Edit, edited } from './edit.ts';
import { HOME_VARIABLES, type ServerEntry, variableOf } from './entries.ts';
import type { ListTree, Span } from './formats/tree.ts';
import { policyNames } from './policy-names.ts';
import type { Spelled } from './spelled.ts';
import type { TimeLimit } from './table.ts';
import { lowered, raised } from './time-limit.ts';
import { wrappedAt } from './wrapped.ts';

/** What is written in front of a server's command. */
export interface Wrapper {
  /** The program, such as node's full path: desktop clients do not have the shell's PATH. */
  command: string;
  /**
   * Its words up to and without `--`, for a server by the name that a policy can call it. `elsewhere`: the entry's own
   * environment would make holdpoint look for its home elsewhere.
   */
  words(server: string, elsewhere?: boolean): string[];
}

/** A list of words that was not there before begins with one space: so it is known as ours. */
const OPENING = '[ ';

/**
 * The text with these entries wrapped: the command's own word, the first words of its list and its client's time
 * limit change, and nothing else. The old command keeps its spelling and the old words are not touched, so that
 * `unwrapText` gives the same bytes. Throws a PlainError where that cannot be done.
 */
export function wrapText(
  config: ConfigFile,
  entries: readonly ServerEntry[],
  wrapper: Wrapper,
  limit: TimeLimit | undefined,
): string {
  const names = policyNames(config.entries);
  const plans = entries.flatMap((entry) => {
    if (entry.spelled === undefined) return [];
    const raise = raised(config.text, entry, limit);
    const elsewhere = HOME_VARIABLES.some((name) => variableOf(entry, name) !== undefined);
    const ours = wrapper.words(names.get(entry) ?? '', elsewhere);
    const words = [wrapper.command, ...ours, ...(raise?.words ?? []), '--'];
    const edits = [
      ...wordEdits(config.text, entry.spelled, words),
      ...(raise?.edit === undefined ? [] : [raise.edit]),
    ];
    return [{ entry, edits, command: [...words, ...entry.command] }];
  });
  const after = edited(
    config.text,
    plans.flatMap(({ edits }) => edits),
  );
  const wrapped = checked(config, plans, { after, limit });
  const paths = new Set(plans.map(({ entry }) => JSON.stringify(entry.path)));
  const ours = wrapped.entries.filter(({ path }) => paths.has(JSON.stringify(path)));
  if (unwrapText(wrapped, ours, limit) !== config.text) throw unsafe(config);
  return after;
}

/** These words, written in front of an entry's own: the first takes the program's place where that stands apart. */
function wordEdits(text: string, { program, list, anchor }: Spelled, words: readonly string[]): Edit[] {
  const [command = '', ...rest] = words.map((word) => JSON.stringify(word));
  if (program === undefined) {
    const { front, between } = list as ListTree;
    return [{ from: front, to: front, text: [command, ...rest, ''].join(between) }];
  }
  const swap: Edit = { from: program.from, to: program.to, text: command };
  const old = source(text, program);
  if (list === undefined) {
    const added = `${anchor.sibling('args')}${OPENING}${[...rest, old].join(', ')}]`;
    return [swap, { from: program.to, to: program.to, text: added }];
  }
  const more = list.items.length > 0 ? list.between : '';
  return [swap, { from: list.front, to: list.front, text: [...rest, old].join(list.between) + more }];
}

/** The text with these entries unwrapped. An entry edited since it was wrapped gets its words back, if not its spacing. */
export function unwrapText(
  config: ConfigFile,
  entries: readonly ServerEntry[],
  limit: TimeLimit | undefined,
): string {
  const plans = entries.flatMap((entry) => {
    const at = wrappedAt(entry.command);
    if (at === undefined || entry.spelled === undefined) return [];
    const lower = lowered(config.text, entry, limit);
    const edits = unwrapEdits(config, entry.spelled, at);
    return [
      { entry, edits: lower === undefined ? edits : [...edits, lower], command: entry.command.slice(at) },
    ];
  });
  const after = edited(
    config.text,
    plans.flatMap(({ edits }) => edits),
  );
  checked(config, plans, { after, limit });
  return after;
}

function unwrapEdits(config: ConfigFile, { program, list, anchor }: Spelled, at: number): Edit[] {
  if (list === undefined) return [];
  if (program === undefined) return restWords(config, list, at);
  const old = list.items[at - 1];
  if (old === undefined) return [];
  const swap: Edit = { from: program.from, to: program.to, text: source(config.text, old) };
  const opening = `${anchor.sibling('args')}${OPENING}`;
  const ours = config.text.slice(program.to, list.from + OPENING.length) === opening;
  if (ours && at === list.items.length && config.text.slice(old.to, list.to) === ']') {
    return [swap, { from: program.to, to: list.to, text: '' }];
  }
  return [swap, ...restWords(config, list, at)];
}

/** Takes the first `count` words out of a list. */
function restWords({ text, format }: ConfigFile, list: ListTree, count: number): Edit[] {
  const last = list.items[count - 1];
  const next = list.items[count];
  if (last === undefined) return [];
  if (next !== undefined) {
    const gap = text.slice(last.to, next.from);
    // What stands behind our separator stood in front of the first word before.
    const spaced = gap.startsWith(list.between) ? list.between : /^\s*,\s*/.exec(gap)?.[0];
    if (spaced !== undefined) return [{ from: list.front, to: last.to + spaced.length, text: '' }];
    if (list.between.includes('\n')) return [{ from: list.front, to: next.from, text: '' }];
  }
  // A trailing comma, or a comment before the comma: written since, by a person or a formatter.
  const comma = commaAfter(text, { from: last.to, to: list.to }, format.blank);
  const rest = comma === undefined ? [] : [{ from: comma, to: comma + 1, text: '' }];
  return [{ from: list.front, to: last.to, text: '' }, ...rest];
}

/** The first comma in a stretch of a list that holds no more than white space, comments and that comma. */
function commaAfter(text: string, { from, to }: Span, blank: RegExp): number | undefined {
  let at = from;
  for (;;) {
    blank.lastIndex = at;
    const length = blank.exec(text)?.[0].length ?? 0;
    if (length === 0) break;
    at += length;
  }
  return at < to && text[at] === ',' ? at : undefined;
}

function source(text: string, { from, to }: Span): string {
  return text.slice(from, to);
}

interface Plan {
  entry: ServerEntry;
  /** The command line as it must be read after the edit. */
  command: string[];
}

interface Edited {
  after: string;
  limit: TimeLimit | undefined;
}

/** Refuses an edit that changed anything but these entries' command and limit, or the command to anything else. */
function checked(config: ConfigFile, plans: readonly Plan[], { after, limit }: Edited): ConfigFile {
  const read = reread(config, after);
  if (read === undefined) throw unsafe(config);
  const right = plans.every(({ entry, command }) => {
    const path = JSON.stringify(entry.path);
    return isDeepStrictEqual(read.entries.find((one) => JSON.stringify(one.path) === path)?.command, command);
  });
  const without = ({ value }: ConfigFile): unknown => {
    const copy = unshared(value);
    for (const { entry } of plans) forget(copy, entry, limit);
    return copy;
  };
  if (!right || !isDeepStrictEqual(without(config), without(read))) throw unsafe(config);
  return read;
}

function reread(config: ConfigFile, after: string): ConfigFile | undefined {
  try {
    return readConfig(config.path, after, config.place);
  } catch (error) {
    if (error instanceof PlainError) return undefined;
    throw error;
  }
}

/** A copy in which nothing stands twice: what an alias stands for changes with its anchor, and that shall be seen. */
function unshared(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(unshared);
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, unshared(one)]));
}

/** Takes out of a file's value what wrapping changes in one entry. */
function forget(value: unknown, { path, spelled }: ServerEntry, limit: TimeLimit | undefined): void {
  const keys = spelled?.keys;
  if (keys === undefined) return;
  for (const within of [keys.program, keys.list, limit === undefined ? undefined : [limit.key]]) {
    if (within === undefined) continue;
    const all = [...path, ...within];
    const holder = all
      .slice(0, -1)
      .reduce<unknown>((at, key) => (at as Record<string, unknown>)?.[key], value);
    if (typeof holder === 'object' && holder !== null)
      delete (holder as Record<string, unknown>)[all.at(-1) ?? ''];
  }
}

function unsafe({ path }: ConfigFile): PlainError {
  return new PlainError(
    `${visible(path)} cannot be edited safely: more than command and args would change. Nothing was written.`,
  );
}

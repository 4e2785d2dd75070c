import { isDeepStrictEqual } from 'node:util';
import { createScanner, getNodeValue, type Node } from 'jsonc-parser';
import { PlainError } from '../platform/plain-error.ts';
import { visible } from '../text/visible.ts';
import { type ConfigText, readConfigText, type ServerEntry } from './formats/json.ts';
import { wrappedAt } from './formats/wrapped.ts';
import { policyNames } from './policy-names.ts';

interface Edit {
  from: number;
  to: number;
  text: string;
}

/** What is written in front of a server's command. */
export interface Wrapper {
  /** The program, such as node's full path: desktop clients do not have the shell's PATH. */
  command: string;
  /** Its words up to and without `--`; `--server` is added per entry, by the name that a policy can call it. */
  words(server: string): string[];
}

/** Marks a list of arguments that was not there before: one space behind its bracket, written right after the command. */
const ADDED = ', "args": [ ';
const BETWEEN = ', ';

/**
 * The text with these entries wrapped: the command's token and the first words of `args` change and nothing else.
 * The old command keeps its spelling and the old words are not touched, so that `unwrapText` gives the same bytes.
 */
export function wrapText(config: ConfigText, entries: readonly ServerEntry[], wrapper: Wrapper): string {
  const names = policyNames(config.entries);
  const wordsFor = (key: string): string[] => [...wrapper.words(names.get(key) ?? ''), '--'];
  const edits = entries.flatMap(({ name, nodes }) => {
    if (nodes === undefined) return [];
    const { command, args } = nodes;
    const old = source(config, command);
    const ours = wordsFor(name)
      .map((word) => JSON.stringify(word))
      .join(BETWEEN);
    const words = `${ours}${BETWEEN}${old}`;
    const end = command.offset + command.length;
    const swap: Edit = { from: command.offset, to: end, text: JSON.stringify(wrapper.command) };
    if (args === undefined) return [swap, { from: end, to: end, text: `${ADDED}${words}]` }];
    const more = (args.children ?? []).length > 0 ? BETWEEN : '';
    return [swap, { from: args.offset + 1, to: args.offset + 1, text: `${words}${more}` }];
  });
  const expected = entries.map(({ name, command }) => ({
    name,
    command: [wrapper.command, ...wordsFor(name), ...command],
  }));
  return checked(config, expected, apply(config.text, edits));
}

/** The text with these entries unwrapped. An entry edited since it was wrapped gets its words back, if not its spacing. */
export function unwrapText(config: ConfigText, entries: readonly ServerEntry[]): string {
  const edits = entries.flatMap((entry) => {
    const at = wrappedAt(entry.command);
    const { nodes } = entry;
    if (nodes?.args === undefined || at === undefined) return [];
    const { command, args } = nodes;
    const words = args.children ?? [];
    const old = words[at - 1];
    if (old === undefined) return [];
    const swap: Edit = {
      from: command.offset,
      to: command.offset + command.length,
      text: source(config, old),
    };
    return [swap, ...restArgs(config, { command, args, old, last: at === words.length })];
  });
  const expected = entries.map(({ name, command }) => ({ name, command: command.slice(wrappedAt(command)) }));
  return checked(config, expected, apply(config.text, edits));
}

interface WrappedNodes {
  command: Node;
  args: Node;
  old: Node;
  /** Whether the old command is the list's last word. */
  last: boolean;
}

function restArgs({ text }: ConfigText, { command, args, old, last }: WrappedNodes): Edit[] {
  const after = command.offset + command.length;
  const end = old.offset + old.length;
  const closed = args.offset + args.length;
  if (last && text.slice(after, args.offset + 2) === ADDED && text.slice(end, closed) === ']') {
    return [{ from: after, to: closed, text: '' }];
  }
  const comma = commaAfter(text, end, closed);
  const between = text.startsWith(BETWEEN, end) ? BETWEEN : /^\s*,\s*/.exec(text.slice(end))?.[0];
  if (!last && between !== undefined) {
    return [{ from: args.offset + 1, to: end + between.length, text: '' }];
  }
  // A trailing comma, or a comment before the comma: written since, by a person or a formatter.
  const rest = comma === undefined ? [] : [{ from: comma, to: comma + 1, text: '' }];
  return [{ from: args.offset + 1, to: end, text: '' }, ...rest];
}

/** The first comma in a stretch of a list that holds no more than white space, comments and that comma. */
function commaAfter(text: string, from: number, to: number): number | undefined {
  const scanner = createScanner(text, true);
  scanner.setPosition(from);
  scanner.scan();
  const at = scanner.getTokenOffset();
  return at < to && text[at] === ',' ? at : undefined;
}

function source({ text }: ConfigText, node: Node): string {
  return text.slice(node.offset, node.offset + node.length);
}

function apply(text: string, edits: readonly Edit[]): string {
  return [...edits]
    .sort((a, b) => b.from - a.from || b.to - a.to)
    .reduce((now, edit) => now.slice(0, edit.from) + edit.text + now.slice(edit.to), text);
}

type Servers = { mcpServers?: Record<string, Record<string, unknown>> };

/** An entry's command line as it must be read after the edit. */
type Expected = Pick<ServerEntry, 'name' | 'command'>;

/** Refuses an edit that changed anything but the command and args of these entries, or these to anything else. */
function checked(config: ConfigText, expected: readonly Expected[], after: string): string {
  if (holds(config, expected, after)) return after;
  throw new PlainError(
    `${visible(config.path)} cannot be edited safely: more than command and args would change. Nothing was written.`,
  );
}

function holds(config: ConfigText, expected: readonly Expected[], after: string): boolean {
  let edited: ConfigText;
  try {
    edited = readConfigText(config.path, after, config.strict);
  } catch (error) {
    if (error instanceof PlainError) return false;
    throw error;
  }
  const right = expected.every(({ name, command }) => {
    const found = edited.entries.find((entry) => entry.name === name);
    return isDeepStrictEqual(found?.command, command);
  });
  const names = expected.map(({ name }) => name);
  return right && isDeepStrictEqual(without(config, names), without(edited, names));
}

/** The file's value without the command and args of these entries. */
function without({ root }: ConfigText, names: readonly string[]): Servers {
  const value = getNodeValue(root) as Servers;
  for (const name of names) {
    const server = value.mcpServers?.[name];
    delete server?.['command'];
    delete server?.['args'];
  }
  return value;
}

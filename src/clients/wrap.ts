import { isDeepStrictEqual } from 'node:util';
import { getNodeValue, type Node, parseTree } from 'jsonc-parser';
import { PlainError } from '../protocol/plain-error.ts';
import { type ConfigText, type ServerEntry, wrappedAt } from './config-text.ts';

interface Edit {
  from: number;
  to: number;
  text: string;
}

/** What is written in front of a server's command. */
export interface Wrapper {
  /** The program, such as node's full path: desktop clients do not have the shell's PATH. */
  command: string;
  /** Its words up to and without `--`; `--server` is added per entry. */
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
  const edits = entries.flatMap(({ name, nodes }) => {
    if (nodes === undefined) return [];
    const { command, args } = nodes;
    const old = source(config, command);
    const ours = [...wrapper.words(name), '--'].map((word) => JSON.stringify(word)).join(BETWEEN);
    const words = `${ours}${BETWEEN}${old}`;
    const end = command.offset + command.length;
    const swap: Edit = { from: command.offset, to: end, text: JSON.stringify(wrapper.command) };
    if (args === undefined) return [swap, { from: end, to: end, text: `${ADDED}${words}]` }];
    const more = (args.children ?? []).length > 0 ? BETWEEN : '';
    return [swap, { from: args.offset + 1, to: args.offset + 1, text: `${words}${more}` }];
  });
  return checked(config, entries, apply(config.text, edits));
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
  return checked(config, entries, apply(config.text, edits));
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
  if (last) return [{ from: args.offset + 1, to: end, text: '' }];
  const between =
    text.slice(end, end + BETWEEN.length) === BETWEEN
      ? BETWEEN.length
      : /^\s*,\s*/.exec(text.slice(end))?.[0].length;
  return [{ from: args.offset + 1, to: end + (between ?? 0), text: '' }];
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

/** Refuses an edit that changed anything but the command and args of the named entries. */
function checked(config: ConfigText, entries: readonly ServerEntry[], after: string): string {
  const names = new Set(entries.map((entry) => entry.name));
  const rest = (text: string): unknown => {
    const root = parseTree(text.replace(/^\ufeff/, ' '));
    const value = (root === undefined ? {} : getNodeValue(root)) as Servers;
    for (const name of names) {
      const server = value.mcpServers?.[name];
      delete server?.['command'];
      delete server?.['args'];
    }
    return value;
  };
  if (!isDeepStrictEqual(rest(config.text), rest(after))) {
    throw new PlainError(
      `${config.path} cannot be edited safely: more than command and args would change. Nothing was written.`,
    );
  }
  return after;
}

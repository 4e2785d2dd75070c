import {
  findNodeAtLocation,
  getNodeValue,
  type Node,
  type ParseError,
  parseTree,
  printParseErrorCode,
} from 'jsonc-parser';
import { PlainError } from '../protocol/plain-error.ts';
import { visible } from '../protocol/visible.ts';

/** A server's entry in a client's configuration. Nodes give offsets into the text. */
export interface ServerEntry {
  name: string;
  state: 'plain' | 'wrapped' | 'remote' | 'unusable';
  /** Why it is left alone; for `remote` and `unusable`. */
  why: string | undefined;
  /** What would be started, wrapped or not. */
  command: string[];
  nodes: { command: Node; args: Node | undefined } | undefined;
}

export interface ConfigText {
  path: string;
  text: string;
  root: Node;
  entries: ServerEntry[];
}

/**
 * Reads a client's configuration without changing a byte of it. Throws a PlainError with line and column for a
 * text that is not JSON, and for one without any `mcpServers`.
 */
export function readConfigText(path: string, text: string, strict: boolean): ConfigText {
  const errors: ParseError[] = [];
  // The mark is kept as white space, so that offsets stay those of the file.
  const root = parseTree(text.replace(/^\ufeff/, ' '), errors, {
    allowTrailingComma: !strict,
    disallowComments: strict,
  });
  const [error] = errors;
  if (root === undefined || error !== undefined) throw syntaxError(path, text, strict, error);
  const servers = findNodeAtLocation(root, ['mcpServers']);
  if (servers === undefined) return { path, text, root, entries: [] };
  if (servers.type !== 'object')
    throw new PlainError(`In ${path} "mcpServers" is not an object; nothing was changed.`);
  return { path, text, root, entries: (servers.children ?? []).map(entryOf) };
}

function syntaxError(path: string, text: string, strict: boolean, error: ParseError | undefined): PlainError {
  const before = text.slice(0, error?.offset ?? 0).split('\n');
  const what = error === undefined ? 'it is empty' : printParseErrorCode(error.error);
  const place = `${path}:${before.length}:${(before.at(-1)?.length ?? 0) + 1}`;
  const advice = strict
    ? ' This client reads strict JSON: a comment or a trailing comma silently disables all of its servers.'
    : '';
  return new PlainError(`${place} is not JSON (${what}); nothing was changed. Mend it first.${advice}`);
}

function entryOf(property: Node): ServerEntry {
  const [key, value] = property.children ?? [];
  const name = String(key?.value ?? '');
  const entry: ServerEntry = { name, state: 'unusable', why: undefined, command: [], nodes: undefined };
  if (value?.type !== 'object') return { ...entry, why: 'it is not an object' };
  const url = ['url', 'serverUrl', 'httpUrl'].find((one) => findNodeAtLocation(value, [one]) !== undefined);
  if (url !== undefined)
    return {
      ...entry,
      state: 'remote',
      why: `it is remote (${url}); holdpoint stands before local commands`,
    };
  const command = findNodeAtLocation(value, ['command']);
  const args = findNodeAtLocation(value, ['args']);
  if (command?.type !== 'string') return { ...entry, why: 'it has no "command" that is a text' };
  const words: unknown = args === undefined ? [] : getNodeValue(args);
  if (args !== undefined && args.type !== 'array') return { ...entry, why: 'its "args" is not a list' };
  if (!Array.isArray(words) || !words.every((word) => typeof word === 'string')) {
    return { ...entry, why: 'its "args" holds something that is not a text' };
  }
  const vector = [String(command.value), ...(words as string[])];
  const state = wrappedAt(vector) === undefined ? 'plain' : 'wrapped';
  return { ...entry, state, command: vector, nodes: { command, args } };
}

const OURS = /(?:^|[/\\])holdpoint(?:\.js|\.cmd)?$/;
const VALUED = new Set(['--server', '--policy', '--as', '--home']);

/**
 * Where the real server's command begins in a wrapped command line, or undefined for one that is not wrapped.
 * Recognised wherever holdpoint was installed, and when a client swallowed `--`.
 */
export function wrappedAt(vector: readonly string[]): number | undefined {
  const ours = vector.findIndex((word) => OURS.test(word) || word === 'holdpoint');
  if (ours === -1 || ours > 3 || vector[ours + 1] !== 'run') return undefined;
  let at = ours + 2;
  while (at < vector.length) {
    const word = vector[at] ?? '';
    if (word === '--') return at + 1 < vector.length ? at + 1 : undefined;
    if (!word.startsWith('-')) return at;
    at += VALUED.has(word) ? 2 : 1;
  }
  return undefined;
}

/** An entry on one line for people. */
export function commandLine(entry: ServerEntry): string {
  return visible(entry.command.join(' '));
}

import {
  findNodeAtLocation,
  getNodeValue,
  type Node,
  type ParseError,
  parseTree,
  printParseErrorCode,
} from 'jsonc-parser';
import { PlainError } from '../../platform/plain-error.ts';
import { visible } from '../../text/visible.ts';
import { runAt, wrappedAt } from './wrapped.ts';

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
  /** Whether its client reads strict JSON. */
  strict: boolean;
  root: Node;
  entries: ServerEntry[];
}

/**
 * Reads a client's configuration without changing a byte of it. Throws a PlainError with line and column for a
 * text that is not JSON, and for one whose `mcpServers` is no object or stands twice.
 */
export function readConfigText(path: string, text: string, strict: boolean): ConfigText {
  const errors: ParseError[] = [];
  // The mark is kept as white space, so that offsets stay those of the file.
  const root = parsed(path, text.replace(/^\ufeff/, ' '), errors, strict);
  const [error] = errors;
  if (root === undefined || error !== undefined) throw syntaxError(path, text, strict, error);
  const servers = findNodeAtLocation(root, ['mcpServers']);
  if (servers === undefined) return { path, text, strict, root, entries: [] };
  const place = `In ${visible(path)} "mcpServers"`;
  if (servers.type !== 'object') throw new PlainError(`${place} is not an object; nothing was changed.`);
  // Of two equal keys a client uses the last and jsonc-parser finds the first: the wrong one would be edited.
  if (twice(root).has('mcpServers')) {
    throw new PlainError(`${place} stands twice, and clients use only one; nothing was changed. Merge them.`);
  }
  const names = twice(servers);
  const entries = (servers.children ?? []).map(entryOf).map((entry) => {
    if (!names.has(entry.name)) return entry;
    const why = 'its name stands twice in the file, and clients use only one of them';
    return { ...entry, state: 'unusable' as const, why, nodes: undefined };
  });
  return { path, text, strict, root, entries };
}

/** The keys that an object holds more than once. */
function twice(object: Node): Set<string> {
  const keys = (object.children ?? []).map((property) => String(property.children?.[0]?.value ?? ''));
  return new Set(keys.filter((key, at) => keys.indexOf(key) !== at));
}

/** jsonc-parser recurses, so a file nested thousands deep overflows its stack. */
function parsed(path: string, text: string, errors: ParseError[], strict: boolean): Node | undefined {
  try {
    return parseTree(text, errors, { allowTrailingComma: !strict, disallowComments: strict });
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new PlainError(`${visible(path)} is nested too deep to be read; nothing was changed.`, 1, {
      cause,
    });
  }
}

function syntaxError(path: string, text: string, strict: boolean, error: ParseError | undefined): PlainError {
  const before = text.slice(0, error?.offset ?? 0).split('\n');
  const what = error === undefined ? 'it is empty' : inWords(error);
  const place = `${visible(path)}:${before.length}:${(before.at(-1)?.length ?? 0) + 1}`;
  const advice = strict
    ? ' This client reads strict JSON: a comment or a trailing comma silently disables all of its servers.'
    : '';
  return new PlainError(`${place} is not JSON (${what}); nothing was changed. Mend it first.${advice}`);
}

/** `PropertyNameExpected` as people say it. */
function inWords({ error }: ParseError): string {
  return printParseErrorCode(error)
    .replace(/(?<=[a-z])[A-Z]/g, (letter) => ` ${letter}`)
    .toLowerCase();
}

const REMOTE_KEYS = ['url', 'serverUrl', 'httpUrl'];
const REMOTE_TYPES = new Set(['http', 'sse', 'ws', 'websocket', 'streamable-http', 'streamableHttp']);

/** What makes an entry a remote one. */
function remoteBy(value: Node): string | undefined {
  const type: unknown = findNodeAtLocation(value, ['type'])?.value;
  if (typeof type === 'string' && REMOTE_TYPES.has(type)) return `type ${type}`;
  return REMOTE_KEYS.find((key) => findNodeAtLocation(value, [key]) !== undefined);
}

function entryOf(property: Node): ServerEntry {
  const [key, value] = property.children ?? [];
  const name = String(key?.value ?? '');
  const entry: ServerEntry = { name, state: 'unusable', why: undefined, command: [], nodes: undefined };
  if (value?.type !== 'object') return { ...entry, why: 'it is not an object' };
  const remote = remoteBy(value);
  if (remote !== undefined) {
    const why = `it is remote (${remote}); holdpoint stands before local commands`;
    return { ...entry, state: 'remote', why };
  }
  const doubled = ['command', 'args'].find((key) => twice(value).has(key));
  if (doubled !== undefined) return { ...entry, why: `its "${doubled}" stands twice` };
  const command = findNodeAtLocation(value, ['command']);
  const args = findNodeAtLocation(value, ['args']);
  if (command?.type !== 'string') return { ...entry, why: 'it has no "command" that is a text' };
  const words: unknown = args === undefined ? [] : getNodeValue(args);
  if (args !== undefined && args.type !== 'array') return { ...entry, why: 'its "args" is not a list' };
  if (!Array.isArray(words) || !words.every((word) => typeof word === 'string')) {
    return { ...entry, why: 'its "args" holds something that is not a text' };
  }
  const vector = [String(command.value), ...(words as string[])];
  const wrapped = wrappedAt(vector) !== undefined;
  if (!wrapped && runAt(vector) !== undefined) {
    return { ...entry, command: vector, why: 'it starts holdpoint with no server behind it' };
  }
  return { ...entry, state: wrapped ? 'wrapped' : 'plain', command: vector, nodes: { command, args } };
}

/** An entry on one line for people. */
export function commandLine(entry: ServerEntry): string {
  return visible(entry.command.join(' '));
}

import { findNodeAtLocation, type Node, parseTree } from 'jsonc-parser';
import type { Effect } from '../decide/types.ts';

/** What a policy's text calls a server and its items, and what they are called elsewhere. */
export interface Renamed {
  /** The server, and what ids of its items begin with. */
  from: string;
  /** The server as a pattern spells it. */
  server: string;
  id: string;
  /** The tools that the server has: what else is allowed by name is left out. Undefined: nobody knows them. */
  listed: ReadonlySet<string> | undefined;
}

interface Edit {
  offset: number;
  length: number;
  text: string;
}

const LISTS: readonly Effect[] = ['deny', 'escalate', 'allow'];

/** What stands between the brackets of each list of a policy's text, comments and all, with a comma at its end. */
export function listBodies(text: string, renamed?: Renamed): Record<Effect, string> {
  const now = renamed === undefined ? text : withNames(text, renamed);
  const root = parseTree(now, [], { allowTrailingComma: true });
  const body = (effect: Effect): string => {
    const list = root === undefined ? undefined : findNodeAtLocation(root, [effect]);
    if (list?.type !== 'array' || (list.children ?? []).length === 0) return '';
    const last = list.children?.at(-1);
    const end = last === undefined ? 0 : last.offset + last.length;
    const inner = now.slice(list.offset + 1, end);
    return `${inner.replace(/^[ \t]*\n/, '')},`;
  };
  return { deny: body('deny'), escalate: body('escalate'), allow: body('allow') };
}

/** Of items alone, their patterns and ids: what a condition says stays. */
function withNames(text: string, renamed: Renamed): string {
  const root = parseTree(text, [], { allowTrailingComma: true });
  const items = (list: Effect): Node[] => (root && findNodeAtLocation(root, [list])?.children) ?? [];
  const allowed = renamed.listed;
  const edits = LISTS.flatMap((list) =>
    items(list).flatMap((item) => {
      if (list !== 'allow' || allowed === undefined) return editsOf(item, renamed);
      return isLeft(item, renamed, allowed) ? editsOf(item, renamed, allowed) : [without(item, text)];
    }),
  ).sort((a, b) => b.offset - a.offset);
  return edits.reduce(
    (all, { offset, length, text: to }) => all.slice(0, offset) + to + all.slice(offset + length),
    text,
  );
}

/** Whether an item of allow is for any tool that the server has, or for names that are not known yet. */
function isLeft(item: Node, { from }: Renamed, listed: ReadonlySet<string>): boolean {
  const tool = item.type === 'object' ? findNodeAtLocation(item, ['tool']) : item;
  const patterns = tool === undefined ? [] : patternsOf(tool);
  return (
    patterns.length === 0 || patterns.some(({ value }) => kept(String(value), from, listed) !== undefined)
  );
}

/** An item taken out, with its line where it has one of its own. */
function without({ offset, length }: Node, text: string): Edit {
  const line = text.lastIndexOf('\n', offset) + 1;
  const from = text.slice(line, offset).trim() === '' ? line : offset;
  const behind = /^,?(?:[ \t]*\n)?/.exec(text.slice(offset + length))?.[0].length ?? 0;
  return { offset: from, length: offset + length + behind - from, text: '' };
}

/** A pattern of the server's tools with the names alone that are listed; undefined where none is. */
function kept(pattern: string, from: string, listed: ReadonlySet<string>): string | undefined {
  if (!pattern.startsWith(`${from}/`)) return pattern;
  const names = expanded(pattern.slice(from.length + 1));
  const left = names.filter((name) => /[*?]/.test(name) || listed.has(name));
  if (left.length === names.length) return pattern;
  if (left.length < 2) return left[0] === undefined ? undefined : `${from}/${left[0]}`;
  return `${from}/{${left.join(',')}}`;
}

/** `get_{a,b}` is `get_a` and `get_b`. */
function expanded(pattern: string): string[] {
  const [, before = '', inner, after = ''] = /^([^{]*)\{([^{}]*)\}(.*)$/s.exec(pattern) ?? [];
  if (inner === undefined) return [pattern];
  return inner.split(',').flatMap((one) => expanded(before + one + after));
}

/** `listed`: of the tools that it is for these alone are left; what it excepts stays. */
function editsOf(item: Node, renamed: Renamed, listed?: ReadonlySet<string>): Edit[] {
  const { from, server, id } = renamed;
  if (item.type === 'string') return toolEdits(item, renamed, listed);
  return (item.children ?? []).flatMap(({ children: [key, value] = [] }) => {
    if (value === undefined) return [];
    if (key?.value === 'id') return edited(value, `${from}-`, `${id}-`);
    if (key?.value === 'tool') return toolEdits(value, renamed, listed);
    if (key?.value !== 'except') return [];
    return patternsOf(value).flatMap((one) => edited(one, `${from}/`, `${server}/`));
  });
}

function toolEdits(node: Node, { from, server }: Renamed, listed?: ReadonlySet<string>): Edit[] {
  const patterns = patternsOf(node);
  if (listed === undefined) return patterns.flatMap((one) => edited(one, `${from}/`, `${server}/`));
  const left = patterns.flatMap(({ value }) => kept(String(value), from, listed) ?? []);
  const named = left.map((one) => (one.startsWith(`${from}/`) ? server + one.slice(from.length) : one));
  return [
    {
      offset: node.offset,
      length: node.length,
      text: JSON.stringify(node.type === 'array' ? named : named[0]),
    },
  ];
}

const patternsOf = (node: Node): Node[] => (node.type === 'array' ? (node.children ?? []) : [node]);

function edited({ type, value, offset, length }: Node, from: string, to: string): Edit[] {
  if (type !== 'string' || !String(value).startsWith(from)) return [];
  return [{ offset, length, text: JSON.stringify(`${to}${String(value).slice(from.length)}`) }];
}

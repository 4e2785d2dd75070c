import { findNodeAtLocation, type Node, parseTree } from 'jsonc-parser';
import type { Effect } from '../decide/types.ts';

/** What a policy's text calls a server and its items, and what they are called elsewhere. */
export interface Renamed {
  /** The server, and what ids of its items begin with. */
  from: string;
  /** The server as a pattern spells it. */
  server: string;
  id: string;
}

interface Edit {
  offset: number;
  length: number;
  text: string;
}

const LISTS: readonly Effect[] = ['deny', 'escalate', 'allow'];
const OF_TOOLS: readonly unknown[] = ['tool', 'except'];

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
  const lists = LISTS.flatMap((effect) => (root && findNodeAtLocation(root, [effect])?.children) ?? []);
  const edits = lists.flatMap((item) => editsOf(item, renamed)).sort((a, b) => b.offset - a.offset);
  return edits.reduce(
    (all, { offset, length, text: to }) => all.slice(0, offset) + to + all.slice(offset + length),
    text,
  );
}

function editsOf(item: Node, { from, server, id }: Renamed): Edit[] {
  const pattern = (node: Node): Edit[] => edited(node, `${from}/`, `${server}/`);
  if (item.type === 'string') return pattern(item);
  return (item.children ?? []).flatMap(({ children: [key, value] = [] }) => {
    if (value === undefined) return [];
    if (key?.value === 'id') return edited(value, `${from}-`, `${id}-`);
    return OF_TOOLS.includes(key?.value) ? [value, ...(value.children ?? [])].flatMap(pattern) : [];
  });
}

function edited({ type, value, offset, length }: Node, from: string, to: string): Edit[] {
  if (type !== 'string' || !String(value).startsWith(from)) return [];
  return [{ offset, length, text: JSON.stringify(`${to}${String(value).slice(from.length)}`) }];
}

import { createScanner, findNodeAtLocation, type Node, parseTree } from 'jsonc-parser';
import { compileLayer, treeOf } from './compile.ts';
import type { Format } from './source-tree.ts';

/** An allow item that answers made: its id says so, and since when. */
export interface AddedRule {
  id: string;
  /** The day, `YYYY-MM-DD`. */
  since: string;
  /** The item as it stands, without its id. */
  item: { tool: string; when?: string };
}

const ADDED = /^added-(\d{4}-\d{2}-\d{2})-[0-9a-f]{6}$/;

/** The id of a rule that answers made. `day`: `YYYY-MM-DD`; `digest` is of its text, in hexadecimal. */
export const addedId = (day: string, digest: string): string => `added-${day}-${digest.slice(0, 6)}`;

/** Whether an id is one of a rule that answers made. */
export const isAddedId = (id: string): boolean => ADDED.test(id);

/** What answers made of a policy's text, as it stands there; none of a text that is no policy. Pure. */
export async function addedRules(text: string, format: Format): Promise<AddedRule[]> {
  const { allow } = ((await treeOf(text, format))?.value ?? {}) as { allow?: unknown };
  if (!Array.isArray(allow)) return [];
  return allow.flatMap((one: unknown) => {
    const { id, ...item } = (one ?? {}) as { id?: unknown; tool?: unknown };
    const since = ADDED.exec(typeof id === 'string' ? id : '')?.[1];
    if (since === undefined || typeof item.tool !== 'string') return [];
    return [{ id: String(id), since, item: item as AddedRule['item'] }];
  });
}

/** The id of an item of a list that says this and nothing else, or `''` where it has none; undefined: no item does. */
export async function idOfSame(
  text: string,
  list: 'allow' | 'escalate',
  wanted: object,
): Promise<string | undefined> {
  const items = ((await treeOf(text, 'json'))?.value as Record<string, unknown> | undefined)?.[list];
  for (const one of Array.isArray(items) ? items : []) {
    const { id = '', ...item } = (one ?? {}) as { id?: unknown };
    if (JSON.stringify(item) === JSON.stringify(wanted)) return String(id);
  }
  return undefined;
}

/**
 * A policy text (JSON with comments) without the allow items of these ids, every other letter as it was but a comma;
 * undefined where one of them does not stand there once, or the rest would not compile. Pure; never rejects. It can
 * only tighten: what is not allowed any more is asked about or denied.
 */
export async function withoutRules(text: string, ids: readonly string[]): Promise<string | undefined> {
  let left = text;
  for (const id of ids) {
    const cut = withoutRule(left, id);
    if (cut === undefined) return undefined;
    left = cut;
  }
  const { problems } = await compileLayer(left, 'json');
  return problems === undefined ? left : undefined;
}

function withoutRule(text: string, id: string): string | undefined {
  const root = parseTree(text, [], { allowTrailingComma: true });
  const list = root === undefined ? undefined : findNodeAtLocation(root, ['allow']);
  const items = list?.type === 'array' ? (list.children ?? []) : [];
  const found = items.filter((item) => idOf(item) === id);
  const [item] = found;
  if (item === undefined || found.length > 1) return undefined;
  const end = item.offset + item.length;
  const before = items[items.indexOf(item) - 1];
  const from = before === undefined ? (list?.offset ?? 0) + 1 : before.offset + before.length;
  // Its own comma goes; where it stood last and has none, the one before it.
  const comma = commaFrom(text, end) ?? commaFrom(text, from);
  const between = text.slice(from, item.offset);
  // Behind a comment its line's end stays: what follows must not become a part of that.
  const blank = between.includes('/') ? /[ \t]*$/ : /(?:\r?\n)?[ \t]*$/;
  const indent = blank.exec(between)?.[0].length ?? 0;
  const cuts = [{ from: item.offset - indent, to: end }];
  if (comma !== undefined) cuts.push({ from: comma, to: comma + 1 });
  cuts.sort((a, b) => b.from - a.from);
  return cuts.reduce((rest, { from, to }) => rest.slice(0, from) + rest.slice(to), text);
}

function idOf(item: Node): unknown {
  return item.type === 'object' ? findNodeAtLocation(item, ['id'])?.value : undefined;
}

/** Where the next token begins, if that is a comma. */
function commaFrom(text: string, offset: number): number | undefined {
  const scanner = createScanner(text, true);
  scanner.setPosition(offset);
  scanner.scan();
  return text[scanner.getTokenOffset()] === ',' ? scanner.getTokenOffset() : undefined;
}

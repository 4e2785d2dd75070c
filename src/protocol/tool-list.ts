import { JsonProblem } from './json/json-problem.ts';
import { type JsonNode, memberOf, scanJson, stringOf } from './json/json-scan.ts';
import { JsonSource } from './json/json-source.ts';
import { looksLikeKey } from './look-alike.ts';

/** A tool as its server defines it. */
export interface ListedTool {
  name: string;
  /** The whole definition, as the server sent it. */
  source: JsonSource;
}

/** One item of a list: where it stands in the line, in bytes, its end exclusive. */
export interface ListedItem {
  /** Undefined for what has no name, and so cannot be called. */
  tool: ListedTool | undefined;
  start: number;
  end: number;
}

/** One answer to `tools/list`. */
export interface ToolPage {
  items: ListedItem[];
  /** No further page follows. */
  last: boolean;
}

const RESULT_KEYS: ReadonlySet<string> = new Set(['tools', 'nextCursor']);

/** The parts that are looked into: the list, and the first level of each tool. */
function lookedInto(key: string | undefined, depth: number): boolean {
  if (depth === 0) return true;
  if (depth === 1) return key === 'result';
  if (depth === 2) return key === 'tools';
  return depth === 3;
}

/**
 * The tools in an answer's line, read strictly in full: undefined for a line that is not one clean
 * message with a list of tools, or that a lax reader could take for another list. An item without a name is no tool.
 */
export function readToolPage(line: Uint8Array): ToolPage | undefined {
  try {
    const source = JsonSource.read(line);
    const result = memberOf(scanJson(source, lookedInto), 'result');
    const list = memberOf(result, 'tools');
    const twin = result?.members?.some(({ key }) => looksLikeKey(key, RESULT_KEYS) !== undefined);
    if (list?.kind !== 'array' || twin === true) return undefined;
    const cursor = memberOf(result, 'nextCursor');
    const items = (list.items ?? []).map((item) => itemOf(source, item));
    return { items, last: cursor === undefined || cursor.kind === 'null' };
  } catch (error) {
    if (error instanceof JsonProblem || error instanceof TypeError) return undefined;
    throw error;
  }
}

/** The tools of a page, in its order. */
export function toolsOn({ items }: ToolPage): ListedTool[] {
  return items.flatMap(({ tool }) => tool ?? []);
}

function itemOf(source: JsonSource, item: JsonNode): ListedItem {
  const { start, end } = item;
  const name = item.kind === 'object' ? memberOf(item, 'name') : undefined;
  if (name?.kind !== 'string') return { tool: undefined, start, end };
  return { tool: { name: stringOf(source, name), source: source.part(start, end) }, start, end };
}

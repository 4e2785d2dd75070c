import { JsonProblem } from './json-problem.ts';
import { type JsonNode, memberOf, scanJson, stringOf } from './json-scan.ts';
import { JsonSource } from './json-source.ts';

/** A tool as its server defines it. */
export interface ListedTool {
  name: string;
  /** The whole definition, as the server sent it. */
  source: JsonSource;
}

/** One answer to `tools/list`. */
export interface ToolPage {
  tools: ListedTool[];
  /** No further page follows. */
  last: boolean;
}

/** The parts that are looked into: the list, and the first level of each tool. */
function lookedInto(key: string | undefined, depth: number): boolean {
  if (depth === 0) return true;
  if (depth === 1) return key === 'result';
  if (depth === 2) return key === 'tools';
  return depth === 3;
}

/**
 * The tools in an answer's line, read strictly in full (DESIGN 5): undefined for a line that is not one clean
 * message with a list of tools, of which nothing is learned. An item without a name is no tool.
 */
export function readToolPage(line: Uint8Array): ToolPage | undefined {
  try {
    const source = JsonSource.read(line);
    const result = memberOf(scanJson(source, lookedInto), 'result');
    const list = memberOf(result, 'tools');
    if (list?.kind !== 'array') return undefined;
    const cursor = memberOf(result, 'nextCursor');
    const tools = (list.items ?? []).flatMap((item) => toolOf(source, item));
    return { tools, last: cursor === undefined || cursor.kind === 'null' };
  } catch (error) {
    if (error instanceof JsonProblem || error instanceof TypeError) return undefined;
    throw error;
  }
}

function toolOf(source: JsonSource, item: JsonNode): ListedTool[] {
  const name = item.kind === 'object' ? memberOf(item, 'name') : undefined;
  if (name?.kind !== 'string') return [];
  return [{ name: stringOf(source, name), source: source.part(item.start, item.end) }];
}

/** Where each tool stands in the line, and the list around them: in bytes, ends exclusive. */
export interface ToolPlaces {
  tools: { name: string; start: number; end: number }[];
}

/** The same for cutting tools out of the line; undefined as above. */
export function placesOfTools(line: Uint8Array): ToolPlaces | undefined {
  try {
    const source = JsonSource.read(line);
    const list = memberOf(memberOf(scanJson(source, lookedInto), 'result'), 'tools');
    if (list?.kind !== 'array') return undefined;
    const tools = (list.items ?? []).map((item) => {
      const name = item.kind === 'object' ? memberOf(item, 'name') : undefined;
      return {
        name: name?.kind === 'string' ? stringOf(source, name) : '',
        start: item.start,
        end: item.end,
      };
    });
    return { tools };
  } catch {
    return undefined;
  }
}

import { readFileSync } from 'node:fs';
import type { KnownTool, Schema } from '../policy/source/lint/known-tools.ts';
import { PlainError } from '../protocol/plain-error.ts';
import { EXIT } from './exit-codes.ts';

/**
 * Tools from saved `tools/list` results, each named as `SERVER=FILE`: a result, a whole answer, or the bare list.
 * Throws a PlainError for a file that holds none.
 */
export function readTools(named: readonly string[]): KnownTool[] {
  return named.flatMap((one) => {
    const [, server, file] = /^([^=]+)=(.+)$/.exec(one) ?? [];
    if (server === undefined || file === undefined) {
      throw new PlainError(`--tools ${one}: write SERVER=FILE, such as github=tools.json.`, EXIT.usage);
    }
    return describedIn(file).map((tool) => ({ ...tool, server }));
  });
}

function describedIn(file: string): Omit<KnownTool, 'server'>[] {
  return toolsIn(readFile(file), file).flatMap((one) => {
    const { name, inputSchema, annotations } = (one ?? {}) as Record<string, unknown>;
    if (typeof name !== 'string') return [];
    return [
      {
        tool: name,
        inputSchema: inputSchema as Schema | undefined,
        annotations: annotations as KnownTool['annotations'],
      },
    ];
  });
}

/** The tools in a result of `tools/list`, a whole answer, or a bare list. Throws a PlainError when there are none. */
export function toolsIn(read: unknown, file: string): unknown[] {
  const { tools, result } = (read ?? {}) as { tools?: unknown; result?: { tools?: unknown } };
  const list = Array.isArray(read) ? read : (tools ?? result?.tools);
  if (Array.isArray(list)) return list;
  throw new PlainError(`${file} holds no tools: save the result of tools/list there, {"tools": [...]}.`);
}

function readFile(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new PlainError(`The tools in ${file} cannot be read: ${(error as Error).message}.`);
  }
}

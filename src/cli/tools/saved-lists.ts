import { readFileSync } from 'node:fs';
import { EXIT } from '../../platform/exit-codes.ts';
import type { Home } from '../../platform/home.ts';
import { PlainError } from '../../platform/plain-error.ts';
import type { KnownTool, Schema } from '../../policy/source/lint/known-tools.ts';
import type { ToolDefinition } from '../../risk/classes/tool-risk.ts';
import { classify } from '../../risk/classify.ts';
import { PinsFile } from '../../tools/pins-file.ts';
import { saidClass } from '../../tools/said-class.ts';

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

/** The tools of every server that was used here, as they were last accepted; not of those that are named otherwise. */
export function acceptedTools(home: Home, named: readonly KnownTool[]): KnownTool[] {
  const given = new Set(named.map(({ server }) => server));
  return Object.entries(new PinsFile(home).all())
    .filter(([server]) => !given.has(server))
    .flatMap(([server, { tools }]) => {
      return Object.values(tools).flatMap((pinned) => {
        if (pinned.definition === '') return [];
        const risk = saidClass(pinned, pinned.digest);
        return described([JSON.parse(pinned.definition) as unknown]).map((tool) => ({
          ...tool,
          server,
          ...(risk !== undefined && { risk }),
        }));
      });
    });
}

function describedIn(file: string): Omit<KnownTool, 'server'>[] {
  return described(toolsIn(file));
}

function described(tools: readonly unknown[]): Omit<KnownTool, 'server'>[] {
  return tools.flatMap((one) => {
    const { name, inputSchema, annotations } = (one ?? {}) as Record<string, unknown>;
    if (typeof name !== 'string') return [];
    const risk = classify(one as ToolDefinition).class;
    return [
      {
        tool: name,
        risk,
        inputSchema: inputSchema as Schema | undefined,
        annotations: annotations as KnownTool['annotations'],
      },
    ];
  });
}

/** The tools in a result of `tools/list`, a whole answer, or a bare list. Throws a PlainError when there are none. */
export function toolsIn(file: string): unknown[] {
  const read = readFile(file);
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

import type { RanUnasked } from '../../audit/reading/tools-used.ts';
import type { ToolFacts } from '../../policy/decide/types.ts';
import type { KnownTool } from '../../policy/source/lint/known-tools.ts';
import { JsonSource } from '../../protocol/json/json-source.ts';
import type { ListedTool } from '../../protocol/tool-list.ts';
import type { PinnedTool, ServerPins } from '../../tools/pins-file.ts';
import { asSaid } from '../../tools/said-class.ts';
import { factsOf, KnownTools } from '../../tools/tool-knowledge.ts';
import type { ServerInUse } from './servers-in-use.ts';

/** A tool with all that a decision goes by. */
export interface StartingTool {
  name: string;
  /** Undefined: its definition was not kept. */
  facts: ToolFacts | undefined;
  /** As the linter knows tools, but for the server's name. */
  definition: Omit<KnownTool, 'server'> | undefined;
}

/** A server that a policy to begin with is made for. */
export interface StartingServer {
  name: string;
  /** It was asked for by name. */
  asked: boolean;
  /** As they were accepted, in their order; undefined: nothing is known of them. */
  tools: StartingTool[] | undefined;
  /** What a client starts; undefined where no client's file names it. */
  command: string[] | undefined;
  /** What the record says of its tools, by name. */
  used: ReadonlyMap<string, RanUnasked>;
}

/** Where servers are known from. */
export interface Sources {
  /** Names that were asked for; none: every server that is known. */
  asked: readonly string[];
  pins: Readonly<Record<string, ServerPins>>;
  used: ReadonlyMap<string, ReadonlyMap<string, RanUnasked>>;
  found: readonly ServerInUse[];
}

const NOTHING: ReadonlyMap<string, RanUnasked> = new Map();

/** The servers to make a policy for, by name; with names asked for these alone, in their order. */
export function startingServers({ asked, pins, used, found }: Sources): StartingServer[] {
  const all = [...Object.keys(pins), ...used.keys(), ...found.map(({ name }) => name)];
  const names = asked.length > 0 ? [...new Set(asked)] : [...new Set(all)].filter(Boolean).sort();
  return names.map((name) => ({
    name,
    asked: asked.length > 0,
    tools: Object.hasOwn(pins, name) ? acceptedIn(pins[name] as ServerPins) : undefined,
    command: found.find((one) => one.name === name)?.command,
    used: used.get(name) ?? NOTHING,
  }));
}

function acceptedIn({ tools }: ServerPins): StartingTool[] {
  return Object.entries(tools).flatMap(([name, pinned]) => {
    const { definition } = pinned;
    if (definition === '') return [{ name, facts: undefined, definition: undefined }];
    return startingTool(definition, pinned);
  });
}

/** Tools of definitions as JSON; what is no tool is left out. */
export function startingTools(definitions: readonly string[]): StartingTool[] {
  return definitions.flatMap((text) => startingTool(text));
}

function startingTool(text: string, pinned?: PinnedTool): StartingTool[] {
  const { name, inputSchema, annotations } = parsed(text);
  if (typeof name !== 'string') return [];
  const listed: ListedTool = { name, source: JsonSource.of(text) };
  const known = asSaid(new KnownTools([listed], false).of(name), pinned);
  if (known === undefined) return [{ name, facts: undefined, definition: undefined }];
  const definition = {
    tool: name,
    risk: known.risk.class,
    inputSchema: inputSchema as KnownTool['inputSchema'],
    annotations: annotations as KnownTool['annotations'],
  };
  return [{ name, facts: factsOf(known), definition }];
}

function parsed(text: string): Record<string, unknown> {
  try {
    return (JSON.parse(text) ?? {}) as Record<string, unknown>;
  } catch {
    return {};
  }
}

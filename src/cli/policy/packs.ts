import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { compileOrExplain } from '../../config/policy-text.ts';
import { namesTool } from '../../policy/decide/item-index.ts';
import type { Item, Policy } from '../../policy/decide/types.ts';
import { deriveServerName } from '../../policy/naming/server-name.ts';
import type { KnownTool } from '../../policy/source/lint/known-tools.ts';
import { lint } from '../../policy/source/lint/lint.ts';
import { mergeLayers } from '../../policy/source/merge-layers.ts';
import { type StartingServer, type StartingTool, startingTools } from './known-servers.ts';

const FOLDER = resolve(import.meta.dirname, '../../../policies');

/** A policy that comes with holdpoint for one server, and the tools that the real server lists. */
export interface Pack {
  /** Also the name that its text gives the server. */
  name: string;
  text: string;
  policy: Policy;
  tools: StartingTool[];
}

/** Names of the packs. */
export function packNames(): string[] {
  return existsSync(FOLDER) ? readdirSync(FOLDER).sort() : [];
}

export async function loadPack(name: string): Promise<Pack> {
  const path = join(FOLDER, name, 'policy.jsonc');
  const text = readFileSync(path, 'utf8');
  const layer = await compileOrExplain(text, path);
  const tools = startingTools(definitionsOf(name).map((one) => JSON.stringify(one)));
  return { name, text, policy: mergeLayers([{ name: 'user', layer, counts: 'all' }]), tools };
}

function definitionsOf(pack: string): unknown[] {
  const read = JSON.parse(readFileSync(join(FOLDER, pack, 'tools.json'), 'utf8')) as { tools: unknown[] };
  return read.tools;
}

/** The tools that packs are about: not mistyped, though a server may lack one or take other arguments. */
export function toolsOfPacks(): KnownTool[] {
  return packNames().flatMap((server) =>
    definitionsOf(server).map((one) => {
      const { name: tool, inputSchema } = one as { name: string; inputSchema?: KnownTool['inputSchema'] };
      return { server, tool, risk: 'unknown', inputSchema };
    }),
  );
}

/** `whole`: the server's tools are those of the pack; `cautious`: it bears the name, and its tools are not known. */
export interface Match {
  pack: Pack;
  how: 'whole' | 'cautious';
}

/** A server of another name has at least so many of a pack's tools. */
const ENOUGH = 3;

/**
 * The pack for a server: the one that most of its tools are of, by name and arguments. What a pack allows is never
 * taken for a server whose tools are other ones; whoever asks for a server by a pack's name says that it is that one.
 */
export function packFor(server: StartingServer, packs: readonly Pack[]): Match | undefined {
  if (server.tools === undefined) {
    const pack = packs.find((one) => isNamed(server, one.name));
    return pack && { pack, how: server.asked && server.name === pack.name ? 'whole' : 'cautious' };
  }
  const tools = server.tools;
  const alike = packs
    .map((pack) => ({ pack, shared: sharedTools(tools, pack) }))
    .filter(({ pack, shared }) => shared >= (isNamed(server, pack.name) ? 1 : ENOUGH))
    .filter(({ shared, pack }) => shared * 2 >= tools.length && reads(pack, tools))
    .sort((a, b) => b.shared - a.shared);
  const [best] = alike;
  return best && { pack: best.pack, how: 'whole' };
}

type Named = Pick<StartingServer, 'name' | 'command'>;

/** The pack that a server is called like, and what the pack's server lists; undefined for none. Proves nothing. */
export function packNamed(server: Named): { name: string; definitions: unknown[] } | undefined {
  const name = packNames().find((pack) => isNamed(server, pack));
  return name === undefined ? undefined : { name, definitions: definitionsOf(name) };
}

/** By its name in policies, or by the command that starts it: `github`, `Linear-MCP`, `mcp.notion.com`. */
function isNamed({ name, command = [] }: Named, pack: string): boolean {
  const names = [name, ...(command.length > 0 ? [deriveServerName(command).name] : [])];
  return names.some((one) => {
    const plain = one.toLowerCase();
    return plain.replace(AFFIX, '') === pack || plain.startsWith(`mcp.${pack}.`);
  });
}

const AFFIX = /^(?:awslabs[.])?(?:mcp-(?:server-)?)?|-(?:mcp|server|mcp-server)$/g;

/** How many tools a server has of a pack's; none when one that the pack allows takes other arguments. */
function sharedTools(tools: readonly StartingTool[], { policy, tools: theirs, name }: Pack): number {
  let shared = 0;
  for (const tool of tools) {
    // Two real servers may have a tool of the same name, each with arguments of its own.
    const known = theirs.filter((one) => one.name === tool.name);
    if (known.length === 0) continue;
    if (known.some((one) => isShaped(tool, one))) shared += 1;
    else if (policy.allow.some((item: Item) => namesTool(item, name, tool.name))) return 0;
  }
  return shared;
}

/** Whether the pack's conditions ask of these tools what they have. */
function reads({ policy, name: server }: Pack, tools: readonly StartingTool[]): boolean {
  const known = tools.flatMap(({ definition }) =>
    definition === undefined ? [] : [{ ...definition, server }],
  );
  return !lint(policy, known, toolsOfPacks).some(({ severity }) => severity === 'error');
}

/** What either must be given, the other can be given. */
function isShaped({ definition: one }: StartingTool, { definition: other }: StartingTool): boolean {
  const takes = (must: typeof one, can: typeof one): boolean => {
    const names = new Set(Object.keys(can?.inputSchema?.properties ?? {}));
    return (must?.inputSchema?.required ?? []).every((name) => names.has(name));
  };
  if (one === undefined || other === undefined) return false;
  // Of some hosted servers only the names are published.
  return other.inputSchema === undefined || (takes(one, other) && takes(other, one));
}

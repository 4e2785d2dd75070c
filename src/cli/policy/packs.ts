import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { compileOrExplain } from '../../config/policy-text.ts';
import { namesTool } from '../../policy/decide/item-index.ts';
import type { Item, Policy } from '../../policy/decide/types.ts';
import { deriveServerName } from '../../policy/naming/server-name.ts';
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

/** Names of tools that some pack is about: not mistyped, though a server may lack them. */
export function toolsOfPacks(): Set<string> {
  return new Set(
    packNames().flatMap((pack) => definitionsOf(pack).map((one) => (one as { name: string }).name)),
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
    .filter(({ shared }) => shared * 2 >= tools.length)
    .sort((a, b) => b.shared - a.shared);
  const [best] = alike;
  return best && { pack: best.pack, how: 'whole' };
}

/** By its name in policies, or by the command that starts it. */
function isNamed({ name, command = [] }: StartingServer, pack: string): boolean {
  return name === pack || (command.length > 0 && deriveServerName(command).name === pack);
}

/** How many tools a server has of a pack's; none when one that the pack allows takes other arguments. */
function sharedTools(tools: readonly StartingTool[], { policy, tools: theirs, name }: Pack): number {
  const known = new Map(theirs.map((one) => [one.name, one]));
  let shared = 0;
  for (const tool of tools) {
    const theirs = known.get(tool.name);
    if (theirs === undefined) continue;
    if (isShaped(tool, theirs)) shared += 1;
    else if (policy.allow.some((item: Item) => namesTool(item, name, tool.name))) return 0;
  }
  return shared;
}

/** What either must be given, the other can be given. */
function isShaped({ definition: one }: StartingTool, { definition: other }: StartingTool): boolean {
  const takes = (must: typeof one, can: typeof one): boolean => {
    const names = new Set(Object.keys(can?.inputSchema?.properties ?? {}));
    return (must?.inputSchema?.required ?? []).every((name) => names.has(name));
  };
  return one !== undefined && other !== undefined && takes(one, other) && takes(other, one);
}

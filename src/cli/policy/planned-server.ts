import { namesTool } from '../../policy/decide/item-index.ts';
import type { Effect, Item } from '../../policy/decide/types.ts';
import { listBodies } from '../../policy/source/list-bodies.ts';
import type { StartingServer, StartingTool } from './known-servers.ts';
import { type Match, type Pack, packFor } from './packs.ts';

/** What a policy to begin with says of one server. */
export interface PlannedServer {
  server: StartingServer;
  /** How patterns spell it. */
  pattern: string;
  match: Match | undefined;
  /** The pack's lists, in the server's own name; empty without one. */
  bodies: Record<Effect, string>;
  /** Names of tools that are plain reads, and that the pack leaves to a person all the same. */
  kept: string[];
}

const NOTHING: Record<Effect, string> = { deny: '', escalate: '', allow: '' };

/** What to say of each server, with the packs there are. */
export function planned(servers: readonly StartingServer[], packs: readonly Pack[]): PlannedServer[] {
  const ids = new Set<string>();
  return servers.map((server) => {
    const pattern = asPattern(server.name);
    const match = narrowed(packFor(server, packs), pattern === server.name);
    if (match === undefined) return { server, pattern, match, bodies: NOTHING, kept: [] };
    const id = freeId(server.name, ids);
    const { name: from, text } = match.pack;
    // A tool that comes later would run without anybody having seen it: who writes a tool's name means it.
    const listed = server.tools && new Set(server.tools.map(({ name }) => name));
    const bodies = listBodies(text, { from, server: pattern, id, listed });
    if (match.how === 'cautious')
      return { server, pattern, match, bodies: { ...bodies, allow: '' }, kept: [] };
    return { server, pattern, match, bodies, kept: keptBack(server, match.pack) };
  });
}

/** Where a pattern may mean other servers too, nothing that a pack allows is taken. */
function narrowed(match: Match | undefined, exact: boolean): Match | undefined {
  return match === undefined || exact ? match : { ...match, how: 'cautious' };
}

/** A name in a pattern: `?` stands for what has a meaning there, and for what nobody sees. */
export function asPattern(name: string): string {
  return name.replace(/[/*?{}[\]\\|!\p{C}\p{Zl}\p{Zp}]/gu, '?');
}

/** What ids of a server's items begin with; no two servers share one. */
function freeId(name: string, taken: Set<string>): string {
  const plain = name.replace(/[^\w.-]/g, '-').slice(0, 24);
  const base = /^[A-Za-z0-9]/.test(plain) ? plain : `s${plain}`;
  let free = base;
  for (let n = 2; taken.has(free); n += 1) free = `${base}-${n}`;
  taken.add(free);
  return free;
}

/** Tools that the pack knows, that would run as plain reads, and of which it lets some calls run at most. */
function keptBack({ tools = [] }: StartingServer, { name, policy, tools: known }: Pack): string[] {
  const plain = (all: readonly StartingTool[]): string[] =>
    all.filter(({ facts }) => facts?.plainRead === true).map((one) => one.name);
  const theirs = new Set(known.map((one) => one.name));
  const candidates = new Set([...plain(known), ...plain(tools).filter((tool) => theirs.has(tool))]);
  const always = (items: readonly Item[], tool: string): boolean =>
    items.some(
      (item) => namesTool(item, name, tool) && (item.when ?? item.unless ?? item.over) === undefined,
    );
  const settled = (tool: string): boolean =>
    [policy.deny, policy.escalate, policy.allow].some((items) => always(items, tool));
  return [...candidates].filter((tool) => !settled(tool)).sort();
}

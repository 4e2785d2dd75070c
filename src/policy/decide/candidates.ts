import { anyGlob, targetMatches } from './glob.ts';
import type { Item } from './types.ts';

/** Names remembered per list. An agent that makes up more of them costs itself time, and us no memory. */
const MOST_REMEMBERED = 4_096;

/** By list: which of its items name a tool, by `server NUL tool`. Lists are never changed once they are compiled. */
const remembered = new WeakMap<readonly Item[], Map<string, readonly Item[]>>();

/** Whether an item's patterns cover a tool: everything about it that is the same for every call of the tool. */
export function namesTool({ tool, except, server }: Item, onServer: string, called: string): boolean {
  if (tool.length > 0 && !tool.some((target) => targetMatches(target, onServer, called))) return false;
  if (except.some((target) => targetMatches(target, onServer, called))) return false;
  return anyGlob(server, onServer);
}

/** The items of a list whose patterns cover a tool, in the list's order: worked out once for each tool. */
export function candidates(items: readonly Item[], server: string, tool: string): readonly Item[] {
  let known = remembered.get(items);
  if (known === undefined) {
    known = new Map();
    remembered.set(items, known);
  }
  const name = `${server}\0${tool}`;
  const found = known.get(name);
  if (found !== undefined) return found;
  if (known.size >= MOST_REMEMBERED) known.clear();
  const naming = items.filter((item) => namesTool(item, server, tool));
  known.set(name, naming);
  return naming;
}

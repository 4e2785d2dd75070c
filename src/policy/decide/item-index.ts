import { anyGlob, targetMatches } from './glob.ts';
import type { Item } from './types.ts';

/** Names remembered per list. An agent that makes up more of them costs itself time, and us no memory. */
const MOST_REMEMBERED = 4_096;

/** Which items of a list name a tool of one server: a proxy has but one. */
interface Remembered {
  server: string;
  tools: Map<string, readonly Item[]>;
}

/** By list. Lists are never changed once they are compiled. */
const remembered = new WeakMap<readonly Item[], Remembered>();

/** Whether an item's patterns cover a tool: everything about it that is the same for every call of the tool. */
export function namesTool({ tool, except, server }: Item, onServer: string, called: string): boolean {
  if (tool.length > 0 && !tool.some((target) => targetMatches(target, onServer, called))) return false;
  if (except.some((target) => targetMatches(target, onServer, called))) return false;
  return anyGlob(server, onServer);
}

/** The items of a list whose patterns cover a tool, in the list's order: worked out once for each tool. */
export function candidates(items: readonly Item[], server: string, tool: string): readonly Item[] {
  let known = remembered.get(items);
  if (known?.server !== server) {
    known = { server, tools: new Map() };
    remembered.set(items, known);
  }
  const { tools } = known;
  const found = tools.get(tool);
  if (found !== undefined) return found;
  if (tools.size >= MOST_REMEMBERED) tools.clear();
  const naming = items.filter((item) => namesTool(item, server, tool));
  tools.set(tool, naming);
  return naming;
}

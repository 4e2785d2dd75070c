import { namesTool } from '../../decide/item-index.ts';
import type { Effect, Item } from '../../decide/types.ts';
import type { Path } from '../source-tree.ts';
import type { KnownTool } from './known-tools.ts';

/** Something about a policy that compiles, and does not do what its author may think. */
export interface Finding {
  path: Path;
  /** `error`: it is surely not meant. `warning`: it may be. */
  severity: 'error' | 'warning';
  message: string;
  suggestion?: string | undefined;
  /** A condition and what of it is meant, as in a Problem. */
  excerpt?: string | undefined;
}

/** An item, and where it stands. */
export interface Placed {
  list: Effect;
  index: number;
  item: Item;
}

export function warning({ list, index }: Placed, message: string, suggestion?: string): Finding {
  return { path: [list, index], severity: 'warning', message, suggestion };
}

/** Whether an item is about a known tool. */
export function isAbout(item: Item, { server, tool, risk }: KnownTool): boolean {
  return namesTool(item, server, tool) && (item.risk.length === 0 || item.risk.includes(risk));
}

/** The known tools that an item names. */
export function named({ item }: Placed, tools: readonly KnownTool[]): KnownTool[] {
  return tools.filter((tool) => isAbout(item, tool));
}

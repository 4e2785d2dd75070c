import type { ChangeEntry } from '../audit/entry.ts';
import type { ToolSet } from '../config/pins-file.ts';
import { sha256 } from '../proxy/digests.ts';

/** Whose tools changed, and by whom. */
export interface PinChange {
  set: ToolSet;
  server: string;
  by: string;
}

/** The record of a change of pins: how many tools, and one digest over all their definitions. */
export function pinEntry(event: string, { set, server, by }: PinChange): ChangeEntry {
  const names = Object.keys(set.tools).sort();
  const lines = names.map((name) => `${JSON.stringify(name)} ${set.tools[name]?.digest}\n`);
  return {
    type: 'pin',
    event,
    server,
    command: set.command,
    tools: names.length,
    definitions: sha256(lines.join('')),
    by: { name: by },
  };
}

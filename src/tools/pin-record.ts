import type { ChangeEntry } from '../audit/log/entry.ts';
import { sha256Hex } from '../platform/digest.ts';
import type { ToolSet } from './pins-file.ts';

/** Whose tools changed, and by whom. */
export interface PinChange {
  set: ToolSet;
  server: string;
  by: string;
}

/** The record of a change of pins: how many tools, and one digest over all their definitions. */
export function pinEntry(event: string, { set, server, by }: PinChange): ChangeEntry {
  return {
    type: 'pin',
    event,
    server,
    command: set.command,
    tools: Object.keys(set.tools).length,
    definitions: definitionsDigest(set),
    by: { name: by },
  };
}

/** One digest over a server's command, its definitions and what a person said of them; `audit verify` holds sessions against it. */
export function definitionsDigest({ command, tools }: Pick<ToolSet, 'command' | 'tools'>): string {
  const names = Object.keys(tools).sort();
  const lines = names.map((name) => {
    const { digest, class: said } = tools[name] ?? {};
    return `${JSON.stringify(name)} ${digest}${said === undefined ? '' : ` ${said}`}\n`;
  });
  return sha256Hex(`${command}\n${lines.join('')}`);
}

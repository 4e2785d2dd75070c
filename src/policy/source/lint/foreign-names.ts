import { globMatches } from '../../decide/glob.ts';
import type { Target } from '../../decide/types.ts';
import type { KnownTool } from './known-tools.ts';

/** What a name in an item probably means, and how that is written here. */
export interface Misread {
  severity: 'error' | 'warning';
  message: string;
  suggestion: string;
}

const CLAUDE_CODE = /^mcp__([^_*?](?:[^_]|_(?!_))*)(?:__(.*))?$/;
const SEPARATED = /^([\w-]+)(?::{1,2}|\.)(.+)$/;

/**
 * A bare name is a tool of any server. One that is spelled as other programs spell a server's tool, or that is a
 * server's own name, names no tool at all, and its item never counts: undefined for one that may be meant.
 */
export function misread({ server, tool }: Target, tools: readonly KnownTool[]): Misread | undefined {
  if (server !== '*') return undefined;
  const [, theirs, named = '*'] = CLAUDE_CODE.exec(tool) ?? [];
  if (theirs !== undefined) {
    const message = `${JSON.stringify(tool)} is Claude Code's spelling and names no tool here.`;
    return { severity: 'error', message, suggestion: `Write ${JSON.stringify(`${theirs}/${named}`)}.` };
  }
  if (tools.some((one) => globMatches(tool, one.tool))) return undefined;
  const servers = new Set(tools.map((one) => one.server));
  const [, before = '', after = ''] = SEPARATED.exec(tool) ?? [];
  if (servers.has(before) || tool.includes(':')) {
    const message = `${JSON.stringify(tool)} names a tool of that name on any server, and none has it.`;
    return { severity: 'error', message, suggestion: `Write ${JSON.stringify(`${before}/${after}`)}.` };
  }
  if (servers.has(tool)) {
    const message = `${JSON.stringify(tool)} is a server; alone it names a tool.`;
    return { severity: 'error', message, suggestion: `Write ${JSON.stringify(`${tool}/*`)}.` };
  }
  if (servers.size === 0 || /^[*?]+$/.test(tool)) return undefined;
  return {
    severity: 'warning',
    message: `No tool of any known server (${[...servers].join(', ')}) is named ${JSON.stringify(tool)}.`,
    suggestion: 'Look at the names with "holdpoint tools".',
  };
}

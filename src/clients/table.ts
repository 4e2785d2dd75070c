import { join } from 'node:path';

/** Where this machine is looked at from; tests give their own. */
export interface Machine {
  platform: NodeJS.Platform;
  home: string;
  env: NodeJS.ProcessEnv;
  cwd: string;
}

/** An MCP client and the file in which it keeps its servers, under `mcpServers`. */
export interface ClientRow {
  id: string;
  name: string;
  /** It reads strict JSON: a comment or a trailing comma silently disables all of its servers. */
  strict: boolean;
  path(machine: Machine): string;
}

function desktopFolder({ platform, home, env }: Machine): string {
  if (platform === 'darwin') return join(home, 'Library/Application Support/Claude');
  if (platform === 'win32') return join(env['APPDATA'] ?? join(home, 'AppData/Roaming'), 'Claude');
  return join(home, '.config/Claude');
}

/** Paths and formats: research/ecosystem.md 1.1. */
export const CLIENTS: readonly ClientRow[] = [
  {
    id: 'claude-desktop',
    name: 'Claude Desktop',
    strict: true,
    path: (machine) => join(desktopFolder(machine), 'claude_desktop_config.json'),
  },
  {
    id: 'claude-code',
    name: 'Claude Code (this project)',
    strict: true,
    path: ({ cwd }) => join(cwd, '.mcp.json'),
  },
  { id: 'cursor', name: 'Cursor', strict: false, path: ({ home }) => join(home, '.cursor/mcp.json') },
  {
    id: 'cursor-project',
    name: 'Cursor (this project)',
    strict: false,
    path: ({ cwd }) => join(cwd, '.cursor/mcp.json'),
  },
];

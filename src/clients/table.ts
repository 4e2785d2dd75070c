import { posix, win32 } from 'node:path';

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

/** Joined as the looked-at machine joins, which need not be the one that looks. */
function join({ platform }: Machine, ...parts: string[]): string {
  return (platform === 'win32' ? win32 : posix).join(...parts);
}

function desktopFolder(machine: Machine): string {
  const { platform, home, env } = machine;
  if (platform === 'darwin') return join(machine, home, 'Library/Application Support/Claude');
  if (platform === 'win32')
    return join(machine, env['APPDATA'] ?? join(machine, home, 'AppData/Roaming'), 'Claude');
  return join(machine, home, '.config/Claude');
}

/** Paths and formats, as the clients' own documentation gives them. */
export const CLIENTS: readonly ClientRow[] = [
  {
    id: 'claude-desktop',
    name: 'Claude Desktop',
    strict: true,
    path: (machine) => join(machine, desktopFolder(machine), 'claude_desktop_config.json'),
  },
  {
    id: 'claude-code',
    name: 'Claude Code (this project)',
    strict: true,
    path: (machine) => join(machine, machine.cwd, '.mcp.json'),
  },
  {
    id: 'cursor',
    name: 'Cursor',
    strict: false,
    path: (machine) => join(machine, machine.home, '.cursor/mcp.json'),
  },
  {
    id: 'cursor-project',
    name: 'Cursor (this project)',
    strict: false,
    path: (machine) => join(machine, machine.cwd, '.cursor/mcp.json'),
  },
];

import {
  all,
  byPlatform,
  inApplications,
  inConfig,
  inHome,
  inNamed,
  inProject,
  type Paths,
} from './places.ts';

export type FormatName = 'json' | 'jsonc' | 'yaml' | 'toml';

/**
 * How an entry says what to start: `words` is "command" and "args"; `array` the whole line as a list under
 * "command"; `cmd` is "cmd" and "args"; `either` is `words`, or the two inside of "command" as "path" and "args".
 */
export type Spelling = 'words' | 'array' | 'cmd' | 'either';

/** A file in which a client keeps servers. */
export interface Place {
  /** `project`: it belongs to a folder, and often to a team. */
  scope: 'user' | 'project';
  format: FormatName;
  paths: Paths;
  /** The keys to the servers, `*` for any key; most versions of a client use one of them. */
  servers: readonly (readonly string[])[];
  /** `words` where nothing is said. */
  spelling?: Spelling;
  /** The servers are a list of entries with a "name". */
  list?: boolean;
  /** What a person should know after it was changed. */
  note?: string;
}

/** The setting of an entry that bounds one tool call. */
export interface TimeLimit {
  key: string;
  unit: 'ms' | 's';
  /** In seconds, where the setting is missing; undefined: as long as any hold. */
  usual: number | undefined;
  /** In seconds: what the client takes at most. */
  most?: number;
  /** The keys under which entries have no such setting: another version of the client reads them. */
  notIn?: readonly string[];
}

/** An MCP client: where its servers stand, and what bounds a call that waits for a person. */
export interface ClientRow {
  id: string;
  name: string;
  /** What it calls itself in `clientInfo`, where that was seen. */
  says: readonly string[];
  places: readonly Place[];
  limit?: TimeLimit;
  /** Files in which it keeps servers in a way that nobody but itself reads. */
  unread?: Paths;
}

const NAMED = ['mcpServers'];
type Parts = Partial<Place> & Pick<Place, 'paths'>;
const user = (parts: Parts): Place => ({ scope: 'user', format: 'jsonc', servers: [NAMED], ...parts });
const project = (parts: Parts): Place => ({ ...user(parts), scope: 'project' });
const userAndProject = (path: string, parts: Partial<Place> = {}): Place[] => [
  user({ ...parts, paths: inHome(path) }),
  project({ ...parts, paths: inProject(path) }),
];

/** Folders of programs that are VS Code or descend from it. */
const CODES = ['Code', 'Code - Insiders', 'VSCodium'];
const EDITORS = [...CODES, 'Cursor', 'Windsurf', 'Trae'];
const CLINE = 'User/globalStorage/saoudrizwan.claude-dev/settings/cline_mcp_settings.json';
const code = (path: string): Paths => inApplications(...CODES.map((folder) => `${folder}/User/${path}`));

const GEMINI: TimeLimit = { key: 'timeout', unit: 'ms', usual: 600 };
/** Codex documents 60 s; 0.169.0 waited 300 s (measured). The shorter of two is the safe one. */
const CODEX: TimeLimit = { key: 'tool_timeout_sec', unit: 's', usual: 60 };

/**
 * The clients, as their own documentation, docker/mcp-gateway (`pkg/client/config.yml`), stacklok/toolhive and
 * neondatabase/add-mcp give their places (November 2026). Where those disagree all places are
 * looked at: nothing is ever made, so one that does not exist costs nothing.
 */
export const CLIENTS: readonly ClientRow[] = [
  {
    id: 'claude-desktop',
    name: 'Claude Desktop',
    says: ['claude-ai'],
    places: [user({ format: 'json', paths: inApplications('Claude/claude_desktop_config.json') })],
  },
  {
    id: 'claude-code',
    name: 'Claude Code',
    says: ['claude-code'],
    limit: { key: 'timeout', unit: 'ms', usual: undefined },
    places: [
      user({
        format: 'json',
        paths: inNamed('CLAUDE_CONFIG_DIR', '', '.claude.json'),
        servers: [NAMED, ['projects', '*', 'mcpServers']],
        note: 'Claude Code rewrites this file while it runs. If it was open just now, close it and run "holdpoint clients" to see that the change is still there.',
      }),
      project({ format: 'json', paths: inProject('.mcp.json') }),
    ],
  },
  {
    id: 'cursor',
    name: 'Cursor',
    says: ['cursor-vscode'],
    places: userAndProject('.cursor/mcp.json'),
  },
  {
    id: 'vscode',
    name: 'VS Code',
    says: ['Visual Studio Code', 'Visual Studio Code - Insiders'],
    places: [
      user({
        paths: all(
          code('mcp.json'),
          code('profiles/*/mcp.json'),
          inHome('.vscode-server/data/User/mcp.json'),
        ),
        servers: [['servers']],
      }),
      // Before 1.102 the servers stood in the settings.
      user({ paths: code('settings.json'), servers: [['mcp', 'servers']] }),
      project({ paths: inProject('.vscode/mcp.json'), servers: [['servers']] }),
      project({ paths: inProject('.vscode/settings.json'), servers: [['mcp', 'servers']] }),
    ],
  },
  {
    id: 'windsurf',
    name: 'Windsurf',
    says: [],
    places: [user({ paths: inHome('.codeium/windsurf/mcp_config.json', '.codeium/mcp_config.json') })],
  },
  {
    id: 'cline',
    name: 'Cline',
    says: ['Cline'],
    limit: { key: 'timeout', unit: 's', usual: 60, most: 3600 },
    places: [
      user({
        paths: all(
          inApplications(...EDITORS.map((folder) => `${folder}/${CLINE}`)),
          inHome(`.vscode-server/data/${CLINE}`),
          inNamed('CLINE_DIR', '.cline', 'data/settings/cline_mcp_settings.json'),
        ),
      }),
    ],
  },
  {
    id: 'zed',
    name: 'Zed',
    says: ['Zed'],
    places: [
      user({
        paths: byPlatform(
          { win32: inApplications('Zed/settings.json') },
          all(inConfig('zed/settings.json'), inApplications('Zed/settings.json')),
        ),
        servers: [['context_servers']],
        spelling: 'either',
      }),
      project({ paths: inProject('.zed/settings.json'), servers: [['context_servers']], spelling: 'either' }),
    ],
  },
  {
    id: 'gemini',
    name: 'Gemini CLI',
    says: ['gemini-cli-mcp-client'],
    limit: GEMINI,
    places: userAndProject('.gemini/settings.json'),
  },
  {
    id: 'codex',
    name: 'Codex',
    says: ['codex-mcp-client'],
    limit: CODEX,
    places: [
      user({
        format: 'toml',
        paths: inNamed('CODEX_HOME', '.codex', 'config.toml'),
        servers: [['mcp_servers']],
      }),
      project({ format: 'toml', paths: inProject('.codex/config.toml'), servers: [['mcp_servers']] }),
    ],
  },
  {
    id: 'opencode',
    name: 'opencode',
    says: ['opencode'],
    // In version 2 ("mcp.servers") "timeout" is an object, and a call has 12 hours: nothing is to be raised.
    limit: { key: 'timeout', unit: 'ms', usual: 60, notIn: ['mcp', 'servers'] },
    places: [
      user({
        paths: inConfig('opencode/opencode.json', 'opencode/opencode.jsonc', 'opencode/config.json'),
        servers: [['mcp', 'servers'], ['mcp']],
        spelling: 'array',
      }),
      project({
        paths: inProject(
          'opencode.json',
          'opencode.jsonc',
          '.opencode/opencode.json',
          '.opencode/opencode.jsonc',
        ),
        servers: [['mcp', 'servers'], ['mcp']],
        spelling: 'array',
      }),
    ],
  },
  {
    id: 'goose',
    name: 'Goose',
    says: ['goose'],
    limit: { key: 'timeout', unit: 's', usual: 300 },
    places: [
      user({
        format: 'yaml',
        paths: byPlatform(
          { win32: inApplications('Block/goose/config/config.yaml') },
          inConfig('goose/config.yaml'),
        ),
        servers: [['extensions']],
        spelling: 'cmd',
      }),
    ],
  },
  {
    id: 'continue',
    name: 'Continue',
    says: ['continue-client'],
    places: [
      user({
        format: 'yaml',
        paths: inHome('.continue/config.yaml', '.continue/mcpServers/*.yaml'),
        list: true,
      }),
      project({
        format: 'yaml',
        paths: inProject('.continue/mcpServers/*.yaml', '.continue/mcpServers/*.yml'),
        list: true,
      }),
      project({ paths: inProject('.continue/mcpServers/*.json') }),
    ],
  },
  {
    id: 'lm-studio',
    name: 'LM Studio',
    says: ['lmstudio'],
    // Since 0.3.18 (lmstudio-bug-tracker #727, #1651).
    limit: { key: 'timeout', unit: 'ms', usual: 60 },
    places: [user({ paths: inHome('.lmstudio/mcp.json', '.cache/lm-studio/mcp.json') })],
  },
  {
    id: 'amp',
    name: 'Amp',
    says: ['amp'],
    places: [
      user({ paths: inConfig('amp/settings.json', 'amp/settings.jsonc'), servers: [['amp.mcpServers']] }),
      project({
        paths: inProject('.amp/settings.json', '.amp/settings.jsonc', '.vscode/settings.json'),
        servers: [['amp.mcpServers']],
      }),
    ],
  },
  { id: 'junie', name: 'Junie (JetBrains)', says: [], places: userAndProject('.junie/mcp/mcp.json') },
  { id: 'warp', name: 'Warp', says: [], places: userAndProject('.warp/.mcp.json') },
  // Its "timeout" bounds the start only (kirodotdev/Kiro #8111).
  { id: 'kiro', name: 'Kiro', says: [], places: userAndProject('.kiro/settings/mcp.json') },
  {
    id: 'copilot-cli',
    name: 'Copilot CLI',
    says: ['github-copilot-developer'],
    // Its "timeout" changed nothing (github/copilot-cli #1535), so none is written.
    places: [
      user({
        paths: all(
          inNamed('COPILOT_HOME', '.copilot', 'mcp-config.json'),
          inConfig('copilot/mcp-config.json'),
        ),
      }),
      project({ paths: inProject('.github/mcp.json') }),
    ],
  },
  {
    id: 'qwen',
    name: 'Qwen Code',
    says: ['qwen-cli-mcp-client', 'qwen-code-mcp-client'],
    limit: GEMINI,
    places: [
      ...userAndProject('.qwen/settings.json'),
      project({ paths: inProject('.qwen/settings.local.json') }),
    ],
  },
  {
    id: 'copilot-jetbrains',
    name: 'Copilot for JetBrains',
    says: [],
    places: [
      user({
        paths: all(
          inConfig('github-copilot/intellij/mcp.json'),
          inApplications('github-copilot/intellij/mcp.json'),
        ),
        servers: [['servers']],
      }),
    ],
  },
  {
    id: 'antigravity',
    name: 'Antigravity',
    says: [],
    places: [
      user({ paths: inHome('.gemini/antigravity/mcp_config.json', '.gemini/config/mcp_config.json') }),
    ],
  },
  { id: 'factory', name: 'Factory', says: [], places: userAndProject('.factory/mcp.json') },
  {
    id: 'crush',
    name: 'Crush',
    says: ['crush'],
    // A shell script since 2026.
    unread: all(inConfig('crush/crushrc'), inProject('.crushrc', 'crushrc')),
    places: [
      user({ paths: inConfig('crush/crush.json'), servers: [['mcp']] }),
      project({ paths: inProject('crush.json', '.crush.json'), servers: [['mcp']] }),
    ],
  },
];

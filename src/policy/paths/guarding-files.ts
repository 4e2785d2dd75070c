/**
 * The files by which MCP clients and editors decide which servers run, guarded or not, and what needs an approval;
 * and our project file. Each as the last parts of its path, in lower case; `*` is any one name. A name alone is
 * enough where no other file is called so: a wrong yes costs one question.
 */
export const GUARDING_FILES: readonly string[] = [
  ...['.policyrc', '.policyrc.json', '.policyrc.jsonc', '.policyrc.yaml', '.policyrc.yml'],
  // Names that many clients share.
  ...['mcp.json', '.mcp.json', 'mcp.jsonc', 'mcp_config.json', 'mcp-config.json', 'mcp_settings.json'],
  ...['mcp_servers.json', 'mcp.yaml', 'mcp.toml'],
  // Claude Desktop and Claude Code.
  ...['claude_desktop_config.json', '.claude.json', '.claude/settings.json', '.claude/settings.local.json'],
  ...['claude-code/managed-settings.json', 'claudecode/managed-settings.json', 'managed-mcp.json'],
  // VS Code and its relatives: chat.tools.autoApprove lives in their settings.
  ...[
    '.vscode/settings.json',
    'user/settings.json',
    'machine/settings.json',
    'user/profiles/*/settings.json',
  ],
  ...['.devcontainer/devcontainer.json', '.devcontainer/*/devcontainer.json', '.devcontainer.json'],
  // Cursor, Cline, Continue, Zed, JetBrains.
  ...['.cursor/cli.json', '.cursor/cli-config.json', '.cursor/permissions.json', '.cursor/hooks.json'],
  ...['cline_mcp_settings.json', '.continue/config.yaml', '.continue/config.json', '.continue/mcpservers/*'],
  ...['zed/settings.json', '.zed/settings.json'],
  // Agents in the terminal.
  ...['.codex/config.toml', 'codex/config.toml', 'codex/managed_config.toml', 'codex/requirements.toml'],
  ...['.codex/managed_config.toml', '.codex/requirements.toml'],
  ...['.gemini/settings.json', 'gemini-cli/settings.json', '.gemini/policies/*', 'gemini-extension.json'],
  ...[
    '.qwen/settings.json',
    '.qwen/settings.local.json',
    '.iflow/settings.json',
    '.factory/settings.json',
    '.augment/settings.json',
  ],
  ...['opencode.json', 'opencode.jsonc', 'opencode/config.json'],
  ...['goose/config.yaml', 'goose/permission.yaml', '.goose/config.yaml'],
  ...['amp/settings.json', 'amp/settings.jsonc', '.amp/settings.json', '.amp/settings.jsonc'],
  ...['crush.json', '.crush.json', 'crush/crushrc', '.crushrc', 'crushrc', '.copilot/config.json'],
  ...['.kiro/agents/*', '.amazonq/cli-agents/*', 'amazonq/cli-agents/*', '.amazonq/agents/*'],
  ...['amazonq/agents/*', '.roo/mcp.json', '.kiro/settings/mcp.json'],
];

/** A workspace of VS Code may be called anything. */
export const GUARDING_ENDING = '.code-workspace';

/** What every file of the table ends with: a quick no for almost every call. */
export const ENDINGS: readonly string[] = [
  '.json',
  '.toml',
  '.yaml',
  '.yml',
  '.policyrc',
  'crushrc',
  GUARDING_ENDING,
];

const ROWS = GUARDING_FILES.map((row) => row.split('/'));
const BY_NAME = new Map<string, string[][]>();
for (const row of ROWS) {
  const name = row.at(-1) ?? '';
  BY_NAME.set(name, [...(BY_NAME.get(name) ?? []), row]);
}

function rowsFor(name: string): readonly string[][] {
  return [...(BY_NAME.get(name) ?? []), ...(BY_NAME.get('*') ?? [])];
}

/** Whether the parts of a path end with those of a row or a folder. */
export function endsWith(parts: readonly string[], row: readonly string[]): boolean {
  const from = parts.length - row.length;
  return from >= 0 && row.every((part, index) => part === '*' || part === parts[from + index]);
}

/** Whether the parts of a path, case folded, end with one of the table. */
export function guards(parts: readonly string[]): boolean {
  const name = parts.at(-1) ?? '';
  return name.endsWith(GUARDING_ENDING) || rowsFor(name).some((row) => endsWith(parts, row));
}

/** The folders that make one of the table of these parts: `config.toml` in `.codex`. Only where all of them are its end. */
export function foldersFor(parts: readonly string[]): string[][] {
  return (BY_NAME.get(parts.at(-1) ?? '') ?? [])
    .filter((row) => row.length > parts.length && endsWith(row, parts))
    .map((row) => row.slice(0, row.length - parts.length))
    .filter((row) => !row.includes('*'));
}

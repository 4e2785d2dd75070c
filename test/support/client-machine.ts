import { spawn } from 'node:child_process';
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { type Ran, ranToEnd } from './cli.ts';
import { newFolder } from './home.ts';
import { BIN, cleanEnv, fixture } from './proxy-process.ts';

export interface ClientMachine {
  home: string;
  /** A repository with a team's files. */
  project: string;
  env: Record<string, string>;
  run(words: string[], env?: Record<string, string>): Promise<Ran>;
  put(path: string, text: string, mode?: number): string;
  read(path: string): string;
  /** Everything below the home but holdpoint's own: path, mode and bytes. */
  picture(): Record<string, string>;
}

/** A home folder with a repository in it, and a `holdpoint` on the PATH. */
export function clientMachine(): ClientMachine {
  const home = newFolder();
  const project = join(home, 'work/shop');
  mkdirSync(join(project, '.git'), { recursive: true });
  const bin = join(home, 'bin');
  mkdirSync(bin);
  symlinkSync(BIN, join(bin, 'holdpoint'));
  const env = {
    HOME: home,
    PATH: `${bin}:${process.env['PATH']}`,
    XDG_CONFIG_HOME: '',
    CODEX_HOME: '',
    CLAUDE_CONFIG_DIR: '',
    COPILOT_HOME: '',
    CLINE_DIR: '',
  };
  const read = (path: string): string => readFileSync(join(home, path), 'utf8');
  return {
    home,
    project,
    env,
    run: (words, more = {}) =>
      ranToEnd(
        spawn(process.execPath, [BIN, ...words], {
          stdio: ['ignore', 'pipe', 'pipe'],
          cwd: project,
          env: cleanEnv({ ...env, ...more }),
        }),
      ),
    put(path, text, mode = 0o644) {
      const file = join(home, path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
      chmodSync(file, mode);
      return file;
    },
    read,
    picture() {
      const names = readdirSync(home, { recursive: true, encoding: 'utf8' });
      const files = names.filter(
        (name) => !name.startsWith('.holdpoint') && lstatSync(join(home, name)).isFile(),
      );
      return Object.fromEntries(
        files.sort().map((name) => [name, `${lstatSync(join(home, name)).mode.toString(8)} ${read(name)}`]),
      );
    },
  };
}

/** The words of a small server, as a shell would read them. */
export const SERVER: readonly string[] = [process.execPath, fixture('sdk-v1')];

/**
 * One configuration of each client, as its users write them: with comments where it takes them, other settings beside
 * and servers of every kind. By path below the home; each has one or more servers that `words` starts.
 */
export function everyClient(words: readonly string[]): Record<string, string> {
  const [command = '', ...args] = words;
  const std = JSON.stringify({ command, args });
  const toml = `command = ${JSON.stringify(command)}\nargs = ${JSON.stringify(args)}`;
  const block = args.map((word) => `      - ${JSON.stringify(word)}\n`).join('');
  const code = '.config/Code/User';
  return {
    '.config/Claude/claude_desktop_config.json': `{\n  "globalShortcut": "Ctrl+Space",\n  "mcpServers": {\n    "desktop": ${std}\n  }\n}\n`,
    '.claude.json': `{"numStartups":12,"mcpServers":{"user":${std},"linear":{"type":"http","url":"https://mcp.linear.app/mcp"}},"projects":{"/home/me/a":{"mcpServers":{"local":{"type":"stdio","command":${JSON.stringify(command)},"args":${JSON.stringify(args)},"env":{}}},"history":[]},"/home/me/b":{"mcpServers":{}}}}`,
    'work/shop/.mcp.json': `{\n  "mcpServers": {\n    "team": ${std}\n  }\n}\n`,
    '.cursor/mcp.json': `{\n  // mine\n  "mcpServers": {\n    "cursor": { "command": ${JSON.stringify(command)}, "args": ${JSON.stringify(args)}, "envFile": "\${workspaceFolder}/.env", },\n  },\n}\n`,
    [`${code}/mcp.json`]: `{\n\t"inputs": [{ "type": "promptString", "id": "token", "password": true }],\n\t"servers": {\n\t\t"code": {\n\t\t\t"type": "stdio",\n\t\t\t"command": ${JSON.stringify(command)},\n\t\t\t"args": ${JSON.stringify(args, null, '\t')},\n\t\t\t"env": { "TOKEN": "\${input:token}" }\n\t\t},\n\t\t"github": { "type": "http", "url": "https://api.githubcopilot.com/mcp/" }\n\t}\n}\n`,
    [`${code}/profiles/-3a7c/mcp.json`]: `{"servers":{"profile":${std}}}`,
    'work/shop/.vscode/mcp.json': `{"servers":{"workspace":${std}}}\n`,
    '.codeium/windsurf/mcp_config.json': `{"mcpServers":{"surf":${std},"remote":{"serverUrl":"https://x"}}}`,
    [`${code}/globalStorage/saoudrizwan.claude-dev/settings/cline_mcp_settings.json`]: `{\n  "mcpServers": {\n    "cline": {\n      "command": ${JSON.stringify(command)},\n      "args": ${JSON.stringify(args)},\n      "disabled": false,\n      "autoApprove": []\n    }\n  }\n}`,
    '.config/zed/settings.json': `// Zed settings\n{\n  "theme": "One Dark", // dark\n  "context_servers": {\n    "zed": { "source": "custom", "command": ${JSON.stringify(command)}, "args": ${JSON.stringify(args)}, "env": {} },\n    "older": { "command": { "path": ${JSON.stringify(command)}, "args": ${JSON.stringify(args)} } },\n    "hub": { "url": "https://hub.example/mcp", "headers": { "Authorization": "Bearer hidden-token" } }, // theirs\n    "extension": { "source": "extension", "settings": {} },\n    "older-extension": { "settings": { "token": "t" } },\n  },\n}\n`,
    '.gemini/settings.json': `{ "theme": "x", "mcpServers": { "gemini": { "command": ${JSON.stringify(command)}, "args": ${JSON.stringify(args)}, "trust": false }, "hub": { "httpUrl": "https://hub.example/mcp?key=hidden-token", "headers": { "X-A": "hidden-token" }, "timeout": 5000 } } }\n`,
    '.codex/config.toml': `model = "gpt" # mine\n\n[mcp_servers.codex]\n${toml}\nstartup_timeout_sec = 20.0\n\n[mcp_servers.codex.env]\nA = "b"\n\n[mcp_servers.far]\nurl = "wss://x"\n\n[mcp_servers.figma]\nurl = "https://mcp.figma.com/mcp"\nenv_http_headers = { "X-Tenant" = "TENANT" }\n\n[mcp_servers.figma.http_headers]\nX-Figma-Region = "us-east-1"\n\n[tools]\nweb_search = true\n`,
    '.config/opencode/opencode.jsonc': `{\n  "$schema": "https://opencode.ai/config.json",\n  "mcp": {\n    "open": { "type": "local", "command": ${JSON.stringify(words)}, "environment": { "A": "b" }, "enabled": true },\n    "far": { "type": "remote", "url": "https://x" }\n  }\n}\n`,
    '.config/goose/config.yaml': `GOOSE_PROVIDER: openai\nextensions:\n  developer:\n    bundled: true\n    enabled: true\n    name: developer\n    type: builtin\n  goose:\n    args:\n${block}    cmd: ${JSON.stringify(command)}\n    enabled: true\n    envs: {}\n    name: goose\n    timeout: 300 # seconds\n    type: stdio\n  hub:\n    enabled: true\n    type: streamable_http\n    name: hub\n    uri: https://hub.example/mcp # theirs\n    envs: {}\n    env_keys: []\n    headers:\n      Authorization: Bearer hidden-token\n    timeout: 300\n`,
    '.continue/config.yaml': `name: mine\nversion: 1.0.0\nschema: v1\nmcpServers:\n  - name: continue\n    command: ${JSON.stringify(command)}\n    args:\n${block}  - name: hosted\n    type: streamable-http\n    url: https://hub.example/mcp\n    requestOptions:\n      headers:\n        Authorization: Bearer hidden-token\n`,
    '.lmstudio/mcp.json': `{\n  "mcpServers": {\n    "lm": ${std}\n  }\n}`,
    '.config/amp/settings.json': `{ "amp.mcpServers": { "amp": ${std} } }\n`,
    '.junie/mcp/mcp.json': `{"mcpServers":{"junie":${std}}}`,
    '.warp/.mcp.json': `{"mcpServers":{"warp":${std}}}`,
    '.kiro/settings/mcp.json': `{"mcpServers":{"kiro":${std}}}`,
    '.copilot/mcp-config.json': `{"mcpServers":{"copilot":{"type":"local","command":${JSON.stringify(command)},"args":${JSON.stringify(args)},"tools":["*"]},"hub":{"type":"http","url":"https://hub.example/mcp","headers":{},"tools":["*"]}}}`,
    '.qwen/settings.json': `{"mcpServers":{"qwen":${std}}}`,
    'work/shop/.qwen/settings.local.json': `{"mcpServers":{"mine":${std}}}`,
  };
}

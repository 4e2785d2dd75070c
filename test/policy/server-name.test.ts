import { describe, expect, it } from 'vitest';
import { deriveServerName } from '../../src/policy/decide/server-name.ts';

describe("a server's derived name", () => {
  it.for([
    ['npx -y @modelcontextprotocol/server-github', 'github'],
    ['npx -y @modelcontextprotocol/server-filesystem@2026.8.31 /tmp', 'filesystem'],
    ['npx mcp-server-kubernetes', 'kubernetes'],
    ['npx -y @upstash/context7-mcp@latest', 'context7'],
    ['npx -y --package=@x/y-mcp-server y', 'y'],
    ['uvx mcp-server-git --repository /x', 'git'],
    ['uvx --from git+https://github.com/a/b-mcp.git b-mcp', 'b'],
    ['python -m mcp_server_time', 'time'],
    ['python3 /srv/tools/weather.py', 'weather'],
    ['node /home/me/server-memory/dist/index.js', 'memory'],
    ['node node_modules/@notionhq/notion-mcp-server/bin/cli.mjs', 'notion'],
    ['docker run -i --rm -e TOKEN mcp/github', 'github'],
    ['docker run -i --rm ghcr.io/github/github-mcp-server:latest stdio', 'github'],
    ['bunx @stripe/mcp --tools=all', 'stripe'],
    ['/usr/local/bin/github-mcp-server stdio', 'github'],
    ['deno run -A npm:@acme/server-crm', 'crm'],
    ['env TOKEN=x npx server-slack', 'slack'],
    ['cmd /c npx -y @playwright/mcp', 'playwright'],
    ['node', 'node'],
    ['./server.js', 'server'],
  ] as const)('of %s is %s', ([command, name]) => {
    expect(deriveServerName(command.split(' '))).toBe(name);
  });
});

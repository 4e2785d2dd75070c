import { describe, expect, it } from 'vitest';
import { deriveServerName } from '../../../src/policy/naming/server-name.ts';

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
    // Options that take a value, of runners and of what stands before them.
    ['docker run --pull always -i mcp/github', 'github'],
    ['docker run --platform linux/amd64 --rm -i ghcr.io/github/github-mcp-server', 'github'],
    ['docker run -it --memory 1g --gpus all --mount type=bind,src=/a,dst=/b mcp/postgres db', 'postgres'],
    ['docker -H tcp://x run -i mcp/time', 'time'],
    ['podman run -i --rm --pull=never docker.io/mcp/time', 'time'],
    ['uv run --directory /opt/bank server.py', 'bank'],
    ['uv --directory=/opt/bank run main.py', 'bank'],
    ['java -Xmx1g -jar /opt/bank-mcp.jar', 'bank'],
    ['sudo -u x /usr/bin/bank-mcp', 'bank'],
    ['timeout -k 5 60 npx server-slack', 'slack'],
    ['mise exec node@20 -- npx server-slack', 'slack'],
    ['pipx run mcp-server-git', 'git'],
    ['python3.12 -m mcp_server_time', 'time'],
    ['bash /opt/bank/start.sh', 'bank'],
    // The address behind a bridge, whole: who owns the end of it owns not the rest.
    ['npx -y mcp-remote https://mcp.linear.app/sse', 'mcp.linear.app'],
    ['npx -y mcp-remote@latest https://github.evil.example/mcp --header x', 'github.evil.example'],
    ['npx supergateway --sse https://me@MCP.example:8443/x', 'mcp.example'],
  ] as const)('of %s is %s', ([command, name]) => {
    expect(deriveServerName(command.split(' ')).name).toBe(name);
  });

  it.for([
    ['npx @evil/server-github', 'evil-github'],
    ['npx @github-evil/server-github', 'github-evil-github'],
    ['npx @mcp/server-github', 'mcp-github'],
    ['timeout 60 npx -y @evil/mcp-server-git@1.0', 'evil-git'],
    ['node node_modules/@evil/server-github/dist/index.js', 'evil-github'],
    ['docker run -i evil/github-mcp-server', 'evil-github'],
    ['docker run -i evil.example/mcp/github', 'evil.example-github'],
    ['docker run -i ghcr.io/mcp/github', 'mcp-github'],
    ['uvx --from git+https://github.com/evil/mcp-server-git mcp-server-git', 'evil-git'],
    ['uvx --from git+https://evil.example/github/mcp-server-git mcp-server-git', 'evil.example-git'],
    ['npx github:evil/server-github', 'evil-github'],
    ['npx -p @evil/server-github server-github', 'evil-github'],
  ] as const)('of %s is %s, for another has that name', ([command, name]) => {
    expect(deriveServerName(command.split(' '))).toEqual({ name, doubt: undefined });
  });

  it.for([
    ['npx -y @acme/server-crm', 'crm', 'another publisher than "acme"'],
    ['docker run -i acme/crm', 'crm', 'another publisher than "acme"'],
    ['npx mcp-remote', 'remote', 'does not say surely'],
    ['node dist/index.js', 'index', 'does not say surely'],
    ['uv run server.py', 'server', 'does not say surely'],
    ['ssh -i key me@host npx server-github', 'github', 'does not say surely'],
    ['node -e 0 bank-mcp', 'node', 'does not say surely'],
    ['python3 -c 0 bank-mcp', 'python3', 'does not say surely'],
    ['ssh me@host', 'me', 'does not say surely'],
    ['node', 'node', 'does not say surely'],
  ] as const)('of %s is %s, and in doubt', ([command, name, doubt]) => {
    expect(deriveServerName(command.split(' '))).toEqual({
      name,
      doubt: expect.stringContaining(doubt) as string,
    });
  });

  it.for([
    ['npx -y @modelcontextprotocol/server-github', 'github', undefined],
    ['cd /x && npx server-github', 'bash', 'does not say surely'],
    ['$HOME/bin/server', 'bash', 'does not say surely'],
  ] as const)("of a shell's script, %s, is %s", ([line, name, doubt]) => {
    expect(deriveServerName(['bash', '-c', line])).toEqual({
      name,
      doubt: doubt === undefined ? undefined : (expect.stringContaining(doubt) as string),
    });
  });

  it('can be written in a pattern, whatever the command', () => {
    expect(deriveServerName(['node', '/opt/My Server [prod]*/index.js']).name).toBe('my server (prod)-');
  });
});

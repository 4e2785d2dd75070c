import { describe, expect, it } from 'vitest';
import { serverFolder } from '../../src/session/server-folder.ts';

describe("the server's working folder", () => {
  it.each([
    'npx -y @modelcontextprotocol/server-filesystem /home/ada/docker /srv/ssh',
    'node /opt/kubectl-server/dist/index.js',
    'uvx mcp-server-git --repository .',
    'npx -y mcp-server-kubernetes',
  ])('is ours where it runs here: %s', (line) => {
    expect(serverFolder(line.split(' '), '/work')).toBe('/work');
  });

  it.each([
    'docker run -i --rm mcp/filesystem /data',
    '/usr/bin/podman run x',
    'sudo docker exec -i box server',
    'ssh box mcp-server-git',
    'kubectl exec -i pod -- server',
    'npx -y mcp-remote@latest https://mcp.example.com/sse',
    'npx -y @acme/mcp-remote x',
    'npx some-bridge https://mcp.example.com/sse',
    'uv --directory /srv/x run server',
    'env -C /srv server',
    'C:\\Windows\\System32\\wsl.exe server',
  ])('is not known where it runs elsewhere: %s', (line) => {
    const command = line.split(' ');
    expect(serverFolder(command, '/work')).toBeNull();
  });

  it.each(['exec docker run -i x', 'cd /srv && server', 'A=1; ssh box server'])(
    'is not known where a script says so: %s',
    (script) => {
      expect(serverFolder(['sh', '-c', script], '/work')).toBeNull();
    },
  );
});

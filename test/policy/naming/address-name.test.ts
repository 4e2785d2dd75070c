import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deriveServerName, serverNameOfUrl } from '../../../src/policy/naming/server-name.ts';
import { writableName } from '../../../src/policy/naming/writable-name.ts';

const named = (address: string) => serverNameOfUrl(new URL(address));

describe("a remote server's name", () => {
  it.for([
    // As their own pages give them.
    ['https://mcp.linear.app/mcp', 'linear'],
    ['https://mcp.linear.app/sse', 'linear'],
    ['https://api.githubcopilot.com/mcp', 'githubcopilot'],
    ['https://api.githubcopilot.com/mcp/', 'githubcopilot'],
    ['https://api.githubcopilot.com/mcp/readonly', 'githubcopilot-readonly'],
    ['https://mcp.notion.com/mcp', 'notion'],
    ['https://mcp.sentry.dev/mcp', 'sentry'],
    ['https://mcp.stripe.com', 'stripe'],
    ['https://mcp.atlassian.com/v1/sse', 'atlassian'],
    ['https://docs.mcp.cloudflare.com/sse', 'cloudflare-docs'],
    ['https://learn.microsoft.com/api/mcp', 'microsoft-learn'],
    ['https://gitlab.com/api/v4/mcp', 'gitlab'],
    ['https://huggingface.co/mcp', 'huggingface'],
    ['https://server.smithery.ai/@owner/name/mcp', 'smithery-owner-name'],
    ['https://server.smithery.ai/exa/mcp', 'smithery-exa'],
    // Below these anybody gets a name: the host is it.
    ['https://linear.vercel.app/mcp', 'linear.vercel.app'],
    ['https://github-mcp.acme.workers.dev/sse', 'github-mcp.acme.workers.dev'],
    ['https://svc-abc123-uc.a.run.app/mcp', 'svc-abc123-uc.a.run.app'],
    ['https://x.execute-api.eu-west-1.amazonaws.com/prod/mcp', 'x.execute-api.eu-west-1.amazonaws.com'],
    ['https://a1b2.ngrok-free.app/mcp', 'a1b2.ngrok-free.app'],
    // Another's of a name that is known.
    ['https://mcp.linear.net/mcp', 'linear.net'],
    ['https://mcp.github.evil/mcp', 'github.evil'],
    ['https://filesystem.com/mcp', 'filesystem.com'],
    ['https://shell.example.org/mcp', 'example-shell'],
    // A domain that says nothing by itself.
    ['https://mcp.dev/x', 'mcp.dev-x'],
    ['https://knowledge-mcp.global.api.aws', 'knowledge-mcp.global.api.aws'],
  ] as const)('of %s is %s', ([address, name]) => {
    expect(named(address)).toMatchObject({ name });
  });

  it.for([
    ['http://localhost:3000/mcp', 'localhost-3000'],
    ['http://localhost/mcp', 'localhost'],
    ['http://127.0.0.1:8080/sse', '127.0.0.1-8080'],
    ['http://[::1]:3000/mcp', '::1-3000'],
    ['http://localhost:3000/github/mcp', 'localhost-3000-github'],
    ['https://10.1.2.3/mcp', '10.1.2.3'],
    ['https://gateway/mcp/notion', 'gateway-notion'],
    ['https://mcp.corp.internal/crm', 'mcp.corp.internal-crm'],
  ] as const)('of %s is %s, and whatever answers there next has it too', ([address, name]) => {
    expect(named(address)).toEqual({ name, doubt: expect.stringContaining('whatever answers') });
  });

  it.for([
    ['https://mcp.acme.com/mcp', 'acme', 'another domain than "acme.com"'],
    ['https://mcp.sub.example.co.uk/mcp', 'example-sub', '"example.co.uk"'],
    ['https://example.com/mcp/notion', 'example-notion', '"example.com"'],
    ['https://example.com:8443/mcp', 'example-8443', '"example.com"'],
    ['https://xn--lnear-1ra.app/mcp', 'xn--lnear-1ra', '"xn--lnear-1ra.app"'],
    ['https://lınear.app/mcp', 'xn--lnear-n4a', '"xn--lnear-n4a.app"'],
    ['https://mcp.zapier.com/api/mcp/s/NzY3ZGEwNTItNTk2MS00/mcp', 'zapier-s', 'says more than its name'],
    ['https://mcp.acme.com/a/b/c/d', 'acme-a-b-c', 'says more than its name'],
    ['https://mcp.acme.com/6f1c2a9e-7d1b-4c1e-9f67-0a1b2c3d4e5f', 'acme', 'says more than its name'],
  ] as const)('of %s is %s, with a doubt', ([address, name, doubt]) => {
    expect(named(address)).toEqual({ name, doubt: expect.stringContaining(doubt) });
  });

  it('has nothing of user information and query, and can stand in a policy, whatever the address', () => {
    fc.assert(
      fc.property(fc.webUrl({ withQueryParameters: true, withFragments: true }), (text) => {
        const url = new URL(text);
        const { name } = serverNameOfUrl(url);
        url.username = 's3cret-user';
        url.password = 's3cret';
        url.search = '?s3cret';
        url.hash = '#s3cret';
        expect(serverNameOfUrl(url).name).toBe(name);
        expect(name).not.toBe('');
        expect(name).not.toContain('/');
        expect(writableName(name)).toBe(name);
      }),
    );
  });

  it('is that of what names it in place of a command', () => {
    expect(deriveServerName(['--url', 'https://mcp.linear.app/mcp']).name).toBe('linear');
  });
});

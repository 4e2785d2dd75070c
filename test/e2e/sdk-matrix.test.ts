import { describe, expect, it } from 'vitest';
import { approveHold, oneHold } from '../support/cli.ts';
import { eventually } from '../support/eventually.ts';
import { newHome, recordsOf, type TestPolicy } from '../support/home.ts';
import { part } from '../support/long.ts';
import { BIN, fixture } from '../support/proxy-process.ts';
import { CLIENTS } from '../support/sdk-clients.ts';
import { seen } from '../support/seen.ts';

const SERVERS = ['sdk-v1', 'sdk-v2'];
function wrapped(server: string, policy: TestPolicy): { home: string; words: string[] } {
  const home = newHome({ servers: { srv: { newTools: 'policy' } }, ...policy });
  return {
    home,
    words: [BIN, 'run', '--home', home, '--server', 'srv', '--', process.execPath, fixture(server)],
  };
}

const PAIRS = CLIENTS.map(([name, connect], at) => [name, connect, part(SERVERS, 2, at + 1)] as const);

describe.each(PAIRS)('%s', (name, connect, servers) => {
  it.for(servers)(
    'sees the same of a server made with %s, with holdpoint in between as without',
    async (server) => {
      const { home, words } = wrapped(server, { allow: ['*'] });
      const direct = await seen(await connect([fixture(server)]));
      expect(await seen(await connect(words))).toEqual(direct);
      expect(direct['progress']).toEqual([0, 0.5, 1]);
      expect(direct['logged']).toEqual([{ level: 'info', data: 'half way' }]);
      expect(direct['grown']).toContain('grown');
      const modern = name === 'SDK v2, auto' && server === 'sdk-v2';
      expect(direct['version']).toBe(modern ? '2026-07-28' : '2025-11-25');
      const asked = recordsOf(home, 'decision').filter((record) => record['tool'] === 'confirm');
      // In the era of 2026-07-28 the answered question is a call of its own.
      expect(asked).toHaveLength(direct['version'] === '2026-07-28' ? 2 : 1);
    },
  );

  it.for(servers)(
    'waits for a person before a server made with %s, and is told of a denial',
    async (server) => {
      const { home, words } = wrapped(server, { deny: ['*/sum'] });
      const client = await connect(words);
      const greeted = client.callTool({ name: 'greet', arguments: { name: 'Zoë' } });
      await approveHold(home, (await oneHold(home)).id);
      expect(await greeted).toMatchObject({ content: [{ text: 'Grüße, Zoë \u{1f44b}' }] });
      const denied = await client.callTool({ name: 'sum', arguments: { a: 1, b: 1 } });
      expect(denied).toMatchObject({
        isError: true,
        content: [{ text: expect.stringMatching(/^Not executed\./) }],
      });
    },
  );
});

describe('a 2026-07-28 client of the SDK whose server asks a question', () => {
  it('has both the call and its answers approved, each as itself', async () => {
    const [, connect] = CLIENTS[2]!;
    const { home, words } = wrapped('sdk-v2', {});
    const client = await connect(words);
    const confirmed = client.callTool({ name: 'confirm', arguments: { what: 'go' } });
    const first = await oneHold(home);
    await approveHold(home, first.id);
    const second = await eventually('the second question', async () => {
      const hold = await oneHold(home);
      return hold.id === first.id ? undefined : hold;
    });
    expect(second).toMatchObject({ inputResponses: { sure: { action: 'accept', content: { sure: true } } } });
    const { stdout } = await approveHold(home, second.id);
    expect(stdout).toContain('Really go?');
    expect(await confirmed).toMatchObject({ content: [{ text: 'go: true' }] });
  });
});

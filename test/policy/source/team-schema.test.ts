import { describe, expect, it } from 'vitest';
import { compileLayer } from '../../../src/policy/source/compile.ts';
import { mergeLayers } from '../../../src/policy/source/merge-layers.ts';

async function said(team: object): Promise<string> {
  const { problems = [] } = await compileLayer(JSON.stringify({ version: 1, team }));
  return problems.map(({ message }) => message).join();
}

async function layer(name: 'administrator' | 'user', team: object) {
  const compiled = await compileLayer(JSON.stringify({ version: 1, team }));
  if (compiled.layer === undefined) throw new Error(JSON.stringify(compiled.problems));
  return { name, layer: compiled.layer, counts: 'all' as const };
}

describe("a policy's team", () => {
  it.each([
    ['nats://relay.example:4222', 'in the open'],
    ['nats://127.0.0.1.evil.example:4222', 'in the open'],
    ['https://relay.example', 'is no address such as'],
    ['tls://user:pw@relay.example', 'holds no user or password'],
    ['tls://', 'is no address such as'],
  ])('of %s is refused: %s', async (url, why) => {
    expect(await said({ url, space: 'acme' })).toContain(why);
  });

  it.each(['tls://relay.example:4222', 'nats://127.0.0.1:4222', 'nats://localhost', 'nats://[::1]:4222'])(
    'may be at %s',
    async (url) => {
      expect(await said({ url, space: 'acme' })).toBe('');
    },
  );

  it('names its space by letters, and its files by absolute paths', async () => {
    expect(await said({ url: 'tls://a', space: 'a.b' })).toContain('A space is up to 32 letters');
    expect(await said({ url: 'tls://a', space: 'a', credentials: 'x.creds' })).toContain('absolute path');
  });

  it('of several layers is the first one, with the files that the other names and the strictest of the rest', async () => {
    const theirs = await layer('administrator', {
      url: 'tls://a',
      space: 'acme',
      fresh: '2d',
      auditors: ['ada'],
    });
    const own = await layer('user', {
      ...{ url: 'tls://b', space: 'other', credentials: '/c', fresh: '1h', policyRequired: true },
    });
    expect(mergeLayers([theirs, own]).team).toMatchObject({
      ...{ url: ['tls://a'], space: 'acme', credentials: '/c', auditors: ['ada'] },
      ...{ freshMs: 3_600_000, policyRequired: true },
    });
  });

  it('asks no group within a group, and nobody later than nobody', async () => {
    const text = JSON.stringify({
      version: 1,
      groups: { a: ['x'], b: ['a'] },
      // biome-ignore lint/suspicious/noThenProperty: a key of policies, which nobody awaits.
      escalate: [{ tool: '*', then: { after: '5m', approvers: ['a'] } }],
    });
    const { problems = [] } = await compileLayer(text);
    const all = problems.map(({ message }) => message).join();
    expect(all).toContain('a group holds approvers, and no groups');
    expect(all).toContain('say who they are in "approvers"');
  });
});

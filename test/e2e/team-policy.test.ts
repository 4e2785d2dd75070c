import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { holdpoint } from '../support/cli.ts';
import { newFolder, recordsOf } from '../support/home.ts';
import { NATS_SERVER } from '../support/nats.ts';
import { joined, newTeam, signedBy, type TeamWorld } from '../support/team-world.ts';
import { Terminal } from '../support/terminal.ts';
import { toolsProxy } from '../support/tools-server.ts';

async function publishes(world: TeamWorld, policy: object): Promise<string> {
  const file = join(newFolder(), 'team.json');
  writeFileSync(file, JSON.stringify({ version: 1, ...policy }));
  return signedBy('ada', ['team', 'policy', 'publish', file, '--as', 'ada', '--home', world.ada]);
}

async function typed(words: string[]): Promise<string> {
  const terminal = new Terminal({ words, columns: 200, rows: 40 });
  await terminal.exit;
  return terminal.written;
}

describe.skipIf(NATS_SERVER === undefined)("a team's policy", () => {
  it('is taken by a machine that joins, and counts there though nobody signed anything on it', async () => {
    const world = await newTeam();
    expect(await publishes(world, { allow: ['*/echo'] })).toContain('Published version 1');
    const server = await joined(world, 'server', { escalate: [] });
    const run = await toolsProxy({}, { home: server });
    run.proxy.call(1, 'echo', { text: 'hello' });
    await run.proxy.answer(1);
    expect(run.executed()).toHaveLength(1);
    expect(recordsOf(server, 'policy').map((one) => one['event'])).toContain('applied');
  });

  it('of a later version is taken by a session that runs where it only asks for more, and offered where it allows more', async () => {
    const world = await newTeam();
    await publishes(world, { allow: ['*/echo', '*/add'] });
    const server = await joined(world, 'server', { escalate: [] });
    const run = await toolsProxy({}, { home: server, ownClient: true });
    run.proxy.call(1, 'echo', { text: 'one' });
    await run.proxy.answer(1);
    await publishes(world, {
      deny: [{ tool: '*/add', reason: 'no sums today' }],
      allow: ['*/echo', '*/add'],
    });
    await expect
      .poll(async () => {
        const file = JSON.parse(readFileSync(join(server, 'state/team-policy.json'), 'utf8'));
        return file.taken.version;
      })
      .toBe(2);
    const denied = async (): Promise<string> => {
      const id = `n${Math.random()}`;
      run.proxy.call(id, 'add', { a: 1, b: 2 });
      return JSON.stringify(await run.proxy.answer(id));
    };
    await expect.poll(denied).toContain('no sums today');
    await publishes(world, { allow: ['*'] });
    await run.proxy.said('allows more than the one in force here');
    expect(await denied()).toContain('no sums today');
    expect(await typed(['team', 'policy', 'take', '--home', server])).toContain('Version 3 is in force');
    await expect.poll(denied).not.toContain('no sums today');
  });

  it('is not published by another key than the one the team began with, nor by an agent', async () => {
    const world = await newTeam();
    const agent = await holdpoint(world.ada, ['team', 'policy', 'publish', 'x.json'], { CLAUDECODE: '1' });
    expect(agent.stderr).toContain('opened by an agent');
  });

  it('that was there and is gone keeps everything from starting where the policy says so', async () => {
    const world = await newTeam({}, { policyRequired: true });
    await publishes(world, {
      allow: ['*/echo'],
      team: { url: world.broker.url, space: 'acme', policyRequired: true },
    });
    const server = await joined(world, 'server', {}, { policyRequired: true });
    rmSync(join(server, 'state/team-policy.json'));
    const run = await toolsProxy({}, { home: server });
    run.proxy.call(1, 'echo', { text: 'one' });
    await run.proxy.said('nothing starts without it');
    expect(run.executed()).toEqual([]);
  });
});

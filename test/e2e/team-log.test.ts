import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { holdpoint } from '../support/cli.ts';
import { auditFiles, newFolder, recordsOf } from '../support/home.ts';
import { LONG } from '../support/long.ts';
import { NATS_SERVER } from '../support/nats.ts';
import { joined, newTeam, signedBy, type TeamWorld } from '../support/team-world.ts';
import { toolsProxy } from '../support/tools-server.ts';

const FOLLOW = { escalate: [], audit: { mirror: 'follow' } };

/** A machine that has run some calls, and whose record is copied. */
async function recorded(world: TeamWorld, calls = 5): Promise<string> {
  const server = await joined(world, 'server', { ...FOLLOW, deny: ['*'] });
  const run = await toolsProxy({}, { home: server });
  for (let id = 1; id <= calls; id += 1) {
    run.proxy.call(id, 'echo', { text: `secret words ${id}` });
    await run.proxy.answer(id);
  }
  await run.proxy.end();
  await expect.poll(async () => (await verified(server)).team.behind, { timeout: 10_000 }).toBe(0);
  return server;
}

async function verified(home: string): Promise<{
  exitCode: number;
  team: { findings: string[]; behind: number; copied: number; machines: string[] };
}> {
  const { stdout, stderr } = await holdpoint(home, ['audit', 'verify', '--team', '--json']);
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout);
}

const biggest = (home: string): string =>
  auditFiles(home).reduce((a, b) => (readFileSync(a).length > readFileSync(b).length ? a : b));

describe.skipIf(NATS_SERVER === undefined)("the team's copy of the log", () => {
  it.skipIf(!LONG)(
    'has every record of a session and of commands, and says that the log is the same',
    async () => {
      const world = await newTeam(FOLLOW);
      const server = await recorded(world);
      const { exitCode, team } = await verified(server);
      expect(team).toMatchObject({ findings: [], behind: 0, machines: ['server'] });
      expect(team.copied).toBeGreaterThan(7);
      expect(exitCode).toBeLessThan(5);
      const { team: seen } = await verified(world.ada);
      expect(seen).toMatchObject({ findings: [], copied: team.copied });
    },
  );

  it('finds a cut end, a rewritten record and a removed session', async () => {
    const world = await newTeam(FOLLOW);
    const server = await recorded(world);
    const file = biggest(server);
    const whole = readFileSync(file, 'utf8');
    const after = async (change: () => void): Promise<string> => {
      change();
      const { exitCode, team } = await verified(server);
      writeFileSync(file, whole);
      expect(exitCode).toBe(5);
      return team.findings.join();
    };
    expect(await after(() => writeFileSync(file, lines(file).slice(0, -2).join('')))).toContain(
      'its end was cut off',
    );
    const other = whole.replace('secret words 3', 'secret words 4');
    expect(await after(() => writeFileSync(file, other))).toContain('it was rewritten');
    expect(await after(() => rmSync(file))).toContain('and is gone');
    expect((await verified(server)).team.findings).toEqual([]);
  });

  it.skipIf(!LONG)('is filled from the local files after an outage, each record once', async () => {
    const world = await newTeam(FOLLOW);
    const server = await joined(world, 'server', { ...FOLLOW, deny: ['*'] });
    const run = await toolsProxy({}, { home: server });
    run.proxy.call(1, 'echo', {});
    await run.proxy.answer(1);
    await expect.poll(async () => (await verified(server)).team.behind).toBe(0);
    await world.broker.kill();
    for (let id = 2; id <= 20; id += 1) {
      run.proxy.call(id, 'echo', {});
      await run.proxy.answer(id);
    }
    await world.broker.up();
    await expect
      .poll(async () => (await verified(server).catch(() => undefined))?.team, { timeout: 20_000 })
      .toMatchObject({ findings: [], behind: 0 });
  });

  it.skipIf(!LONG)('holds in the open only what proves', async () => {
    const world = await newTeam(FOLLOW);
    await recorded(world);
    await world.broker.kill('SIGTERM');
    const stored = readAll(`${world.broker.folder}/js`);
    expect(stored).toContain('sha256');
    expect(stored).not.toContain('secret words');
  });
});

function lines(file: string): string[] {
  return readFileSync(file, 'utf8').split(/(?<=\n)/);
}

function readAll(folder: string): string {
  return execFileSync(
    'cat',
    execFileSync('find', [folder, '-type', 'f'], { encoding: 'utf8' }).trim().split('\n'),
    {
      encoding: 'latin1',
      maxBuffer: 1e9,
    },
  );
}

describe.skipIf(NATS_SERVER === undefined)('a policy that wants each record copied first', () => {
  const REQUIRED = { escalate: [], audit: { mirror: 'required' } };

  it('lets a call run, runs nothing while the relay is away, says so, and goes on when it is back', async () => {
    const world = await newTeam(REQUIRED);
    await publishes(world, ['*']);
    const server = await joined(world, 'server', REQUIRED);
    const run = await toolsProxy({}, { home: server });
    run.proxy.call(1, 'echo', {});
    await run.proxy.answer(1);
    expect((await verified(server)).team.findings).toEqual([]);
    await world.broker.kill();
    run.proxy.call(2, 'echo', {});
    run.proxy.call(3, 'echo', {});
    run.proxy.send({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 3 } });
    run.proxy.send({ jsonrpc: '2.0', id: 'other', method: 'ping' });
    await run.proxy.answer('other');
    expect(JSON.stringify(await run.proxy.answer(2))).toContain('did not confirm the copy');
    expect(run.executed()).toHaveLength(1);
    expect(recordsOf(server, 'refusal').map((one) => one['cause'])).toContain('not-copied');
    await world.broker.up();
    await expect
      .poll(
        async () => {
          const id = `n${Math.random()}`;
          run.proxy.call(id, 'echo', {});
          return JSON.stringify(await run.proxy.answer(id));
        },
        { timeout: 30_000 },
      )
      .not.toContain('did not confirm');
    // The cancelled one never ran.
    expect(run.log().flatMap((noted) => noted.call ?? [])).toHaveLength(run.executed().length);
    expect(run.proxy.answers(3)).toEqual([]);
  });
});

async function publishes(world: TeamWorld, allow: string[]): Promise<void> {
  const file = `${newFolder()}/team.json`;
  writeFileSync(file, JSON.stringify({ version: 1, allow, audit: { mirror: 'required' } }));
  await signedBy('ada', ['team', 'policy', 'publish', file, '--as', 'ada', '--home', world.ada]);
}

describe.skipIf(NATS_SERVER === undefined)('an auditor', () => {
  it('lists, counts and shows the calls of every machine from their own', async () => {
    const world = await newTeam(FOLLOW);
    const file = `${newFolder()}/team.json`;
    const team = { url: world.broker.url, space: 'acme', auditors: ['ada'] };
    writeFileSync(file, JSON.stringify({ version: 1, deny: ['*'], team }));
    await signedBy('ada', ['team', 'policy', 'publish', file, '--as', 'ada', '--home', world.ada]);
    const server = await recorded(world);
    const [first] = recordsOf(server, 'decision');
    const list = await signedBy('ada', ['audit', 'list', '--team', '--home', world.ada]);
    expect(list).toContain('srv/echo');
    const stats = await signedBy('ada', ['audit', 'stats', '--team', '--home', world.ada]);
    expect(stats).toContain('5 calls');
    const words = ['audit', 'show', `${first?.session}/1`, '--team', '--home', world.ada];
    expect(await signedBy('ada', words)).toContain('secret words 1');
  });
});

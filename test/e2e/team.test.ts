import { describe, expect, it } from 'vitest';
import { PASSPHRASE } from '../support/approver.ts';
import { holdpoint } from '../support/cli.ts';
import { eventually } from '../support/eventually.ts';
import { recordsOf } from '../support/home.ts';
import { NATS_SERVER } from '../support/nats.ts';
import { joined, newTeam } from '../support/team-world.ts';
import { Terminal } from '../support/terminal.ts';
import { toolsProxy } from '../support/tools-server.ts';

async function unlocked(home: string, as: string): Promise<Terminal> {
  const terminal = new Terminal({ words: ['watch', '--as', as, '--home', home], columns: 120, rows: 40 });
  await terminal.shows(`Passphrase of ${as}, to sign`);
  terminal.type(`${PASSPHRASE}\r`);
  await terminal.shows(`signs as ${as}`);
  return terminal;
}

describe.skipIf(NATS_SERVER === undefined)('a team over a broker', () => {
  it('a call that is held on one machine is shown on another, and runs after a signed answer from there', async () => {
    const world = await newTeam();
    const server = await joined(world, 'server');
    const watch = await unlocked(world.ada, 'ada');
    const run = await toolsProxy({}, { home: server });
    run.proxy.call(1, 'echo', { text: 'hello' });
    await watch.shows('of the machine server');
    await watch.look();
    watch.type('a');
    await watch.typeToApprove('hello');
    watch.type('\t');
    expect((await run.proxy.answer(1)).result?.isError).not.toBe(true);
    expect(run.executed()).toHaveLength(1);
    await watch.shows(/forwarded|approved by ada/, 30_000);
    const [verdict] = recordsOf(server, 'verdict');
    expect(verdict).toMatchObject({ verdict: 'approve', by: { name: 'ada', tier: 1 } });
    const verify = await holdpoint(server, ['audit', 'verify']);
    expect(verify.code).toBe(0);
    await eventually('nothing to wait', async () => {
      const status = await holdpoint(world.ada, ['team', 'status', '--json']);
      return JSON.parse(status.stdout).waiting.length === 0;
    });
  });
});

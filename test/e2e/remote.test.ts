import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { bypassCases, caseBytes } from '../support/bypass-corpus.ts';
import { approveHold, oneHold } from '../support/cli.ts';
import { newHome, recordsOf } from '../support/home.ts';
import { part } from '../support/long.ts';
import { isSameCall, LAXEST_SERVER, NODE_SERVER, probe } from '../support/oracle.ts';
import { BIN, fixture } from '../support/proxy-process.ts';
import { remoteProcess } from '../support/remote-process.ts';
import { CLIENTS } from '../support/sdk-clients.ts';
import { seen } from '../support/seen.ts';

/** The second generation serves older clients without a session over HTTP: they hear of no change. */
const SERVERS = [['sdk-v1'], ['sdk-v1', 'json'], ['sdk-v2']];
const MINUTES = 60_000;

describe.each(
  CLIENTS.map(
    ([name, connect], at) => [name, connect, part(at === 2 ? SERVERS : SERVERS.slice(0, 2), 3, at)] as const,
  ),
)('%s', (_, connect, servers) => {
  it.for(servers)(
    'sees the same of a remote server, with holdpoint in between as without: %s',
    async ([name = '', ...how]) => {
      const server = [fixture(name), 'http', ...how];
      const home = newHome({ servers: { srv: { newTools: 'policy' } }, allow: ['*'] });
      const url = await remoteProcess(server);
      // The first generation's transport says of errors where they came from.
      const direct = await seen(await connect(new URL(await remoteProcess(server))));
      const words = [BIN, 'run', '--home', home, '--server', 'srv', '--url', url];
      expect(await seen(await connect(words))).toEqual(direct);
    },
  );
});

describe('a remote server behind holdpoint', () => {
  it('runs a call that is held once it is approved, and none that is denied', async () => {
    const home = newHome({
      servers: { srv: { newTools: 'policy' } },
      deny: ['*/sum'],
      escalate: ['*/greet'],
    });
    const url = await remoteProcess([fixture('sdk-v1'), 'http']);
    const [, connect] = CLIENTS[0]!;
    const client = await connect([BIN, 'run', '--home', home, '--server', 'srv', '--url', url]);
    const greeted = client.callTool({ name: 'greet', arguments: { name: 'Zoë' } });
    await approveHold(home, (await oneHold(home)).id);
    expect(await greeted).toMatchObject({ content: [{ text: 'Grüße, Zoë \u{1f44b}' }] });
    expect(await client.callTool({ name: 'sum', arguments: { a: 1, b: 1 } })).toMatchObject({
      isError: true,
    });
    expect(recordsOf(home, 'outcome')).toMatchObject([{ outcome: 'ok' }]);
  });
});

const cases = bypassCases();
const hasPython = spawnSync('python3', ['--version']).status === 0;

describe.skipIf(cases.length === 0).each([
  ['a plain Node server', NODE_SERVER, true, 0],
  ['the laxest server', LAXEST_SERVER, hasPython, 7],
] as const)('the bypass corpus in front of %s over HTTP', (_, server, available, first) => {
  it.skipIf(!available)(
    'makes it execute nothing that is denied, and nothing that was not decided',
    async () => {
      for (const one of part(cases, 72, first)) {
        const bytes = caseBytes(one);
        const { executed: denied } = await probe(bytes, [...server], { deny: ['*'] }, true);
        expect([one.id, denied]).toEqual([one.id, []]);
        const { executed, decided } = await probe(bytes, [...server], { allow: ['*'] }, true);
        const strangers = executed.filter((call) => !decided.some((other) => isSameCall(call, other)));
        expect([one.id, strangers]).toEqual([one.id, []]);
      }
    },
    10 * MINUTES,
  );
});

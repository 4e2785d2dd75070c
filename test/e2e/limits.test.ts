import { describe, expect, it } from 'vitest';
import { approveHold, holdpoint, oneHold } from '../support/cli.ts';
import { eventually } from '../support/eventually.ts';
import { recordsOf } from '../support/home.ts';
import { toolsProxy } from '../support/tools-server.ts';

const SUMS = {
  deny: [{ tool: 'srv/echo', over: { sum: 'args.amount', limit: 1, per: 'day' }, id: 'spending' }],
  allow: ['*'],
};

describe('a limit', () => {
  it('lets so many calls run and no more, each counted in the record of its decision', async () => {
    const { proxy, home, executed } = await toolsProxy({
      deny: [{ tool: 'srv/echo', over: '3/hour', reason: 'Three an hour are enough' }],
      allow: ['*'],
    });
    for (const id of [1, 2, 3, 4]) proxy.call(id, 'echo', { id });
    expect(await proxy.text(4)).toContain('Three an hour are enough');
    await proxy.answer(3);
    expect(executed()).toEqual(['echo', 'echo', 'echo']);
    await proxy.end();
    const counted = recordsOf(home, 'decision').map((record) => record['counted']);
    expect(counted).toEqual(
      [1, 2, 3, 4].map((n) =>
        n === 4 ? undefined : [{ item: expect.stringMatching(/^deny-[0-9a-f]{16}$/), amount: '1' }],
      ),
    );
  });

  it('adds up exact decimals, also of calls that come in one read', async () => {
    const { proxy, executed, home } = await toolsProxy(SUMS);
    for (let id = 1; id <= 11; id += 1) proxy.call(id, 'echo', { amount: 0.1 });
    for (let id = 1; id <= 10; id += 1) expect(await proxy.text(id)).toContain('0.1');
    expect(await proxy.text(11)).toContain('Not executed');
    expect(executed()).toHaveLength(10);
    expect(recordsOf(home, 'decision')[0]?.['counted']).toEqual([{ item: 'spending', amount: '0.1' }]);
  });

  it.each([
    ['missing', {}],
    ['negative', { amount: -5 }],
    ['a text', { amount: '0.1' }],
  ])('takes an amount that is %s for one beyond it', async (_, args) => {
    const { proxy, executed } = await toolsProxy(SUMS);
    proxy.call(1, 'echo', args);
    expect(await proxy.text(1)).toContain('Not executed');
    expect(executed()).toEqual([]);
  });

  it('survives a restart, and sees what the other proxies of the home let run', async () => {
    const first = await toolsProxy(SUMS);
    const { home } = first;
    first.proxy.call(1, 'echo', { amount: 0.4 });
    await first.proxy.answer(1);
    await first.proxy.end();
    const second = await toolsProxy(SUMS, { home });
    const third = await toolsProxy(SUMS, { home });
    second.proxy.call(1, 'echo', { amount: 0.4 });
    await second.proxy.answer(1);
    third.proxy.call(1, 'echo', { amount: 0.3 });
    expect(await third.proxy.text(1)).toContain('Not executed');
    third.proxy.call(2, 'echo', { amount: 0.2 });
    expect(await third.proxy.text(2)).toContain('0.2');
    second.proxy.call(2, 'echo', { amount: 0.1 });
    expect(await second.proxy.text(2)).toContain('Not executed');
  });

  it('survives a kill: what was decided and recorded counts', async () => {
    const first = await toolsProxy(SUMS);
    first.proxy.call(1, 'echo', { amount: 0.9 });
    await first.proxy.answer(1);
    first.proxy.child.kill('SIGKILL');
    await first.proxy.exit;
    const second = await toolsProxy(SUMS, { home: first.home });
    second.proxy.call(1, 'echo', { amount: 0.2 });
    expect(await second.proxy.text(1)).toContain('Not executed');
  });

  it('is given back by a call that a person rejected, and kept by one that waits', async () => {
    const policy = {
      escalate: ['srv/echo'],
      deny: [{ tool: 'srv/echo', over: '1/hour' }],
      approvals: { cli: 'any' },
    };
    const { proxy, home, executed } = await toolsProxy(policy);
    proxy.call(1, 'echo', { n: 1 });
    const { id } = await oneHold(home);
    proxy.call(2, 'echo', { n: 2 });
    expect(await proxy.text(2)).toContain('Not executed');
    await holdpoint(home, ['reject', id]);
    await proxy.answer(1);
    proxy.call(3, 'echo', { n: 3 });
    const { id: again } = await oneHold(home);
    await approveHold(home, again);
    expect(await proxy.text(3)).toContain('"n":3');
    proxy.call(4, 'echo', { n: 4 });
    expect(await proxy.text(4)).toContain('Not executed');
    expect(executed()).toEqual(['echo']);
  });

  it('in escalate asks only beyond it', async () => {
    const { proxy, home } = await toolsProxy({
      escalate: [{ tool: 'srv/echo', over: '1/minute' }],
      allow: ['*'],
    });
    proxy.call(1, 'echo', { n: 1 });
    await proxy.answer(1);
    proxy.call(2, 'echo', { n: 2 });
    await oneHold(home);
    expect(proxy.answers(2)).toEqual([]);
  });
});

describe('a policy that observes', () => {
  it('forwards everything, asks nobody, and records what would have been', async () => {
    const { proxy, home, executed } = await toolsProxy({
      mode: 'observe',
      deny: ['srv/fail'],
      allow: ['srv/slow'],
    });
    proxy.call(1, 'echo', { n: 1 });
    proxy.call(2, 'fail');
    proxy.call(3, 'slow', { ms: 1 });
    await proxy.text(1);
    expect((await proxy.answer(2)).error?.code).toBe(-32000);
    await proxy.text(3);
    await proxy.said('The policy only observes');
    expect(executed()).toEqual(['echo', 'fail', 'slow']);
    await proxy.end();
    expect(recordsOf(home, 'decision').map((record) => record['effect'])).toEqual([
      'escalate',
      'deny',
      'allow',
    ]);
    expect(recordsOf(home, 'hold', 'verdict')).toEqual([]);
    const start = recordsOf(home, 'session').find(
      (record) => record['kind'] === 'run' && record['event'] === 'start',
    );
    expect(start?.['policy']).toMatchObject({ mode: 'observe' });
    expect(recordsOf(home, 'outcome')).toHaveLength(3);
    const verified = await holdpoint(home, ['audit', 'verify']);
    expect([verified.code, verified.stdout]).toEqual([0, expect.anything()]);
    const shown = await holdpoint(home, ['audit', 'list']);
    expect(shown.stdout).toContain('echo');
  });

  it('records each denial of a flood, for each of them ran', async () => {
    const { proxy, home, executed } = await toolsProxy({ mode: 'observe', deny: ['srv/echo'] });
    for (let id = 1; id <= 60; id += 1) proxy.call(id, 'echo', { id });
    for (let id = 1; id <= 60; id += 1) await proxy.answer(id);
    await proxy.end();
    expect([executed().length, recordsOf(home, 'decision').length]).toEqual([60, 60]);
  });

  it('still refuses a line that is not one clean message, and a call that it cannot record', async () => {
    const { proxy, executed } = await toolsProxy({ mode: 'observe' });
    proxy.child.stdin!.write(
      '{"jsonrpc":"2.0","id":9,"id":9,"method":"tools/call","params":{"name":"echo"}}\n',
    );
    await eventually('the refusal', () => proxy.lines.some(({ json }) => json?.error !== undefined));
    expect(executed()).toEqual([]);
  });
});

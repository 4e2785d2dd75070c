import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type Attached, gather } from '../../src/approvals/channel/ask-proxies.ts';
import type { HoldView } from '../../src/approvals/channel/messages.ts';
import { RENDERED } from '../support/approver.ts';
import { eventually } from '../support/eventually.ts';
import { type AuditRecord, recordsOf } from '../support/home.ts';
import { LONG } from '../support/long.ts';
import { type ToolsProxy, toolsProxy } from '../support/tools-server.ts';

const ROUNDS = 40;

/** A terminal, as the socket sees it: what waits, and a way to answer. */
class Approver {
  private readonly proxy: Attached;

  private constructor(proxy: Attached) {
    this.proxy = proxy;
  }

  /** The proxy's socket opens with the first escalation, or a moment after the start. */
  static async attach(home: string): Promise<Approver> {
    const proxy = await eventually('a proxy to attach to', async () => {
      const { attached } = await gather(`${home}/run`);
      return attached[0];
    });
    onTestFinished(() => proxy.close());
    return new Approver(proxy);
  }

  decide({ id: hold, digest, callDigest, obligations }: HoldView, verdict: 'approve' | 'reject') {
    const said = { hold, verdict, digest, callDigest, method: 'watch' as const, chain: [] };
    return this.proxy.decide({ ...said, rendered: RENDERED, confirmation: obligations.expected });
  }
}

/** What waits now, seen by a terminal that comes just for that. */
async function waiting(home: string, count: number): Promise<HoldView[]> {
  return eventually(`${count} holds`, async () => {
    const { attached } = await gather(`${home}/run`);
    for (const one of attached) one.close();
    const holds = attached.flatMap((one) => one.holds);
    return holds.length === count ? holds : undefined;
  });
}

interface Story {
  verdicts: string[];
  forwards: number;
}

/** What the log tells of each hold. */
function stories(home: string): Map<string, Story> {
  const found = new Map<string, Story>();
  const of = (record: AuditRecord): Story => {
    const hold = String(record['hold']);
    if (!found.has(hold)) found.set(hold, { verdicts: [], forwards: 0 });
    return found.get(hold)!;
  };
  for (const record of recordsOf(home, 'verdict', 'forward')) {
    if (record.type === 'verdict') of(record).verdicts.push(String(record['verdict']));
    else of(record).forwards += 1;
  }
  return found;
}

/** Every hold ended in exactly one way, and what ran is what was approved, once. */
function consistent({ home, executed }: ToolsProxy, rounds: number): Map<string, Story> {
  const all = stories(home);
  expect(all.size).toBe(rounds);
  let approved = 0;
  for (const story of all.values()) {
    expect(story.verdicts).toHaveLength(1);
    expect(story.forwards).toBe(story.verdicts[0] === 'approve' ? 1 : 0);
    approved += story.forwards;
  }
  expect(executed().filter((tool) => tool === 'echo')).toHaveLength(approved);
  return all;
}

describe('two answers that race', () => {
  it('to one hold from two terminals at once: one counts, and only that one is told so', async () => {
    const tools = await toolsProxy({});
    const [one, two] = [await Approver.attach(tools.home), await Approver.attach(tools.home)];
    for (let round = 1; round <= ROUNDS; round += 1) {
      tools.proxy.call(round, 'echo', { round });
      const [hold] = await waiting(tools.home, 1);
      const said = await Promise.all([
        (round % 2 === 0 ? one : two).decide(hold!, 'approve'),
        (round % 2 === 0 ? two : one).decide(hold!, round % 3 === 0 ? 'reject' : 'approve'),
      ]);
      expect(said.filter(({ ok }) => ok)).toHaveLength(1);
      await tools.proxy.answer(round);
    }
    consistent(tools, ROUNDS);
  }, 60_000);

  it('a cancellation and an approval: the call ran if and only if the person was told so', async () => {
    const tools = await toolsProxy({});
    const approver = await Approver.attach(tools.home);
    const told: boolean[] = [];
    for (let round = 1; round <= ROUNDS; round += 1) {
      tools.proxy.call(round, 'echo', { round });
      const [hold] = await waiting(tools.home, 1);
      if (round % 2 === 0) tools.proxy.cancel(round);
      const answer = approver.decide(hold!, 'approve');
      if (round % 2 === 1) tools.proxy.cancel(round);
      told.push((await answer).ok);
    }
    await tools.proxy.end();
    const ended = [...consistent(tools, ROUNDS).values()].map(({ forwards }) => forwards === 1);
    expect(ended).toEqual(told);
    for (const record of recordsOf(tools.home, 'verdict'))
      expect(['approve', 'withdrawn']).toContain(record['verdict']);
  }, 60_000);

  it('the time-out and an approval: the call ran if and only if the person was told so', async () => {
    const tools = await toolsProxy({ approvals: { timeout: '1s' } });
    const approver = await Approver.attach(tools.home);
    const calls = Array.from({ length: ROUNDS }, (_, i) => i + 1);
    for (const id of calls) tools.proxy.call(id, 'echo', { id });
    const holds = await waiting(tools.home, ROUNDS);
    const told = await Promise.all(
      holds.map(async (hold, i) => {
        // Around the moment of their common end, some milliseconds apart.
        await sleep(Math.max(0, Date.parse(hold.expiresAt) - Date.now() - ROUNDS / 2 + i));
        return (await approver.decide(hold, 'approve')).ok;
      }),
    );
    for (const id of calls) await tools.proxy.answer(id);
    const all = consistent(tools, ROUNDS);
    expect(holds.map((hold) => all.get(hold.id)?.forwards === 1)).toEqual(told);
  }, 60_000);

  it("the end of the client's stream and an approval: nothing runs that was not approved before it", async () => {
    for (let round = 0; round < 8; round += 1) {
      const tools = await toolsProxy({});
      tools.proxy.call(1, 'echo');
      const [hold] = await waiting(tools.home, 1);
      const approver = await Approver.attach(tools.home);
      if (round % 2 === 0) tools.proxy.child.stdin!.end();
      const answer = approver.decide(hold!, 'approve');
      if (round % 2 === 1) tools.proxy.child.stdin!.end();
      const { ok } = await answer;
      await tools.proxy.exit;
      expect(consistent(tools, 1).get(hold!.id)?.forwards === 1).toBe(ok);
    }
  }, 60_000);
});

describe('a thousand escalations at once', () => {
  const calls = Array.from({ length: 1000 }, (_, i) => i + 1);

  it('beyond the limit are refused in words, and each call is answered exactly once', async () => {
    const { proxy, home, executed } = await toolsProxy({ approvals: { timeout: '3s' } });
    for (const id of calls) proxy.call(id, 'echo', { id });
    for (const id of calls) await proxy.answer(id, 30_000);
    for (const id of calls) expect(proxy.answers(id)).toHaveLength(1);
    const texts = calls.map((id) => proxy.answers(id)[0]?.result?.content?.[0]?.text ?? '');
    expect(texts.filter((text) => text.includes('which is the limit'))).toHaveLength(1000 - 64);
    expect(texts.filter((text) => text.includes('Nobody decided'))).toHaveLength(64);
    expect(executed()).toEqual([]);
    expect(recordsOf(home, 'decision')).toHaveLength(1000);
  }, 60_000);

  it.skipIf(!LONG)(
    'under the highest limit: 256 are held, and each of those runs once when it is approved',
    async () => {
      const tools = await toolsProxy({ approvals: { maxLive: 256 } });
      for (const id of calls) tools.proxy.call(id, 'echo', { id });
      const holds = await waiting(tools.home, 256);
      const approver = await Approver.attach(tools.home);
      const told = await Promise.all(holds.map((hold) => approver.decide(hold, 'approve')));
      expect(told.every(({ ok }) => ok)).toBe(true);
      for (const id of calls) await tools.proxy.answer(id);
      for (const id of calls) expect(tools.proxy.answers(id)).toHaveLength(1);
      consistent(tools, 256);
      const ran = tools.log().flatMap(({ call, id }) => (call === 'echo' ? [id] : []));
      expect(new Set(ran).size).toBe(256);
    },
    120_000,
  );
});

describe('an id that is in flight', () => {
  it('is refused to a second call, held or running, whatever its spelling; another type is another id', async () => {
    const { proxy, home, executed } = await toolsProxy({ allow: ['srv/slow'] });
    proxy.call(1, 'echo', { held: true });
    proxy.call(2, 'slow', { ms: 1500 });
    proxy.call(1, 'echo', { second: true });
    proxy.call(2, 'echo', { second: true });
    expect(await proxy.text(1)).toContain('still unanswered');
    expect(await proxy.text(2)).toContain('still unanswered');
    proxy.call('1', 'echo', { other: true });
    const holds = await waiting(home, 2);
    const approver = await Approver.attach(home);
    for (const hold of holds) await approver.decide(hold, 'approve');
    await proxy.answer('1');
    await eventually('both answers to 2', () => proxy.answers(2).length === 2);
    expect(executed()).toEqual(['slow', 'echo', 'echo']);
  });

  it('is not answered for a spoilt line: that error bears no id', async () => {
    const { proxy } = await toolsProxy({});
    proxy.call(7, 'echo');
    proxy.write('{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"echo","arguments":[]}}\n');
    expect((await proxy.answer(null)).error?.message).toContain('must be an object');
    expect(proxy.answers(7)).toEqual([]);
  });
});

describe("a client's patience", () => {
  const timedOut = { reason: 'McpError: MCP error -32001: Request timed out' };

  it('is learned from a cancellation that says its time was over, and kept for the next session', async () => {
    const { proxy, home } = await toolsProxy({});
    proxy.send({ id: 0, method: 'initialize', params: { clientInfo: { name: 'hasty', version: '1' } } });
    await proxy.answer(0);
    proxy.call(1, 'echo', { n: 1 });
    await waiting(home, 1);
    await sleep(2_000);
    proxy.send({ method: 'notifications/cancelled', params: { requestId: 1, ...timedOut } });
    await waiting(home, 0);
    proxy.call(2, 'echo', { n: 2 });
    expect(await proxy.text(2, 10_000)).toContain('repeat the same call');
    expect(proxy.answers(1)).toEqual([]);
    await proxy.end();
    const again = await toolsProxy({}, { home });
    again.proxy.send({
      id: 0,
      method: 'initialize',
      params: { clientInfo: { name: 'hasty', version: '1' } },
    });
    again.proxy.call(3, 'echo', { n: 3 });
    expect(await again.proxy.text(3, 10_000)).toContain('repeat the same call');
  }, 40_000);
});

describe("a limit that the client's configuration states", () => {
  it('is kept to: the call is answered before it, whatever the client is called', async () => {
    const words = ['--client-waits', '3s,was=60', '--'];
    const { proxy } = await toolsProxy({}, { words });
    const clientInfo = { name: 'claude-code', version: '1' };
    proxy.send({ id: 0, method: 'initialize', params: { clientInfo } });
    proxy.call(1, 'echo', { n: 1 }, { _meta: { progressToken: 1 } });
    expect(await proxy.text(1, 5_000)).toContain('repeat the same call');
  });
});

describe('progress', () => {
  it('rises all the way from our keep-alives to the server’s own first value, 0', async () => {
    const { proxy, home } = await toolsProxy({});
    proxy.call(1, 'progress', {}, { _meta: { progressToken: 0 } });
    const [hold] = await waiting(home, 1);
    await proxy.line('a keep-alive', ({ json }) => json?.method === 'notifications/progress', 15_000);
    const approver = await Approver.attach(home);
    await approver.decide(hold!, 'approve');
    await proxy.answer(1);
    const values = proxy.lines.flatMap(({ json }) =>
      json?.method === 'notifications/progress' ? [json.params?.['progress'] as number] : [],
    );
    expect(values.length).toBeGreaterThanOrEqual(4);
    expect(values.slice(-3)).toEqual([0, 0.5, 1]);
    for (const [i, value] of values.entries()) expect(value).toBeGreaterThan(values[i - 1] ?? -1);
  }, 30_000);
});

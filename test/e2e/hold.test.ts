import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { bare, rawApprover } from '../support/approver.ts';
import { approveHold, holdpoint, holds, oneHold, pending } from '../support/cli.ts';
import { eventually } from '../support/eventually.ts';
import { auditFiles, recordsOf } from '../support/home.ts';
import { LONG } from '../support/long.ts';
import { toolsProxy } from '../support/tools-server.ts';

const ASKED = { escalate: ['srv/write', 'srv/echo', 'srv/slow'], allow: ['*'] };

describe('a held call', () => {
  it('whose approval cannot be recorded does not run, and its approver is told', async () => {
    const { proxy, home, executed } = await toolsProxy(ASKED);
    proxy.call(1, 'echo', {});
    const { id } = await oneHold(home);
    for (const file of auditFiles(home)) rmSync(file);
    const tried = await approveHold(home, id);
    expect([tried.code, tried.stdout + tried.stderr]).toEqual([
      1,
      expect.stringContaining('it was removed while in use'),
    ]);
    expect(await proxy.text(1)).toContain('cannot be written');
    expect(executed()).toEqual([]);
    expect((await pending(home)).length).toBe(0);
  });

  it('has a nonce of its own, though nothing else of it differs', async () => {
    const { proxy, home } = await toolsProxy(ASKED);
    const nonces = new Set<string>();
    for (let n = 1; n <= 3; n += 1) {
      proxy.call(n, 'echo', {});
      const peer = await rawApprover(home);
      const hold = await peer.hold();
      expect(hold.nonce).toMatch(/^[0-9a-f]{32}$/);
      nonces.add(hold.nonce);
      await peer.say(bare(hold));
      await proxy.answer(n);
    }
    expect(nonces.size).toBe(3);
  });

  it('runs once, after its approval, and every step is on disk before the next', async () => {
    const { proxy, home, folder, log } = await toolsProxy(ASKED);
    const path = join(folder, 'x');
    proxy.call(1, 'write', { path, text: 'hi', append: true });
    const { id } = await oneHold(home);
    expect(existsSync(path)).toBe(false);
    expect(await approveHold(home, id, '--reason', 'fine')).toMatchObject({ code: 0 });
    expect(await proxy.text(1)).toBe(`wrote ${path}`);
    expect(readFileSync(path, 'utf8')).toBe('hi');
    expect(log()[0]?.recorded).toEqual([
      'session',
      'decision',
      'hold',
      'verdict',
      'forward',
      // The home's first start records the policy that it applies in a file of its own, begun after this one.
      'session',
      'policy',
      'session',
    ]);
    await proxy.end();
    const [verdict] = recordsOf(home, 'verdict');
    expect(verdict).toMatchObject({
      verdict: 'approve',
      hold: id,
      reason: 'fine',
      by: { method: 'cli', tier: 0 },
    });
    expect(recordsOf(home, 'outcome')[0]).toMatchObject({
      outcome: 'ok',
      resultDigest: expect.stringMatching(/^hmac:[0-9a-f]{64}$/),
    });
  });

  it('that is rejected never runs, and its agent reads the reason', async () => {
    const { proxy, home, executed } = await toolsProxy(ASKED);
    proxy.call(1, 'echo', { a: 1 });
    const { id } = await oneHold(home);
    expect((await holdpoint(home, ['reject', id, '--reason', 'wrong customer'])).code).toBe(0);
    const answer = await proxy.answer(1);
    expect(answer.result?.isError).toBe(true);
    expect(answer.result?.content?.[0]?.text).toContain('The user rejected this call');
    expect(answer.result?.content?.[0]?.text).toContain('wrong customer');
    expect(executed()).toEqual([]);
  });

  it('beside another: approving the second runs the second and leaves the first', async () => {
    const { proxy, home, log } = await toolsProxy(ASKED);
    proxy.call(1, 'echo', { n: 'first' });
    proxy.call(2, 'echo', { n: 'second' });
    const [first, second] = await holds(home, 2);
    expect([first?.arguments, second?.arguments]).toEqual([{ n: 'first' }, { n: 'second' }]);
    expect(await pending(home)).toEqual([first, second]);
    await approveHold(home, second?.id ?? '');
    await proxy.answer(2);
    expect(log().map((noted) => noted.arguments)).toEqual([{ n: 'second' }]);
    expect((await oneHold(home)).id).toBe(first?.id);
  });

  it('of equal content beside another is a hold of its own', async () => {
    const { proxy, home, executed } = await toolsProxy(ASKED);
    proxy.call(1, 'echo', { n: 1 });
    proxy.call(2, 'echo', { n: 1 });
    const [first] = await holds(home, 2);
    await approveHold(home, first?.id ?? '');
    await proxy.answer(1);
    expect(executed()).toEqual(['echo']);
    expect(await holds(home, 1)).toHaveLength(1);
  });

  it('blocks nothing: pings, other calls and responses pass meanwhile', async () => {
    const { proxy, home, log } = await toolsProxy({ escalate: ['srv/write'], allow: ['*'] });
    proxy.call(1, 'write', { path: '/nowhere', text: '' });
    await oneHold(home);
    proxy.send({ id: 2, method: 'ping' });
    proxy.call(3, 'ask');
    await proxy.answer(2);
    await proxy.answer(3);
    proxy.send({ id: 'server-1', result: { roots: [] } });
    await eventually('the response', () => log().some((noted) => noted.response === 'server-1'));
    expect(proxy.answers(1)).toEqual([]);
  });

  it('that the policy denies never reaches a person', async () => {
    const { proxy, home, executed } = await toolsProxy({
      deny: [{ tool: 'srv/echo', reason: 'Not here' }],
      escalate: ['*'],
    });
    proxy.call(1, 'echo');
    expect(await proxy.text(1)).toMatch(
      /^Not executed\. The user's policy denies this call \(rule deny\[0\]\)\. Reason: Not here\./,
    );
    expect(await pending(home)).toEqual([]);
    expect(executed()).toEqual([]);
  });
});

describe('a call that nobody asks for any more', () => {
  it('because its client cancelled it is never executed and never answered; a late approval is refused', async () => {
    const { proxy, home, executed, log } = await toolsProxy(ASKED);
    proxy.call(1, 'echo');
    const { id } = await oneHold(home);
    proxy.cancel(1);
    await eventually('the withdrawal', () => recordsOf(home, 'verdict').length === 1);
    const late = await approveHold(home, id);
    expect([late.code, late.stderr]).toEqual([1, expect.stringContaining('No hold')]);
    proxy.send({ id: 2, method: 'ping' });
    await proxy.answer(2);
    expect([proxy.answers(1), executed()]).toEqual([[], []]);
    expect(log().filter((noted) => noted.notification?.includes('cancelled'))).toEqual([]);
    expect(recordsOf(home, 'verdict')[0]).toMatchObject({
      verdict: 'withdrawn',
      reason: 'cancelled by the client',
    });
  });

  it('because its time ran out is answered as not executed, and a late approval is refused', async () => {
    const { proxy, home, executed } = await toolsProxy({ escalate: [{ tool: 'srv/echo', timeout: '1s' }] });
    proxy.call(1, 'echo');
    const { id } = await oneHold(home);
    expect(await proxy.text(1)).toContain('Nobody decided within');
    expect((await approveHold(home, id)).code).toBe(1);
    expect(executed()).toEqual([]);
    expect(recordsOf(home, 'verdict')[0]).toMatchObject({ verdict: 'expired' });
  });

  it('because its client has gone is withdrawn at once', async () => {
    const { proxy, home, executed } = await toolsProxy(ASKED);
    proxy.call(1, 'echo');
    await oneHold(home);
    expect(await proxy.end()).toBe(0);
    expect(recordsOf(home, 'verdict')[0]).toMatchObject({ verdict: 'withdrawn', reason: 'client gone' });
    expect(executed()).toEqual([]);
  });

  it('because holdpoint was told to end is answered as not executed', async () => {
    const { proxy, home, executed } = await toolsProxy(ASKED);
    proxy.call(1, 'echo');
    await oneHold(home);
    proxy.child.kill('SIGTERM');
    expect(await proxy.exit).toBe(143);
    expect(await proxy.text(1)).toContain('Not executed. holdpoint was told to end');
    expect(executed()).toEqual([]);
  });

  it('was answered before: its cancellation passes to the server, as opencode sends one after every call', async () => {
    const { proxy, log } = await toolsProxy({ allow: ['*'] });
    proxy.call(1, 'echo');
    await proxy.answer(1);
    proxy.cancel(1);
    await eventually('the cancellation', () =>
      log().some((noted) => noted.notification === 'notifications/cancelled'),
    );
  });
});

describe('keeping the client waiting', () => {
  it('a text token and the token 0 get progress that rises from just above -1; a call without a token gets none', async () => {
    const { proxy, home } = await toolsProxy(ASKED);
    proxy.call(1, 'echo', { a: 1 }, { _meta: { progressToken: 'tok' } });
    proxy.call(2, 'echo', { a: 2 });
    proxy.call(3, 'echo', { a: 3 }, { _meta: { progressToken: 0 } });
    await holds(home, 3);
    const told = () =>
      proxy.lines.flatMap(({ json }) => (json?.method === 'notifications/progress' ? [json.params] : []));
    for (const token of ['tok', 0])
      await proxy.line('a keep-alive', ({ json }) => json?.params?.['progressToken'] === token, 9_000);
    for (const progressToken of ['tok', 0]) {
      const [first, ...more] = told().filter((params) => params?.['progressToken'] === progressToken);
      expect(first).toMatchObject({ progress: -0.9999, message: expect.stringContaining('approval') });
      expect(first).not.toHaveProperty('total');
      expect(more).toEqual([]);
    }
    expect(told()).toHaveLength(2);
  });
});

describe('a client that gives up before its person decides', () => {
  const IMPATIENT = { ...ASKED, approvals: { answerWithin: '1s' } };

  it('is told to ask again; asking again waits on; approved in between it runs once, and the time after is asked anew', async () => {
    const { proxy, home, executed } = await toolsProxy(IMPATIENT);
    proxy.call(1, 'echo', { n: 1 });
    const { id } = await oneHold(home);
    expect(await proxy.text(1)).toContain(`(hold ${id}). Only the user may approve it`);
    expect((await oneHold(home, 'detached')).id).toBe(id);
    proxy.send({ id: 2, method: 'tools/call', params: { arguments: { n: 1 }, name: 'echo' } });
    expect((await oneHold(home, 'live')).id).toBe(id);
    expect(await proxy.text(2)).toContain(`(hold ${id})`);
    const approved = await approveHold(home, id);
    expect(approved.stdout).toContain('runs when the agent repeats it');
    expect(executed()).toEqual([]);
    proxy.call(3, 'echo', { n: 2 });
    await oneHold(home);
    proxy.call(4, 'echo', { n: 1 });
    expect((await proxy.answer(4)).result?.isError).toBeUndefined();
    expect(executed()).toEqual(['echo']);
    proxy.call(5, 'echo', { n: 1 });
    expect((await holds(home, 2)).map((hold) => hold.id)).not.toContain(id);
    expect(recordsOf(home, 'forward')).toMatchObject([{ call: 4, pass: id }]);
  });

  it.skipIf(!LONG)(
    'with a limit of 3 s and a person who takes three times as long ends with the file written once',
    async () => {
      const { proxy, home, folder } = await toolsProxy({ ...ASKED, approvals: { answerWithin: '2s' } });
      const path = join(folder, 'once');
      const deadline = sleep(9_000);
      let id = 0;
      let text = '';
      const person = deadline.then(async () => approveHold(home, (await oneHold(home)).id));
      do {
        id += 1;
        proxy.call(id, 'write', { path, text: 'x', append: true });
        text = await proxy.text(id, 3_000);
      } while (text.startsWith('Not executed.') && id < 20);
      expect((await person).code).toBe(0);
      expect(text).toBe(`wrote ${path}`);
      expect(id).toBeGreaterThan(3);
      expect(readFileSync(path, 'utf8')).toBe('x');
    },
    30_000,
  );
});

describe('obligations and limits', () => {
  it('a call that must be typed is not approved without its name', async () => {
    const { proxy, home, executed } = await toolsProxy({ escalate: [{ tool: 'srv/echo', confirm: 'type' }] });
    proxy.call(1, 'echo');
    const { id } = await oneHold(home);
    for (const words of [[], ['--confirm', 'ECHO']]) {
      const tried = await holdpoint(home, ['approve', id, ...words]);
      expect([tried.code, tried.stdout + tried.stderr]).toEqual([
        1,
        expect.stringContaining('type the name of its tool'),
      ]);
    }
    expect(executed()).toEqual([]);
    expect((await holdpoint(home, ['approve', id, '--confirm', 'echo'])).code).toBe(0);
    await proxy.answer(1);
  });

  it('a call repeated after its rejection is refused for a minute without asking, with the seconds left', async () => {
    const { proxy, home } = await toolsProxy(ASKED);
    proxy.call(1, 'echo', { n: 1 });
    await holdpoint(home, ['reject', (await oneHold(home)).id]);
    await proxy.answer(1);
    proxy.call(2, 'echo', { n: 1 });
    expect(await proxy.text(2)).toMatch(/it will not be asked again for (?:60|5\d) s/);
    expect(recordsOf(home, 'refusal')).toMatchObject([{ call: 2, cause: 'cool-down' }]);
    proxy.call(3, 'echo', { n: 2 });
    await oneHold(home);
  });

  it('more live holds than maxLive are refused', async () => {
    const { proxy, home } = await toolsProxy({ ...ASKED, approvals: { maxLive: 2 } });
    for (const id of [1, 2, 3]) proxy.call(id, 'echo', { id });
    expect(await proxy.text(3)).toContain('2 calls already wait for the user');
    expect(await holds(home, 2)).toHaveLength(2);
  });

  it('with headless "deny" and no terminal attached a call is refused at once, and says so', async () => {
    const { proxy, home, executed } = await toolsProxy({ ...ASKED, approvals: { headless: 'deny' } });
    proxy.call(1, 'echo');
    expect(await proxy.text(1)).toContain('no approval terminal is open');
    expect([await pending(home), executed()]).toEqual([[], []]);
  });

  it('a second answer to the same hold is refused', async () => {
    const { proxy, home, executed } = await toolsProxy(ASKED);
    proxy.call(1, 'echo');
    const { id } = await oneHold(home);
    const both = await Promise.all([approveHold(home, id), approveHold(home, id)]);
    expect(both.map((one) => one.code).sort()).toEqual([0, 1]);
    await proxy.answer(1);
    expect(executed()).toEqual(['echo']);
  });

  it.each([
    [['approve', 'zzzzz'], 1, 'No hold zzzzz waits'],
    [['approve', '../../x'], 2, "is not a hold's id"],
    [['reject', 'K7QFM'], 2, "is not a hold's id"],
  ])('%j changes nothing and says why', async (words, code, said) => {
    const { proxy, home } = await toolsProxy(ASKED);
    proxy.call(1, 'echo');
    await oneHold(home);
    expect(await holdpoint(home, words)).toMatchObject({ code, stderr: expect.stringContaining(said) });
  });

  it('without any proxy there is nothing to attach to: exit 4', async () => {
    const { proxy, home } = await toolsProxy(ASKED);
    await proxy.end();
    for (const words of [['pending'], ['approve', 'abcde']])
      expect((await holdpoint(home, words)).code).toBe(4);
  });
});

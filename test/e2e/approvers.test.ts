import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { HoldView } from '../../src/approvals/channel/messages.ts';
import { signAnswer } from '../../src/approvals/signing/signed-answer.ts';
import {
  bare,
  enroll,
  initApprover,
  keyedIn,
  PASSPHRASE,
  RENDERED,
  rawApprover,
  signerOf,
} from '../support/approver.ts';
import { holdpoint, holds, oneHold } from '../support/cli.ts';
import { enrolledHome } from '../support/enrolled.ts';
import { newHome, ONE_KEY, recordsOf, writePolicy } from '../support/home.ts';
import { LONG } from '../support/long.ts';
import { Terminal } from '../support/terminal.ts';
import { toolsProxy } from '../support/tools-server.ts';

const SIGNED = { escalate: [ONE_KEY], approvals: { sign: 'required' } };

const watch = (home: string, as: string, size = { columns: 100, rows: 26 }) =>
  new Terminal({ words: ['watch', '--as', as, '--home', home], ...size });

async function unlocked(home: string, as: string): Promise<Terminal> {
  const terminal = watch(home, as);
  await terminal.shows(`Passphrase of ${as}, to sign`);
  terminal.type(`${PASSPHRASE}\r`);
  await terminal.shows(`signs as ${as}`);
  return terminal;
}

describe('holdpoint approver', () => {
  it('init makes a locked key and enrolls the first of a home; a second counts once the first has vouched for it', async () => {
    const home = newHome({});
    const first = await initApprover(home, 'ada');
    expect(first.text()).toContain('ada is enrolled, as the first approver of this home');
    const second = await initApprover(home, 'bob');
    expect(second.text()).toContain('It does not count yet');
    const list = async () => JSON.parse((await holdpoint(home, ['approver', 'list', '--json'])).stdout);
    expect((await list()).map((one: { name: string }) => one.name)).toEqual(['ada']);
    expect((await enroll(home, 'bob', 'ada')).text()).toContain('bob is enrolled');
    expect((await list()).map((one: { name: string }) => one.name)).toEqual(['ada', 'bob']);
    const key = readFileSync(join(home, 'keys/ada.key'), 'utf8');
    expect(key).not.toContain(PASSPHRASE);
    expect(recordsOf(home, 'approver').map((one) => one['event'])).toEqual(['enrolled', 'enrolled']);
  });

  it('refuses an agent, a short passphrase, two that differ, and a place without a terminal', async () => {
    const home = newHome({});
    const agent = await holdpoint(home, ['approver', 'init', '--name', 'ada'], { CLAUDECODE: '1' });
    expect(agent).toMatchObject({ code: 1, stderr: expect.stringContaining('opened by an agent') });
    expect(recordsOf(home, 'fault')[0]).toMatchObject({ cause: 'approver-refused' });
    expect((await holdpoint(home, ['approver', 'init', '--name', 'ada'])).stderr).toContain(
      'on a terminal only',
    );
    const words = ['approver', 'init', '--name', 'ada', '--home', home];
    const short = new Terminal({ words, columns: 120 });
    await short.shows('at least');
    short.type('short\r');
    await short.shows('No key was made');
    const differing = new Terminal({ words, columns: 120 });
    await differing.shows('at least');
    differing.type(`${PASSPHRASE}\r`);
    await differing.shows('once more');
    differing.type(`${PASSPHRASE}x\r`);
    await differing.shows('differ. No key was made');
    expect(JSON.parse((await holdpoint(home, ['approver', 'list', '--json'])).stdout)).toEqual([]);
  });

  it('refuses to unlock a key under NODE_OPTIONS, which could bring in code that reads it', async () => {
    const home = await enrolledHome(SIGNED, 'ada');
    const server = await toolsProxy({}, { home });
    server.proxy.call(1, 'echo', {});
    const { id } = await oneHold(home);
    const terminal = new Terminal({
      words: ['approve', id, '--home', home],
      columns: 120,
      env: { NODE_OPTIONS: '--no-warnings' },
    });
    await terminal.shows('NODE_OPTIONS is set');
    expect((await terminal.exit).exitCode).toBe(1);
    expect(server.executed()).toEqual([]);
  });

  it('a list of approvers that somebody edited counts for nothing: signed approvals are refused', async () => {
    const home = await enrolledHome(SIGNED, 'ada');
    const file = join(home, 'state/approvers.json');
    writeFileSync(file, readFileSync(file, 'utf8').replace('"ada"', '"eve"'));
    const server = await toolsProxy({}, { home });
    server.proxy.call(1, 'echo', {});
    expect(await server.proxy.text(1)).toContain('was changed by somebody who may not');
    expect(server.executed()).toEqual([]);
    expect((await holdpoint(home, ['approver', 'list'])).stderr).toContain(
      'the signature under "eve" is false',
    );
  });
});

describe('approvals.sign: required', () => {
  it('lets a call run on a signed approval from watch, and records the statement that was signed', async () => {
    const home = await enrolledHome(SIGNED, 'ada');
    const server = await toolsProxy({}, { home });
    const terminal = await unlocked(home, 'ada');
    server.proxy.call(1, 'write', { path: `${server.folder}/x.txt`, text: 'hi' });
    await terminal.shows('needs  a signature');
    await terminal.look();
    terminal.type('a');
    await terminal.shows('The call was forwarded');
    await server.proxy.answer(1);
    expect(server.executed()).toHaveLength(1);
    const [verdict] = recordsOf(home, 'verdict');
    const [decision] = recordsOf(home, 'decision');
    expect(verdict).toMatchObject({ by: { name: 'ada', tier: 1, method: 'watch' } });
    const statement = JSON.parse((verdict!['signature'] as { statement: string }).statement);
    expect(statement).toMatchObject({
      verdict: 'approve',
      digest: decision!['digest'],
      callDigest: decision!['callDigest'],
      tool: 'write',
      confirmation: 'key',
    });
  });

  it('refuses an approval that nobody signed, and takes a rejection that nobody signed', async () => {
    const home = await enrolledHome(SIGNED, 'ada');
    const server = await toolsProxy({}, { home });
    server.proxy.call(1, 'echo', {});
    const peer = await rawApprover(home);
    const hold = await peer.hold();
    expect(await peer.say(bare(hold))).toMatchObject({
      ok: false,
      message: expect.stringContaining('takes a signed approval only'),
    });
    expect(await peer.say(bare(hold, { verdict: 'reject' }))).toMatchObject({ ok: true });
    expect(server.executed()).toEqual([]);
  });

  it('refuses a signature that is altered, replayed, meant for another call or by a stranger, and records each', async () => {
    const home = await enrolledHome(SIGNED, 'ada');
    const server = await toolsProxy({}, { home });
    server.proxy.call(1, 'echo', { n: 1 });
    server.proxy.call(2, 'echo', { n: 2 });
    const peer = await rawApprover(home);
    const session = await peer.session;
    const [one, two] = await Promise.all((await holds(home, 2)).map(({ id }) => peer.hold(id)));
    const signer = await signerOf(home, 'ada');
    const sign = (hold: HoldView) => {
      const made = signAnswer(
        {
          session,
          hold,
          verdict: bare(hold),
          keyed: keyedIn(home),
          confirmation: 'key',
          rendered: RENDERED,
          now: Date.now(),
        },
        signer,
      );
      if ('refusal' in made) throw new Error(made.refusal);
      return made.verdict;
    };
    const good = sign(one!);
    const { signature } = good;
    const altered = { ...signature!, confirmation: 'passphrase' as const };
    const cases: [string, object][] = [
      ['another answer', { ...good, reason: 'because' }],
      ['another confirmation', { ...good, signature: altered }],
      ['another view', { ...good, rendered: { ...RENDERED, digest: '1'.repeat(64) } }],
      ['another call', { ...bare(two!), signature }],
      ['a stranger', { ...good, signature: { ...signature!, key: '0'.repeat(32) } }],
      ['another time', { ...good, signature: { ...signature!, decidedAt: '2020-01-01T00:00:00.000Z' } }],
    ];
    for (const [what, verdict] of cases) {
      expect(await peer.say(verdict), what).toMatchObject({ ok: false });
    }
    expect(server.executed()).toEqual([]);
    expect(await peer.say(good)).toMatchObject({ ok: true });
    await server.proxy.answer(1);
    expect(await peer.say(good)).toMatchObject({
      ok: false,
      message: expect.stringContaining('no longer waits'),
    });
    expect(server.executed()).toHaveLength(1);
    const causes = recordsOf(home, 'refusal').map((record) => record['cause']);
    expect(causes).toContain('answer:bad-signature');
    expect(causes).toContain('answer:unknown-key');
    expect(causes).toContain('answer:wrong-time');
  });

  it('refuses every escalation in words while nobody is enrolled', async () => {
    const home = newHome(SIGNED);
    const server = await toolsProxy({}, { home });
    server.proxy.call(1, 'echo', {});
    expect(await server.proxy.text(1)).toContain('and none is enrolled');
    const check = await holdpoint(home, ['policy', 'check']);
    expect(check.code).toBe(3);
    expect(check.stdout).toContain('approvals.sign: The policy asks for the signed approval of an approver');
  });

  it.skipIf(!LONG)('refuses a signed answer while the list of approvers cannot be relied on', async () => {
    const home = await enrolledHome(SIGNED, 'ada');
    const server = await toolsProxy({}, { home });
    server.proxy.call(1, 'echo', {});
    const terminal = await unlocked(home, 'ada');
    await terminal.shows('1 waiting');
    writeFileSync(join(home, 'state/approvers.json'), '{"version":1');
    await terminal.look();
    terminal.type('a');
    await terminal.shows('is damaged');
    expect(server.executed()).toEqual([]);
    expect(recordsOf(home, 'refusal').map((record) => record['cause'])).toContain('answer:no-approvers');
  });

  it('signs by the command too: approve --as, where the policy does not ask for it', async () => {
    const home = await enrolledHome({ escalate: [ONE_KEY] }, 'ada');
    const server = await toolsProxy({}, { home });
    server.proxy.call(1, 'echo', {});
    const { id } = await oneHold(home);
    const terminal = new Terminal({ words: ['approve', id, '--as', 'ada', '--home', home], columns: 120 });
    await terminal.shows('Passphrase of ada');
    terminal.type(`${PASSPHRASE}\r`);
    await terminal.shows('forwarded');
    expect(recordsOf(home, 'verdict')[0]).toMatchObject({ by: { name: 'ada', tier: 1, method: 'cli-tty' } });
  });

  it.skipIf(!LONG)('does not count a key any more from the moment in which it is removed', async () => {
    const home = await enrolledHome(SIGNED, 'ada', 'bob');
    const server = await toolsProxy({}, { home, ownClient: true });
    server.proxy.call(1, 'echo', {});
    const terminal = await unlocked(home, 'bob');
    await terminal.shows('1 waiting');
    const removal = new Terminal({
      words: ['approver', 'remove', 'bob', '--as', 'ada', '--home', home],
      columns: 120,
    });
    await removal.shows('Passphrase of ada');
    removal.type(`${PASSPHRASE}\r`);
    await removal.shows('bob is removed');
    terminal.type('a');
    await terminal.shows('is not enrolled here');
    expect(server.executed()).toEqual([]);
  });
});

describe('confirm: passphrase', () => {
  it('asks for it in watch for this very call, though the key is unlocked; a wrong one approves nothing', async () => {
    const home = await enrolledHome({ escalate: [{ tool: '*', confirm: 'passphrase' }] }, 'ada');
    const server = await toolsProxy({}, { home });
    const terminal = await unlocked(home, 'ada');
    server.proxy.call(1, 'echo', { a: 1 });
    await terminal.shows('needs  a signature · your passphrase');
    await terminal.look();
    terminal.type('a');
    await terminal.shows('to approve echo');
    terminal.type('not my passphrase\t');
    await terminal.shows('That is not the passphrase of ada');
    expect(server.executed()).toEqual([]);
    await terminal.look();
    terminal.type('a');
    await terminal.shows('to approve echo');
    terminal.type(`${PASSPHRASE}\r`);
    await terminal.shows('Enter never approves');
    terminal.type('\t');
    await terminal.shows('The call was forwarded');
    await server.proxy.answer(1);
    expect(server.executed()).toHaveLength(1);
  });

  it('refuses a signature of an unlocked key without it', async () => {
    const home = await enrolledHome({ escalate: [{ tool: '*', confirm: 'passphrase' }] }, 'ada');
    const server = await toolsProxy({}, { home });
    server.proxy.call(1, 'echo', {});
    const peer = await rawApprover(home);
    const hold = await peer.hold();
    const made = signAnswer(
      {
        session: await peer.session,
        hold,
        verdict: bare(hold),
        keyed: keyedIn(home),
        confirmation: 'key',
        rendered: RENDERED,
        now: Date.now(),
      },
      await signerOf(home, 'ada'),
    );
    if ('refusal' in made) throw new Error(made.refusal);
    expect((await peer.say(made.verdict)).message).toContain('asks for your passphrase');
    expect(server.executed()).toEqual([]);
  });
});

describe('approvals: 2', () => {
  it('runs the call when two different keys have approved it, and says who has so far', async () => {
    const home = await enrolledHome({ escalate: [{ ...ONE_KEY, approvals: 2 }] }, 'ada', 'bob');
    const server = await toolsProxy({}, { home });
    const ada = await unlocked(home, 'ada');
    server.proxy.call(1, 'echo', { a: 1 });
    await ada.shows('needs  2 signatures');
    await ada.look();
    ada.type('a');
    await ada.shows('One more approver is needed');
    expect(server.executed()).toEqual([]);
    const bob = await unlocked(home, 'bob');
    await bob.shows('ada approved');
    await bob.look();
    bob.type('a');
    await bob.shows('The call was forwarded');
    await server.proxy.answer(1);
    expect(server.executed()).toHaveLength(1);
    expect(recordsOf(home, 'verdict').map((one) => one['tally'])).toEqual([
      { count: 1, of: 2 },
      { count: 2, of: 2 },
    ]);
  });

  it.skipIf(!LONG)(
    'refuses the same key twice, and one rejection ends it whatever was approved before',
    async () => {
      const home = await enrolledHome({ escalate: [{ ...ONE_KEY, approvals: 2 }] }, 'ada', 'bob');
      const server = await toolsProxy({}, { home });
      server.proxy.call(1, 'echo', {});
      const ada = await unlocked(home, 'ada');
      await ada.shows('1 waiting');
      await ada.look();
      ada.type('a');
      await ada.shows('One more approver is needed');
      await ada.shows('1 waiting');
      await ada.look();
      ada.type('a');
      await ada.shows('another approver is needed');
      const { id } = await oneHold(home);
      expect((await holdpoint(home, ['reject', id])).stdout).toContain('Rejected');
      expect(await server.proxy.text(1)).toContain('rejected');
      expect(server.executed()).toEqual([]);
    },
  );

  it('says at once that nobody can approve it while too few are enrolled', async () => {
    const home = await enrolledHome({ escalate: [{ ...ONE_KEY, approvals: 2 }] }, 'ada');
    writePolicy(join(home, 'policy.json'), { escalate: [{ ...ONE_KEY, approvals: 2 }] });
    const server = await toolsProxy({}, { home });
    server.proxy.call(1, 'echo', {});
    expect(await server.proxy.text(1)).toContain('2 different approvers, and 1 is enrolled');
    expect(server.executed()).toEqual([]);
  });
});

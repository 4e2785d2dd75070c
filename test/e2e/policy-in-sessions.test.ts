import { chmodSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { USER_SLOT } from '../../src/config/applied-state.ts';
import { bare, PASSPHRASE, rawApprover, signerOf } from '../support/approver.ts';
import { approveHold, holdpoint, oneHold } from '../support/cli.ts';
import { applies, enrolledHome } from '../support/enrolled.ts';
import { eventually } from '../support/eventually.ts';
import {
  newFolder,
  newHome,
  ONE_KEY,
  recordsOf,
  sockets,
  type TestPolicy,
  writePolicy,
} from '../support/home.ts';
import { LONG } from '../support/long.ts';
import { Terminal } from '../support/terminal.ts';
import { type ToolsProxy, toolsProxy } from '../support/tools-server.ts';

/** Puts another policy into force, as a person does. */
async function apply(home: string, policy: TestPolicy): Promise<string> {
  await eventually('a socket', () => (sockets(home).length > 0 ? true : undefined));
  writePolicy(join(home, 'policy.json'), policy);
  const { code, stdout, stderr } = await holdpoint(home, ['policy', 'apply', '--yes']);
  expect([code, stderr]).toEqual([0, '']);
  return stdout;
}

const verified = async (home: string): Promise<[unknown, string]> => {
  const { code, stdout } = await holdpoint(home, ['audit', 'verify']);
  return [code, stdout];
};

async function refusedNow(
  { proxy }: ToolsProxy,
  id: number,
  tool = 'echo',
  args: object = {},
): Promise<string> {
  proxy.call(id, tool, args);
  return proxy.text(id);
}

const look = async (home: string): Promise<{ took?: string; said?: string }> => {
  const peer = await rawApprover(home);
  await peer.session;
  peer.write('{"type":"look","ref":9,"at":"policy"}\n');
  return eventually(
    'an answer',
    () => peer.heard.find(({ type }) => type === 'reread') as object | undefined,
  );
};

describe('a policy that is applied while a session runs', () => {
  it('counts from its next call on, and the log says from where', async () => {
    const server = await toolsProxy({ allow: ['*'] });
    const { proxy, home } = server;
    proxy.call(1, 'echo', {});
    await proxy.answer(1);
    expect(await apply(home, { deny: [{ tool: 'srv/echo', reason: 'Not now' }], allow: ['*'] })).toContain(
      'srv goes by the policy in force.',
    );
    expect(await refusedNow(server, 2)).toContain('Not now');
    proxy.call(3, 'slow', { ms: 1 });
    await proxy.answer(3);
    await apply(home, { allow: ['srv/echo'] });
    proxy.call(4, 'echo', {});
    await proxy.answer(4);
    await proxy.end();
    expect(proxy.stderr).not.toContain('goes on with the policy');
    const { session } = recordsOf(home, 'decision')[0] ?? {};
    const own = recordsOf(home, 'session', 'decision').filter((one) => one.session === session);
    expect(own.map(({ type, event, effect }) => event ?? `${type} ${effect}`)).toEqual([
      'start',
      'decision allow',
      'policy',
      'decision deny',
      'decision allow',
      'policy',
      'decision allow',
      'stop',
    ]);
    expect(await verified(home)).toEqual([0, expect.anything()]);
  });

  it('may turn to observing and back, and audit verify follows it', async () => {
    const server = await toolsProxy({ deny: ['srv/echo'] });
    const { proxy, home } = server;
    expect(await refusedNow(server, 1)).toContain('denies');
    await apply(home, { mode: 'observe', deny: ['srv/echo'] });
    proxy.call(2, 'echo', {});
    expect((await proxy.answer(2)).result?.isError).not.toBe(true);
    await apply(home, { deny: ['srv/echo'] });
    expect(await refusedNow(server, 3)).toContain('denies');
    await proxy.end();
    expect(server.executed()).toEqual(['echo']);
    const [code, text] = await verified(home);
    expect([code, text]).toEqual([0, expect.not.stringContaining('unknown outcome of call 3')]);
  });

  it('denies a call that waits, and its approver and its client are told', async () => {
    const server = await toolsProxy({ escalate: [ONE_KEY] });
    const { proxy, home, executed } = server;
    proxy.call(1, 'echo', {});
    const { id } = await oneHold(home);
    await apply(home, { deny: [{ tool: 'srv/echo', reason: 'Never' }] });
    expect(await proxy.text(1)).toContain('Reason: Never.');
    expect((await approveHold(home, id)).code).not.toBe(0);
    await proxy.end();
    expect(executed()).toEqual([]);
    expect(recordsOf(home, 'verdict')).toMatchObject([
      { verdict: 'withdrawn', reason: expect.stringContaining('denies the call') },
    ]);
    expect((await verified(home))[0]).toBe(0);
  });

  it('that would allow a call that waits does not release it', async () => {
    const { proxy, home, executed } = await toolsProxy({ escalate: [ONE_KEY] });
    proxy.call(1, 'echo', {});
    const { id } = await oneHold(home);
    await apply(home, { allow: ['*'] });
    proxy.call(2, 'slow', { ms: 1 });
    await proxy.answer(2);
    expect((await oneHold(home)).id).toBe(id);
    expect(executed()).toEqual(['slow']);
    expect((await approveHold(home, id)).code).toBe(0);
    await proxy.answer(1);
    await proxy.end();
    expect((await verified(home))[0]).toBe(0);
  });

  it('asks for more of a call that waits, never for less, and an answer under less counts for nothing', async () => {
    const { proxy, home, executed } = await toolsProxy({ escalate: [ONE_KEY] });
    proxy.call(1, 'echo', {});
    const peer = await rawApprover(home);
    const before = await peer.hold();
    expect(before.obligations.confirm).toBe('key');
    await apply(home, { escalate: [{ tool: 'srv/echo', confirm: 'type' }] });
    const after = await eventually('a stricter hold', async () => {
      const now = await peer.hold();
      return now.obligations.confirm === 'type' ? now : undefined;
    });
    expect(after.id).toBe(before.id);
    expect(peer.heard.some((one) => one.type === 'session' && one.said.includes('goes by'))).toBe(true);
    const weak = await peer.say(bare(before, { confirmation: '' }));
    expect(weak).toMatchObject({ ok: false, message: expect.stringContaining('asks you to type') });
    await apply(home, { escalate: [ONE_KEY] });
    expect((await peer.say(bare(after, { confirmation: '' }))).ok).toBe(false);
    expect(executed()).toEqual([]);
    expect((await peer.say(bare(after))).ok).toBe(true);
    await proxy.answer(1);
    expect(recordsOf(home, 'hold').map(({ event }) => event)).toEqual(['opened', 'tightened']);
    await proxy.end();
    expect((await verified(home))[0]).toBe(0);
  });

  it('takes back what an item permitted that says something else now, and leaves what another one did', async () => {
    const escalate = [
      { ...ONE_KEY, tool: 'srv/echo', id: 'a' },
      { ...ONE_KEY, tool: 'srv/slow', id: 'b' },
    ];
    const { proxy, home } = await toolsProxy({ escalate });
    proxy.call(1, 'echo', { n: 1 });
    await approveHold(home, (await oneHold(home)).id, '--for', 'session', '--any-arguments');
    proxy.call(2, 'slow', { ms: 1 });
    await approveHold(home, (await oneHold(home)).id, '--for', 'session', '--any-arguments');
    await proxy.answer(2);
    await apply(home, { escalate: [{ ...ONE_KEY, tool: 'srv/{echo,fail}', id: 'a' }, escalate[1]] });
    proxy.call(3, 'slow', { ms: 2 });
    await proxy.answer(3);
    proxy.call(4, 'echo', { n: 2 });
    expect((await oneHold(home)).tool).toBe('echo');
    await proxy.end();
  });

  it.skipIf(!LONG)('is named whole where a project has a say too', async () => {
    const cwd = newFolder();
    writeFileSync(
      join(cwd, '.policyrc.json'),
      '{"version": 1, "deny": [{"tool": "srv/fail", "reason": "Ours"}]}',
    );
    const home = newHome({ allow: ['*'] });
    const server = await toolsProxy({}, { home, cwd });
    const { proxy } = server;
    proxy.call(1, 'echo', {});
    await proxy.answer(1);
    writeFileSync(
      join(cwd, '.policyrc.json'),
      '{"version": 1, "deny": [{"tool": "srv/slow", "reason": "Ours"}]}',
    );
    await apply(home, { deny: [{ tool: 'srv/echo', reason: 'Not now' }], allow: ['*'] });
    expect(await refusedNow(server, 2)).toContain('Not now');
    expect(await refusedNow(server, 3, 'slow')).toContain('Ours');
    await proxy.end();
    expect(await verified(home)).toEqual([0, expect.anything()]);
  });

  it('is what a signed approval is given under from then on', async () => {
    const home = await enrolledHome({ escalate: [ONE_KEY] }, 'ada');
    const { proxy, executed } = await toolsProxy({}, { home });
    proxy.call(1, 'echo', {});
    const { id } = await oneHold(home);
    const file = join(home, 'policy.json');
    writePolicy(file, { escalate: [{ tool: 'srv/echo', confirm: 'passphrase' }] });
    applies(home, USER_SLOT, { path: file, text: readFileSync(file, 'utf8') }, await signerOf(home, 'ada'));
    expect(await look(home)).toMatchObject({ took: 'new' });
    const terminal = new Terminal({ words: ['approve', id, '--as', 'ada', '--home', home], columns: 160 });
    await terminal.shows('Passphrase of ada');
    terminal.type(`${PASSPHRASE}\r`);
    await terminal.shows('The call was forwarded');
    await proxy.answer(1);
    await proxy.end();
    expect(executed()).toEqual(['echo']);
    expect(await verified(home)).toEqual([0, expect.anything()]);
    expect((await holdpoint(home, ['audit', 'show', '1'])).stdout).toContain('ada');
  });

  it.skipIf(!LONG)('keeps the counts of limits', async () => {
    const limit = { tool: 'srv/echo', over: '2/hour', id: 'few', ...{} };
    const server = await toolsProxy({ deny: [limit], allow: ['*'] });
    const { proxy, home } = server;
    for (const id of [1, 2]) {
      proxy.call(id, 'echo', {});
      await proxy.answer(id);
    }
    await apply(home, { deny: [{ ...limit, reason: 'Enough of it' }], allow: ['*'] });
    expect(await refusedNow(server, 3)).toContain('Enough of it');
    await apply(home, { deny: [{ ...limit, over: '3/hour' }], allow: ['*'] });
    proxy.call(4, 'echo', {});
    expect((await proxy.answer(4)).result?.isError).not.toBe(true);
    expect(await refusedNow(server, 5)).toContain('denies');
    await proxy.end();
    expect((await verified(home))[0]).toBe(0);
  });

  it('does not count a waiting call against itself', async () => {
    const limit = { tool: 'srv/echo', over: '1/hour', id: 'one' };
    const { proxy, home } = await toolsProxy({ deny: [limit], escalate: [ONE_KEY] });
    proxy.call(1, 'echo', {});
    const { id } = await oneHold(home);
    await apply(home, { deny: [{ ...limit, reason: 'One' }], escalate: [ONE_KEY] });
    expect((await oneHold(home)).id).toBe(id);
    expect((await approveHold(home, id)).code).toBe(0);
    await proxy.answer(1);
    await proxy.end();
  });

  it.skipIf(!LONG)(
    'that hides tools tells the client to list them again, and shows them again the same way',
    async () => {
      const server = await toolsProxy({ allow: ['*'] });
      const { proxy, home } = server;
      const names = async (id: number): Promise<string[]> => {
        proxy.send({ id, method: 'tools/list' });
        const { result } = (await proxy.answer(id)) as { result?: { tools?: { name: string }[] } };
        return (result?.tools ?? []).map(({ name }) => name);
      };
      const told = (): number =>
        proxy.lines.filter(({ json }) => json?.method === 'notifications/tools/list_changed').length;
      const all = await names(1);
      expect(all).toContain('echo');
      proxy.call(2, 'slow', { ms: 1 });
      await proxy.answer(2);
      await apply(home, { deny: [{ tool: 'srv/echo', hide: true }], allow: ['*'] });
      await eventually('a word about the list', () => (told() === 1 ? true : undefined));
      expect(await names(3)).toEqual(all.filter((name) => name !== 'echo'));
      await apply(home, { deny: [{ tool: 'srv/echo', hide: true, reason: 'x' }], allow: ['*'] });
      await apply(home, { allow: ['*'] });
      await eventually('another word about the list', () => (told() === 2 ? true : undefined));
      expect(await names(4)).toEqual(all);
      await proxy.end();
      expect(told()).toBe(2);
    },
  );
});

describe('a policy that is applied while a session cannot be told', () => {
  const unheard = async (home: string, policy: TestPolicy): Promise<void> => {
    for (const path of sockets(home)) rmSync(path);
    writePolicy(join(home, 'policy.json'), policy);
    const { code, stdout } = await holdpoint(home, ['policy', 'apply', '--yes']);
    expect([code, stdout]).toEqual([0, expect.not.stringContaining('srv goes by')]);
  };

  it('for its socket is not there yet, decides the very next call', async () => {
    const server = await toolsProxy({ allow: ['*'] });
    server.proxy.call(1, 'echo', {});
    await server.proxy.answer(1);
    await unheard(server.home, { deny: [{ tool: 'srv/echo', reason: 'Not now' }], allow: ['*'] });
    expect(await refusedNow(server, 2)).toContain('Not now');
    expect(server.executed()).toEqual(['echo']);
    await server.proxy.end();
    expect(await verified(server.home)).toEqual([0, expect.anything()]);
  });

  it('for its socket was taken away, decides what waits too', async () => {
    const server = await toolsProxy({ escalate: ['srv/echo'], allow: ['*'] });
    server.proxy.call(1, 'echo', {});
    await oneHold(server.home);
    await unheard(server.home, { deny: [{ tool: 'srv/echo', reason: 'Not now' }], allow: ['*'] });
    expect(await server.proxy.text(1)).toContain('Not now');
    expect(server.executed()).toEqual([]);
  });
});

describe('a session that does not go by what is applied', () => {
  it.skipIf(!LONG)('says so where --policy names its file', async () => {
    const file = join(newFolder(), 'own.json');
    writePolicy(file, { allow: ['*'] });
    const home = newHome({ deny: ['*'] });
    const server = await toolsProxy({}, { home, words: ['--server', 'srv', '--policy', file, '--'] });
    const { proxy, executed } = server;
    expect(await apply(home, { deny: ['*'], default: 'deny' })).toContain(
      `srv goes on with the policy that it had: it was started with --policy ${file}.`,
    );
    proxy.call(1, 'echo', {});
    await proxy.answer(1);
    expect(executed()).toEqual(['echo']);
    expect((await holdpoint(home, ['pending'])).stderr).toContain('it was started with --policy');
    await proxy.end();
    expect(proxy.stderr).toContain('goes on with the policy that it had');
  });

  it('is not moved by a file that nobody applied, nor by a message', async () => {
    const server = await toolsProxy({ deny: ['srv/echo'], allow: ['*'] });
    const { home } = server;
    expect(await refusedNow(server, 1)).toContain('denies');
    writePolicy(join(home, 'policy.json'), { allow: ['*'] });
    expect(await look(home)).toMatchObject({ took: 'same' });
    expect(await refusedNow(server, 2)).toContain('denies');
  });

  it.for<[string, (file: string) => void]>([
    ['denies no more', (file) => writeFileSync(file, '{"version": 1}')],
    ['is gone', (file) => rmSync(file)],
    ['may be written by others', (file) => chmodSync(file, 0o666)],
  ])("is not moved by a message where a project's file, which nobody applied, %s", async ([, change]) => {
    const cwd = newFolder();
    const file = join(cwd, '.policyrc.json');
    writeFileSync(file, '{"version": 1, "deny": [{"tool": "srv/echo", "reason": "Ours"}]}');
    const home = newHome({ allow: ['*'] });
    const server = await toolsProxy({}, { home, cwd });
    expect(await refusedNow(server, 1)).toContain('Ours');
    change(file);
    expect(await look(home)).toMatchObject({ took: 'kept', said: expect.stringContaining('Nothing was') });
    expect(await refusedNow(server, 2)).toContain('Ours');
  });

  it.for<[string, (home: string) => void, RegExp]>([
    ['is gone', (home) => rmSync(join(home, 'state/policies.json')), /is gone|applied by anybody/],
    ['is damaged', (home) => writeFileSync(join(home, 'state/policies.json'), '{'), /is damaged/],
  ])('goes on with what it had where what was applied %s, and says why', async ([, spoil, why]) => {
    const server = await toolsProxy({ deny: [{ tool: 'srv/echo', reason: 'As before' }], allow: ['*'] });
    const { home, proxy } = server;
    expect(await refusedNow(server, 1)).toContain('As before');
    writePolicy(join(home, 'policy.json'), { allow: ['*'] });
    spoil(home);
    expect(await look(home)).toMatchObject({ took: 'kept', said: expect.stringMatching(why) });
    expect(await refusedNow(server, 2)).toContain('As before');
    expect((await holdpoint(home, ['pending'])).stderr).toMatch(why);
    proxy.call(3, 'slow', { ms: 1 });
    expect((await proxy.answer(3)).result?.isError).not.toBe(true);
  });

  it('goes on with what it had where nobody who may signed what lies there', async () => {
    const home = await enrolledHome(
      { deny: [{ tool: 'srv/echo', reason: 'As before' }], allow: ['*'] },
      'ada',
    );
    const server = await toolsProxy({}, { home });
    expect(await refusedNow(server, 1)).toContain('As before');
    const file = join(home, 'state/policies.json');
    const state = JSON.parse(readFileSync(file, 'utf8'));
    state.applied.user.seal.value = 'A'.repeat(86);
    writeFileSync(file, JSON.stringify(state));
    expect(await look(home)).toMatchObject({ took: 'kept', said: expect.stringContaining('signed') });
    expect(await refusedNow(server, 2)).toContain('As before');
  });

  it.skipIf(!LONG)('is told to look as often as anybody likes, and looks once a second at most', async () => {
    const { proxy, home } = await toolsProxy({ allow: ['*'] });
    const peer = await rawApprover(home);
    await peer.session;
    for (let ref = 1; ref <= 1_000; ref += 1) peer.write(`{"type":"look","ref":${ref},"at":"policy"}\n`);
    await eventually('1000 answers', () =>
      peer.heard.filter(({ type }) => type === 'reread').length === 1_000 ? true : undefined,
    );
    proxy.call(1, 'echo', {});
    await proxy.answer(1);
  });
});

describe('policy apply', () => {
  it('puts nothing over what somebody else applied while it was looked at', async () => {
    const home = newHome({ allow: ['*'] });
    await holdpoint(home, ['policy', 'apply', '--yes']);
    writePolicy(join(home, 'policy.json'), { allow: ['srv/slow'] });
    const terminal = new Terminal({ words: ['policy', 'apply', '--home', home], columns: 120 });
    await terminal.shows('Put this policy into force?');
    writePolicy(join(home, 'policy.json'), { deny: ['*'] });
    await holdpoint(home, ['policy', 'apply', '--yes']);
    terminal.type('y\r');
    await terminal.shows('applied by somebody else just now');
    await terminal.exit;
    expect(readFileSync(join(home, 'state/policies.json'), 'utf8')).not.toContain('srv/slow');
  });

  it.skipIf(!LONG)('is told on a desk that is open', async () => {
    const server = await toolsProxy({ allow: ['*'] });
    const terminal = new Terminal({ words: ['watch', '--home', server.home], columns: 120 });
    await terminal.shows('1 attached');
    await apply(server.home, { allow: ['srv/echo'] });
    await terminal.shows('srv goes by the policy');
    terminal.type('q');
    await terminal.exit;
  });
});

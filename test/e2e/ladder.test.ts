import { spawn } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { signAnswer } from '../../src/approvals/signing/signed-answer.ts';
import { bare, keyedIn, PASSPHRASE, RENDERED, rawApprover, signerOf } from '../support/approver.ts';
import { holdpoint, oneHold } from '../support/cli.ts';
import { type Defined, DefinedServer, READ, WRITE } from '../support/defined-server.ts';
import { enrolledHome } from '../support/enrolled.ts';
import { eventually } from '../support/eventually.ts';
import { auditFiles, newHome, ONE_KEY, recordsOf, type TestPolicy } from '../support/home.ts';
import { BIN, cleanEnv } from '../support/proxy-process.ts';
import { Terminal } from '../support/terminal.ts';
import { toolsProxy } from '../support/tools-server.ts';

const DEPLOY: Defined = {
  name: 'deploy_service',
  description: 'Deploys a service to production.',
  inputSchema: { type: 'object', properties: { service: { type: 'string' } } },
};
const ARGS = { id: 'note-2026' };

/** A server whose tools its client has listed. */
async function listed(policy: TestPolicy, home = newHome(policy)): Promise<DefinedServer> {
  const server = await DefinedServer.start([READ, WRITE, DEPLOY], { home });
  await server.list();
  return server;
}

const ASK: TestPolicy = { escalate: ['*'], servers: { notes: { newTools: 'policy' } } };

describe('a call of a class that can do harm', () => {
  it('is approved by no channel without the text that it asks for', async () => {
    const server = await listed(ASK);
    server.proxy.call(1, 'delete_note', ARGS);
    const { id } = await oneHold(server.home);
    const peer = await rawApprover(server.home);
    const hold = await peer.hold();
    expect(hold).toMatchObject({
      risk: 'destructive',
      unsure: false,
      listing: 'listed',
      obligations: { confirm: 'type', expected: 'note-2026', level: 'high', seen: 'all' },
    });
    for (const confirmation of [undefined, '', 'delete_note', 'note-2026 '])
      expect((await peer.say(bare(hold, { confirmation }))).message).toContain(
        'asks you to type "note-2026"',
      );
    expect((await holdpoint(server.home, ['pending'])).stdout).toMatch(
      /notes\/delete_note {2}destructive {2}waits[\s\S]*to approve: type "note-2026", all of it shown/,
    );
    const tried = await holdpoint(server.home, ['approve', id]);
    expect([tried.code, tried.stderr]).toEqual([1, expect.stringContaining('add --confirm with that text')]);
    expect((await holdpoint(server.home, ['approve', id, '--confirm', 'x'])).code).toBe(1);
    expect(server.executed()).toEqual([]);
    expect((await holdpoint(server.home, ['approve', id, '--confirm', 'note-2026'])).code).toBe(0);
    await server.proxy.answer(1);
    expect(server.executed()).toEqual(['delete_note']);
  });

  it('is approved in a terminal by typing it', async () => {
    const server = await listed(ASK);
    server.proxy.call(1, 'delete_note', ARGS);
    const { id } = await oneHold(server.home);
    const terminal = new Terminal({ words: ['approve', id, '--home', server.home], columns: 120 });
    await terminal.shows('Type note-2026 to approve:');
    terminal.type('note-2026\r');
    await terminal.shows('The call was forwarded');
  });

  it('is approved line by line with the text behind its id', async () => {
    const server = await listed(ASK);
    const words = [BIN, 'watch', '--plain', '--home', server.home];
    const child = spawn(process.execPath, words, { stdio: 'pipe', env: cleanEnv({}) });
    let text = '';
    child.stdout.on('data', (chunk) => {
      text += chunk;
    });
    const shows = (what: string) => eventually(what, () => text.includes(what));
    server.proxy.call(1, 'delete_note', ARGS);
    const { id } = await oneHold(server.home);
    await shows(`approve ${id} note-2026, or reject`);
    child.stdin.write(`approve ${id}\n`);
    await shows('asks you to type "note-2026"');
    child.stdin.write(`approve ${id} note-2026\n`);
    await shows('The call was forwarded');
    child.stdin.write('quit\n');
  });

  it('is one key where it is a read or a write', async () => {
    const server = await listed(ASK);
    server.proxy.call(1, 'get_note', ARGS);
    const { id, obligations } = await oneHold(server.home);
    expect(obligations).toMatchObject({ confirm: 'key', level: 'low', seen: 'told' });
    expect((await holdpoint(server.home, ['approve', id])).code).toBe(0);
  });

  it('of which its server knows nothing is told as absent', async () => {
    const server = await listed(ASK);
    server.proxy.call(1, 'drop_everything');
    expect(await oneHold(server.home)).toMatchObject({
      risk: null,
      listing: 'absent',
      obligations: { confirm: 'type', expected: 'drop_everything', level: 'high' },
    });
    expect(recordsOf(server.home, 'decision')[0]).toMatchObject({ absent: true });
  });

  it('leaves nothing of the text in the log', async () => {
    const policy = { ...ASK, audit: { arguments: 'none' } };
    const server = await listed(policy);
    server.proxy.call(1, 'delete_note', ARGS);
    const { id } = await oneHold(server.home);
    const words = ['approve', id, '--confirm', 'note-2026', '--for', 'session'];
    expect((await holdpoint(server.home, words)).code).toBe(0);
    await server.proxy.answer(1);
    await server.proxy.end();
    expect(recordsOf(server.home, 'hold')[0]?.['obligations']).toMatchObject({
      confirm: 'type',
      seen: 'all',
    });
    const { readFileSync } = await import('node:fs');
    for (const file of auditFiles(server.home)) expect(readFileSync(file, 'utf8')).not.toContain('note-2026');
  });
});

describe('what explain says of how a call is approved', () => {
  it('is what is asked of whoever approves it', async () => {
    const home = await enrolledHome(ASK, 'ada');
    const server = await listed({}, home);
    server.proxy.call(1, 'deploy_service', { service: 'billing' });
    const hold = await oneHold(home);
    expect(hold).toMatchObject({ risk: 'production', obligations: { confirm: 'both', expected: 'billing' } });
    const words = ['policy', 'explain', 'notes/deploy_service', '--risk', 'production'];
    const args = ['--args', '{"service":"billing"}'];
    const { stdout } = await holdpoint(home, [...words, ...args, '--json']);
    expect(JSON.parse(stdout).decision.obligations).toEqual(hold.obligations);
    const told = (await holdpoint(home, [...words, ...args])).stdout;
    expect(told).toContain(
      '"billing" must be typed, with the passphrase, a signature, all of it shown before',
    );
  });
});

describe('what cannot be taken back', () => {
  it('takes the text and the passphrase of an enrolled key, and neither alone', async () => {
    const home = await enrolledHome(ASK, 'ada');
    const server = await listed({}, home);
    server.proxy.call(1, 'deploy_service', { service: 'billing' });
    const { id } = await oneHold(home);
    const peer = await rawApprover(home);
    const hold = await peer.hold();
    const signed = async (confirmation: 'key' | 'passphrase', typed: string) => {
      const made = signAnswer(
        {
          session: await peer.session,
          hold,
          verdict: bare(hold, { confirmation: typed }),
          keyed: keyedIn(home),
          confirmation,
          rendered: RENDERED,
          now: Date.now(),
        },
        await signerOf(home, 'ada'),
      );
      if ('refusal' in made) throw new Error(made.refusal);
      return (await peer.say(made.verdict)).message;
    };
    expect(await signed('key', 'billing')).toContain('asks for your passphrase');
    expect(await signed('passphrase', 'other')).toContain('asks you to type "billing"');
    expect(server.executed()).toEqual([]);
    const terminal = new Terminal({ words: ['approve', id, '--home', home], columns: 120 });
    await terminal.shows('Type billing to approve:');
    terminal.type('billing\r');
    await terminal.shows('Passphrase of ada');
    terminal.type(`${PASSPHRASE}\r`);
    await terminal.shows('The call was forwarded');
    await server.proxy.answer(1);
    await server.proxy.end();
    const [verdict] = recordsOf(home, 'verdict');
    expect((verdict!['signature'] as { statement: string }).statement).toContain('"confirmation":"both"');
    expect((await holdpoint(home, ['audit', 'verify'])).code).toBe(0);
  });
});

describe('approvals that come faster than they can be read', () => {
  it('make the next one of the session take a text, on every channel, and are recorded', async () => {
    const { proxy, home, executed } = await toolsProxy({ escalate: [ONE_KEY] });
    const peer = await rawApprover(home);
    const approve = async (n: number, confirmation: string | undefined) => {
      proxy.call(n, 'echo', { note: `number-${n}` });
      const hold = await eventually('the next hold', () =>
        peer.heard.flatMap((one) => (one.type === 'hold' && one.hold.call === n ? [one.hold] : [])).at(0),
      );
      return { hold, told: await peer.say(bare(hold, { confirmation, dwellMs: 50 })) };
    };
    for (const n of [1, 2, 3]) expect((await approve(n, undefined)).told.ok).toBe(true);
    await eventually('the brake', () => peer.heard.some((one) => one.type === 'brake' && one.on));
    const { hold, told } = await approve(4, undefined);
    expect(told.message).toContain('faster than they can be read');
    expect(hold.before).toMatchObject({ approved: 3, argumentsText: '{"note":"number-3"}' });
    const tried = await holdpoint(home, ['approve', hold.id]);
    expect([tried.code, tried.stderr]).toEqual([1, expect.stringContaining('add --confirm')]);
    expect(executed()).toHaveLength(3);
    expect((await holdpoint(home, ['approve', hold.id, '--confirm', 'number-4'])).code).toBe(0);
    await proxy.answer(4);
    expect(recordsOf(home, 'verdict').map((one) => one['brake'])).toEqual([
      undefined,
      undefined,
      undefined,
      true,
    ]);
    expect((await holdpoint(home, ['audit', 'show', hold.id])).stdout).toContain('took a step more');
    const late = await rawApprover(home);
    expect(typeof (await late.session).brake).toBe('boolean');
  });
});

describe('a call of more than 2,000 lines', () => {
  const text = 'line\n'.repeat(2_100);

  it('that can do harm is not approved, and its person is told to have it split', async () => {
    const server = await listed(ASK);
    server.proxy.call(1, 'delete_note', { id: text });
    const { id, obligations } = await oneHold(server.home);
    const tried = await holdpoint(server.home, ['approve', id, '--confirm', obligations.expected]);
    expect(tried.code).toBe(1);
    expect(tried.stdout + tried.stderr).toContain('Reject it with "split it"');
    await holdpoint(server.home, ['reject', id, '--reason', 'split it']);
    expect(await server.proxy.text(1)).toContain('split it');
  });

  it('is approved where its rule says that it may be large', async () => {
    const server = await listed({ ...ASK, escalate: [{ tool: '*', large: true }] });
    server.proxy.call(1, 'delete_note', { id: text });
    const { id, obligations } = await oneHold(server.home);
    expect((await holdpoint(server.home, ['approve', id, '--confirm', obligations.expected])).code).toBe(0);
  });
});

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PASSPHRASE } from '../support/approver.ts';
import { verifyAudit } from '../support/audit.ts';
import { approveHold, holdpoint, oneHold } from '../support/cli.ts';
import { enrolledHome } from '../support/enrolled.ts';
import { newHome, ONE_KEY, recordsOf } from '../support/home.ts';
import { Terminal } from '../support/terminal.ts';
import { type ToolsProxy, toolsProxy } from '../support/tools-server.ts';

const POLICY = { escalate: [{ ...ONE_KEY, id: 'all' }] };

async function ask(server: ToolsProxy, id: number, args: object = { n: 1 }): Promise<void> {
  server.proxy.call(id, 'echo', args);
}

/** Approves by a terminal with ada's key. */
async function signedFor(home: string, id: string, ...words: string[]): Promise<void> {
  const terminal = new Terminal({
    words: ['approve', id, '--as', 'ada', ...words, '--home', home],
    columns: 160,
  });
  await terminal.shows('Passphrase of ada');
  terminal.type(`${PASSPHRASE}\r`);
  await terminal.shows('The call was forwarded');
}

const listed = async (home: string) =>
  JSON.parse((await holdpoint(home, ['grants', 'list', '--json'])).stdout);

describe('approve --for session', () => {
  it('lets the very same call run until the session ends, and asks about any other', async () => {
    const home = newHome(POLICY);
    const server = await toolsProxy({}, { home });
    await ask(server, 1);
    const { id } = await oneHold(home);
    const { stdout } = await approveHold(home, id, '--for', 'session');
    expect(stdout).toContain(
      `The same call now runs without asking, until the session ends (holdpoint grants revoke ${id})`,
    );
    await ask(server, 2);
    await server.proxy.answer(2);
    await ask(server, 3, { n: 2 });
    const other = await oneHold(home);
    expect(server.executed()).toHaveLength(2);
    await holdpoint(home, ['reject', other.id]);
    await server.proxy.end();
    const sheet = (await holdpoint(home, ['audit', 'show', '2'])).stdout;
    expect(sheet).toMatch(new RegExp(`Authorised by +\\S+ \\(unverified\\), by grant ${id}`));
    expect(sheet).toContain('for calls like this one, until the session ends');
    expect((await holdpoint(home, ['audit', 'verify'])).code).toBe(0);
    const again = await toolsProxy({}, { home });
    await ask(again, 1);
    await oneHold(home);
    expect(again.executed()).toEqual([]);
  });

  it('with --any-arguments lets the tool run whatever its arguments; revoked, it asks again', async () => {
    const home = newHome(POLICY);
    const server = await toolsProxy({}, { home });
    await ask(server, 1);
    const { id } = await oneHold(home);
    await approveHold(home, id, '--for', 'session', '--any-arguments');
    await ask(server, 2, { n: 2 });
    await server.proxy.answer(2);
    expect(await listed(home)).toMatchObject([
      { id, scope: 'tool', until: 'session', kept: false, key: null },
    ]);
    expect((await holdpoint(home, ['grants', 'revoke', id])).stdout).toContain('is revoked');
    expect(await listed(home)).toEqual([]);
    await ask(server, 3, { n: 3 });
    await oneHold(home);
    expect(server.executed()).toHaveLength(2);
    expect(recordsOf(home, 'grant').map((record) => record['event'])).toEqual(['given', 'revoked']);
  });
});

describe('a signed grant', () => {
  it('is kept for later sessions, proven in the log, and void once its signer is removed', async () => {
    const home = await enrolledHome({ ...POLICY, approvals: { sign: 'required' } }, 'ada', 'bob');
    const first = await toolsProxy({}, { home });
    await ask(first, 1);
    await signedFor(home, (await oneHold(home)).id, '--for', '1h');
    await first.proxy.answer(1);
    await first.proxy.end();
    const { folder } = first;
    const second = await toolsProxy({}, { home, folder });
    await ask(second, 1);
    await second.proxy.answer(1);
    expect(second.executed()).toHaveLength(2);
    await second.proxy.end();
    expect((await holdpoint(home, ['audit', 'verify'])).code).toBe(0);
    const calls = JSON.parse((await holdpoint(home, ['audit', 'list', '--json'])).stdout);
    const sheet = (await holdpoint(home, ['audit', 'show', `${calls[1].session}/1`])).stdout;
    expect(sheet).toMatch(/Proven {10}yes: ada signed this grant with the key \w{8} \(checked\)/);
    const removal = new Terminal({
      words: ['approver', 'remove', 'ada', '--as', 'bob', '--home', home],
      columns: 120,
    });
    await removal.shows('Passphrase of bob');
    removal.type(`${PASSPHRASE}\r`);
    await removal.shows('ada is removed');
    const third = await toolsProxy({}, { home, folder });
    await ask(third, 1);
    await oneHold(home);
    expect(third.executed()).toHaveLength(2);
  });

  it('that somebody edited or invented lets nothing run', async () => {
    const home = await enrolledHome({ ...POLICY, approvals: { sign: 'required' } }, 'ada');
    const first = await toolsProxy({}, { home });
    await ask(first, 1);
    await signedFor(home, (await oneHold(home)).id, '--for', '1h');
    await first.proxy.end();
    const file = join(home, 'state/grants.json');
    const text = readFileSync(file, 'utf8');
    for (const changed of [
      text.replace('\\"scope\\":\\"call\\"', '\\"scope\\":\\"tool\\"'),
      text.replace(/(?<="value": ")./, (first) => (first === 'A' ? 'B' : 'A')),
      text.slice(0, 100),
    ]) {
      expect(changed).not.toBe(text);
      writeFileSync(file, changed);
      const server = await toolsProxy({}, { home, folder: first.folder });
      await ask(server, 1, changed.includes('tool\\"') ? { n: 9 } : { n: 1 });
      await oneHold(home);
      expect(server.executed()).toHaveLength(1);
      await server.proxy.end();
    }
  });

  it('of which the log tells another story is found by verify', async () => {
    const home = newHome(POLICY);
    const server = await toolsProxy({}, { home });
    await ask(server, 1);
    await approveHold(home, (await oneHold(home)).id, '--for', 'session');
    await ask(server, 2);
    await server.proxy.answer(2);
    await server.proxy.end();
    const problems = () => verifyAudit(join(home, 'audit')).problems.map(({ what }) => what);
    expect(problems()).toEqual([]);
    const { auditFiles } = await import('../support/home.ts');
    const file = auditFiles(home).find((name) => readFileSync(name, 'utf8').includes('"kind":"run"'))!;
    writeFileSync(
      file,
      readFileSync(file, 'utf8').replace('"type":"grant","event":"given"', '"type":"grant","event":"taken"'),
    );
    expect(problems().join()).toContain('which no record of this log gave');
  });
});

describe('what must not be remembered', () => {
  it.for([
    ['remember: false', { tool: '*', remember: false }],
    ['confirm: type, when later a stronger one is asked', { tool: '*', remember: false, confirm: 'type' }],
  ] as const)('is refused with --for, in words: %s', async ([, item]) => {
    const home = newHome({ escalate: [item] });
    const server = await toolsProxy({}, { home });
    await ask(server, 1);
    const { id } = await oneHold(home);
    const refused = await approveHold(home, id, '--for', '1h', '--confirm', 'echo');
    expect(refused).toMatchObject({ code: 1, stdout: expect.stringContaining('cannot be remembered') });
    expect(server.executed()).toEqual([]);
  });

  it.for([
    [['--for', 'ever'], /is not once, session, or a time/],
    [['--for', '31d'], /30 days at most/],
    [['--any-arguments'], /needs --for/],
  ] as const)('refuses %j', async ([words, said]) => {
    const home = newHome(POLICY);
    const result = await approveHold(home, 'aaaaa', ...words);
    expect(result).toMatchObject({ code: 2, stderr: expect.stringMatching(said) });
  });
});

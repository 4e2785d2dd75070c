import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PASSPHRASE, rawApprover } from '../support/approver.ts';
import { approveHold, holdpoint, holds, oneHold } from '../support/cli.ts';
import { enrolledHome } from '../support/enrolled.ts';
import { eventually } from '../support/eventually.ts';
import { newHome, recordsOf, sockets } from '../support/home.ts';
import { LONG } from '../support/long.ts';
import { Terminal } from '../support/terminal.ts';
import { type ToolsProxy, toolsProxy } from '../support/tools-server.ts';

const ASKED = { escalate: ['srv/write', 'srv/echo'], allow: ['*'] };
const stop = (home: string, ...words: string[]) => holdpoint(home, ['stop', ...words]);
const stopFile = (home: string): string => join(home, 'state/stopped.json');
const verified = async (home: string) => (await holdpoint(home, ['audit', 'verify'])).code;

async function listening(server: ToolsProxy): Promise<void> {
  await eventually('a socket', () => (sockets(server.home).length > 0 ? true : undefined));
}

describe('holdpoint stop', () => {
  it('refuses what waits at once and every later call, lets what runs run on, and tells of both', async () => {
    const server = await toolsProxy(ASKED);
    const { proxy, home } = server;
    proxy.call(1, 'slow', { ms: 4_000 });
    proxy.call(2, 'echo', { a: 1 });
    proxy.call(3, 'echo', { a: 2 });
    await holds(home, 2);
    const { code, stdout } = await stop(home, '--reason', 'It deletes mail');
    expect([code, stdout]).toEqual([0, expect.stringContaining('2 calls that waited were refused.')]);
    expect(stdout).toContain('1 running proxy knows of it.');
    expect(stdout).toContain('1 call that runs already runs on');
    const text = await proxy.text(2);
    expect(text).toMatch(/^Not executed\. Everything is stopped since .*Reason: It deletes mail\./);
    expect(text).toContain('"holdpoint resume"');
    expect(text).toContain('do not run holdpoint yourself');
    expect((await proxy.answer(3)).result?.isError).toBe(true);
    proxy.call(4, 'fail', {});
    expect(await proxy.text(4)).toContain('It deletes mail');
    proxy.send({ id: 5, method: 'tools/list' });
    expect((await proxy.answer(5)).result).toHaveProperty('tools');
    expect((await proxy.answer(1)).result?.isError).not.toBe(true);
    expect(server.executed()).toEqual(['slow']);
    const denied = recordsOf(home, 'decision').at(-1);
    expect(denied).toMatchObject({ effect: 'deny', rule: 'builtin:stopped', tool: 'fail' });
    expect(recordsOf(home, 'verdict')).toMatchObject([
      { verdict: 'withdrawn', reason: 'everything was stopped' },
      { verdict: 'withdrawn', reason: 'everything was stopped' },
    ]);
    expect(recordsOf(home, 'stop')).toMatchObject([{ event: 'stopped', reason: 'It deletes mail' }]);
    const { stdout: resumed } = await holdpoint(home, ['resume']);
    expect(resumed).toContain('Resumed');
    proxy.call(6, 'fail', {});
    await eventually('a call that runs', () => (server.executed().includes('fail') ? true : undefined));
    await proxy.end();
    expect(recordsOf(home, 'stop')[1]).toMatchObject({ event: 'resumed', by: { method: 'cli' } });
    expect(await verified(home)).toBe(0);
  });

  it('needs no proxy to run, and holds for the sessions that start later', async () => {
    const home = newHome({ allow: ['*'] });
    const { code, stdout } = await stop(home);
    expect([code, stdout]).toEqual([0, expect.stringContaining('0 running proxies')]);
    const { proxy, executed } = await toolsProxy({}, { home });
    proxy.call(1, 'echo', {});
    expect(await proxy.text(1)).toContain('Everything is stopped');
    await proxy.end();
    const again = await toolsProxy({}, { home });
    again.proxy.call(1, 'echo', {});
    expect(await again.proxy.text(1)).toContain('Everything is stopped');
    expect([...executed(), ...again.executed()]).toEqual([]);
  });

  it('stops what only observes, and the log stays whole', async () => {
    const { proxy, home, executed } = await toolsProxy({ mode: 'observe', deny: ['*'] });
    await stop(home);
    proxy.call(1, 'echo', {});
    expect(await proxy.text(1)).toContain('Everything is stopped');
    await proxy.end();
    expect(executed()).toEqual([]);
    expect((await holdpoint(home, ['audit', 'list'])).stdout).toContain('denied');
    const report = JSON.parse((await holdpoint(home, ['audit', 'verify', '--json'])).stdout);
    expect([report.exitCode ?? 0, JSON.stringify(report)]).toEqual([
      0,
      expect.not.stringContaining('tampered:'),
    ]);
  });

  it('is what a call is refused for where no policy can be loaded', async () => {
    const home = newHome();
    writeFileSync(join(home, 'policy.json'), '{"version": 1, "allow": 7}', { mode: 0o600 });
    await stop(home, '--reason', 'First this');
    const { proxy } = await toolsProxy({}, { home });
    proxy.call(1, 'echo', {});
    expect(JSON.stringify(await proxy.answer(1))).toContain('First this');
  });

  it.for<[string, (path: string) => void]>([
    ['empty', (path) => writeFileSync(path, '')],
    ['damaged', (path) => writeFileSync(path, '{')],
    ['a folder', (path) => mkdirSync(path)],
  ])('counts as well where its file is %s', async ([, make]) => {
    const { proxy, home, executed } = await toolsProxy({ allow: ['*'] });
    mkdirSync(join(home, 'state'), { recursive: true, mode: 0o700 });
    make(stopFile(home));
    proxy.call(1, 'echo', {});
    expect(await proxy.text(1)).toMatch(
      /Everything is stopped: .*stopped\.json is .*while it is there it counts/,
    );
    expect(executed()).toEqual([]);
  });

  it('reaches a proxy that cannot be told within a second or two, and says that it could not', async () => {
    const { proxy, home, executed } = await toolsProxy(ASKED);
    proxy.call(1, 'echo', {});
    await oneHold(home);
    for (const path of sockets(home)) rmSync(path);
    writeFileSync(stopFile(home), '');
    expect(await proxy.text(1)).toContain('Everything is stopped');
    expect(executed()).toEqual([]);
  });

  it.skipIf(!LONG)(
    'takes what was approved and not sent yet with it: a pass counts no more after the stop',
    async () => {
      const { proxy, home, executed } = await toolsProxy(ASKED, {
        words: ['--server', 'srv', '--client-waits', '2s', '--'],
      });
      proxy.call(1, 'echo', { a: 1 });
      const { id } = await oneHold(home, 'detached');
      expect((await approveHold(home, id)).stdout).toContain('runs when the agent repeats it');
      await stop(home);
      proxy.call(2, 'echo', { a: 1 });
      expect(await proxy.text(2)).toContain('Everything is stopped');
      await holdpoint(home, ['resume']);
      proxy.call(3, 'echo', { a: 1 });
      await oneHold(home);
      expect(executed()).toEqual([]);
    },
  );

  it('pulled twice is pulled once, and the second is told by whom', async () => {
    const home = newHome({});
    await stop(home, '--reason', 'First');
    const { code, stdout } = await stop(home, '--reason', 'Second');
    expect([code, stdout]).toEqual([0, expect.stringContaining('stopped already')]);
    expect(stdout).toContain('Reason: First.');
    expect(recordsOf(home, 'stop')).toHaveLength(1);
    expect(await verified(home)).toBe(0);
  });

  it('is told by pending, doctor, why and policy explain', async () => {
    const { proxy, home } = await toolsProxy({ allow: ['*'] });
    await listening({ home } as ToolsProxy);
    await stop(home, '--reason', 'Look at this');
    for (const words of [
      ['pending'],
      ['pending', '--json'],
      ['why', 'srv/echo'],
      ['policy', 'explain', 'srv/echo'],
    ]) {
      const { stderr } = await holdpoint(home, words);
      expect([words, stderr]).toEqual([words, expect.stringContaining('Reason: Look at this.')]);
    }
    const { stdout } = await holdpoint(home, ['doctor']);
    expect(stdout).toContain('[stopped]');
    expect(stdout).toContain('holdpoint resume');
    expect(stdout).not.toContain('state-damaged');
    await proxy.end();
  });

  it.skipIf(!LONG)(
    'is looked at for a message that carries nothing, and a flood of those changes nothing',
    async () => {
      const { proxy, home, executed } = await toolsProxy({ allow: ['*'] });
      await listening({ home } as ToolsProxy);
      const peer = await rawApprover(home);
      const { session } = await peer.session;
      expect(session).toBeTypeOf('string');
      for (let ref = 1; ref <= 2_000; ref += 1) peer.write(`{"type":"look","ref":${ref},"at":"stop"}\n`);
      await eventually('2000 answers', () =>
        peer.heard.filter(({ type }) => type === 'braked').length === 2_000 ? true : undefined,
      );
      expect(peer.heard.at(-1)).toEqual({
        type: 'braked',
        ref: 2_000,
        stopped: false,
        refused: 0,
        running: 0,
      });
      proxy.call(1, 'echo', {});
      await proxy.answer(1);
      expect(executed()).toEqual(['echo']);
    },
  );
});

describe('holdpoint resume', () => {
  it('is refused to an agent, with a record, and stop is not', async () => {
    const home = newHome({ approvals: { cli: 'person' } });
    const env = { CLAUDECODE: '1' };
    expect((await holdpoint(home, ['stop'], env)).code).toBe(0);
    const tried = await holdpoint(home, ['resume'], env);
    expect([tried.code, tried.stderr]).toEqual([1, expect.stringContaining('opened by an agent')]);
    expect(recordsOf(home, 'fault')).toMatchObject([{ cause: 'resume-refused' }]);
    expect((await holdpoint(home, ['pending'])).stderr).toContain('Everything is stopped');
  });

  it('asks for the passphrase where a key is enrolled', async () => {
    const home = await enrolledHome({ allow: ['*'] }, 'ada');
    await stop(home);
    const alone = await holdpoint(home, ['resume']);
    expect(alone.code).not.toBe(0);
    expect((await holdpoint(home, ['pending'])).stderr).toContain('Everything is stopped');
    const terminal = new Terminal({ words: ['resume', '--home', home], columns: 120 });
    await terminal.shows('Passphrase of ada');
    terminal.type(`${PASSPHRASE}\r`);
    await terminal.shows('Resumed');
    await terminal.exit;
    expect(recordsOf(home, 'stop')[1]).toMatchObject({ event: 'resumed', by: { name: 'ada', tier: 1 } });
  });

  it('of what is not stopped says so', async () => {
    const { code, stdout } = await holdpoint(newHome({}), ['resume']);
    expect([code, stdout]).toEqual([0, expect.stringContaining('Nothing is stopped')]);
  });

  it.skipIf(!LONG)(
    'by another hand is found by audit verify, and so is a stop that nobody recorded',
    async () => {
      const home = newHome({});
      await stop(home);
      rmSync(stopFile(home));
      const taken = await holdpoint(home, ['audit', 'verify']);
      expect([taken.code, taken.stdout]).toEqual([5, expect.stringContaining('it was taken away by hand')]);
      await stop(home);
      await holdpoint(home, ['resume']);
      writeFileSync(stopFile(home), '');
      const put = await holdpoint(home, ['audit', 'verify']);
      expect([put.code, put.stdout]).toEqual([
        1,
        expect.stringContaining('no record of this log says by whom'),
      ]);
    },
  );
});

describe('the approval terminal', () => {
  it('stops everything by ! and Enter, says so in its first lines, and how to go on', async () => {
    const server = await toolsProxy(ASKED);
    const { proxy, home } = server;
    proxy.call(1, 'echo', {});
    await oneHold(home);
    const terminal = new Terminal({ words: ['watch', '--home', home], columns: 130, rows: 30 });
    await terminal.shows('1 waiting');
    terminal.type('!');
    await terminal.shows('Refuse every call until holdpoint resume?');
    terminal.type('\u001b');
    await terminal.shows('a approve');
    expect(recordsOf(home, 'stop')).toEqual([]);
    terminal.type('!');
    await terminal.shows('Refuse every call until holdpoint resume?');
    terminal.type('Enough');
    await terminal.shows('Reason: Enough');
    terminal.type('\r');
    await terminal.shows('1 call that waited was refused');
    expect(terminal.rows().slice(0, 3).join('\n')).toMatch(
      /No call runs until "holdpoint resume"\. Everything is stopped since .*Enough/,
    );
    expect(await proxy.text(1)).toContain('Reason: Enough.');
    expect(recordsOf(home, 'stop')).toMatchObject([
      { event: 'stopped', reason: 'Enough', by: { method: 'watch' } },
    ]);
    terminal.type('!');
    await terminal.shows('To go on: holdpoint resume, in a shell of yours');
    await holdpoint(home, ['resume']);
    await eventually('a desk without that line', () =>
      terminal.rows().join('\n').includes('Everything is stopped') ? undefined : true,
    );
    terminal.type('q');
    await terminal.exit;
  });

  it('shows that everything is stopped though no server runs', async () => {
    const home = newHome({});
    await stop(home);
    const terminal = new Terminal({ words: ['watch', '--home', home] });
    await terminal.shows('No call runs until "holdpoint resume". Everything is stopped');
    terminal.type('q');
    await terminal.exit;
  });
});

import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { gather } from '../../src/approvals/channel/ask-proxies.ts';
import { holdpoint } from '../support/cli.ts';
import { eventually } from '../support/eventually.ts';
import { fifo } from '../support/fifo.ts';
import { newFolder, newHome, recordsOf, sockets } from '../support/home.ts';
import { BIN } from '../support/proxy-process.ts';
import { toolsProxy } from '../support/tools-server.ts';

const SOON_MS = 8_000;

describe('a folder whose .policyrc is', () => {
  it.for([
    ['a FIFO', (path: string) => fifo(path)],
    ['a link to an endless device', (path: string) => symlinkSync('/dev/zero', path)],
    ['a link to itself', (path: string) => symlinkSync('.policyrc', path)],
    [
      'a sparse file of 3 GB',
      (path: string) => {
        writeFileSync(path, '');
        truncateSync(path, 3 * 1024 ** 3);
      },
    ],
  ] as const)('%s stops no server that starts there, and the record says so', async ([, make]) => {
    const folder = newFolder();
    make(join(folder, '.policyrc'));
    const before = Date.now();
    const { proxy, home } = await toolsProxy({ allow: ['srv/*'] }, { cwd: folder });
    proxy.send({ id: 1, method: 'ping' });
    proxy.call(2, 'echo');
    await proxy.answer(2);
    expect(Date.now() - before).toBeLessThan(SOON_MS);
    expect(proxy.answers(2)[0]?.result?.isError).not.toBe(true);
    await proxy.end();
    expect(proxy.stderr).toContain(`The policy ${join(folder, '.policyrc')} `);
    const ignored = recordsOf(home, 'policy').filter((record) => record['event'] === 'ignored');
    expect(ignored).toMatchObject([{ file: join(folder, '.policyrc') }]);
    expect(String(ignored[0]?.['why'])).toContain('and is ignored');
    expect((await holdpoint(home, ['audit', 'verify'])).code).toBe(0);
  });

  it('nested thousands deep makes every call a question, and the proxy goes on', async () => {
    const folder = newFolder();
    writeFileSync(join(folder, '.policyrc.yaml'), '['.repeat(2_000) + ']'.repeat(2_000));
    const { proxy } = await toolsProxy(
      { allow: ['srv/*'], approvals: { headless: 'deny' } },
      { cwd: folder },
    );
    proxy.call(1, 'echo');
    expect((await proxy.answer(1)).result?.isError).toBe(true);
    expect(proxy.stderr).toContain('nested more than 64 deep');
    expect(await proxy.end()).toBe(0);
  });

  it('above the repository, or above a folder outside of one, is not looked at', async () => {
    const folder = newFolder();
    fifo(join(folder, '.policyrc'));
    for (const inner of ['repository', 'plain']) {
      mkdirSync(join(folder, inner, inner === 'repository' ? '.git' : 'x'), { recursive: true });
      const { proxy } = await toolsProxy({ allow: ['srv/*'] }, { cwd: join(folder, inner) });
      proxy.call(1, 'echo');
      await proxy.answer(1);
      await proxy.end();
      expect(proxy.stderr).not.toContain('.policyrc');
    }
  });
});

describe('a project policy that others may write', () => {
  it('is told of where a person looks: in the record and at the terminal', async () => {
    const folder = newFolder();
    const path = join(folder, '.policyrc');
    writeFileSync(path, '{"version":1,"deny":["*"]}');
    chmodSync(path, 0o664);
    const { proxy, home } = await toolsProxy({ allow: ['srv/*'] }, { cwd: folder });
    proxy.call(1, 'echo');
    await proxy.answer(1);
    await eventually('the socket', () => sockets(home).length === 1);
    const { attached } = await gather(join(home, 'run'));
    const notices = attached.flatMap(({ session }) => session.notices);
    for (const one of attached) one.close();
    const said = `The policy ${path} can be written by other users and is ignored. Run "chmod go-w" on it, then "holdpoint policy apply". Nothing that it denies or escalates counts.`;
    expect(notices).toEqual([said]);
    await proxy.end();
    expect(recordsOf(home, 'policy').map((record) => record['why'])).toContain(said);
    const { stdout } = await holdpoint(home, ['audit', 'export', '--format', 'json']);
    expect(stdout).toContain('can be written by other users');
  });

  it('keeps no other policy from being applied: it is left aside, and said', () => {
    const folder = newFolder();
    const path = join(folder, '.policyrc');
    writeFileSync(path, '{"version":1,"deny":["*"]}');
    chmodSync(path, 0o664);
    const home = newHome({ allow: ['srv/*'] });
    const ran = spawnSync(process.execPath, [BIN, 'policy', 'apply', '--yes', '--home', home], {
      cwd: folder,
      encoding: 'utf8',
    });
    expect(ran.stdout).toContain(`The policy ${path} can be written by other users`);
    expect(ran.stdout).toContain('It is left aside.');
    expect(ran.stdout).toContain('Applied.');
    expect(ran.status).toBe(1);
    expect(recordsOf(home, 'policy').map(({ file }) => file)).toEqual([join(home, 'policy.json')]);
  });
});

describe('a home that is not an absolute path', () => {
  it.for([
    ['HOLDPOINT_HOME', [], { HOLDPOINT_HOME: 'rel' }],
    ['--home', ['--home', 'rel'], {}],
  ] as const)('by %s starts no server and makes no folder', ([, words, env]) => {
    const folder = newFolder();
    const run = (): string =>
      execFileSync(process.execPath, [BIN, 'run', ...words, '--', 'cat'], {
        cwd: folder,
        env: { PATH: process.env['PATH'], HOME: folder, ...env },
        encoding: 'utf8',
        stdio: 'pipe',
      });
    expect(run).toThrow('is not an absolute path');
    expect(execFileSync('ls', ['-A', folder], { encoding: 'utf8' })).toBe('');
  });
});

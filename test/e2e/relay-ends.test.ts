import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { oneHold, ranToEnd } from '../support/cli.ts';
import { eventually } from '../support/eventually.ts';
import { auditFiles, newFolder, newHome, recordsOf, sockets } from '../support/home.ts';
import { part } from '../support/long.ts';
import { BIN, cleanEnv, fixture, ProxyProcess } from '../support/proxy-process.ts';
import { inPieces, RawClient } from '../support/raw-client.ts';
import { toolsProxy } from '../support/tools-server.ts';

const node = process.execPath;
const CALL = '{"jsonrpc":"2.0","id":ID,"method":"tools/call","params":{"name":"t","arguments":{}}}';
const shell = (script: string): string[] => ['sh', '-c', script];

/** The process whose id is in the file; ended with the test. */
async function grandchild(file: string): Promise<number> {
  const pid = Number(
    await eventually('the grandchild', () => existsSync(file) && readFileSync(file, 'utf8')),
  );
  onTestFinished(() => {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has ended already.
    }
  });
  return pid;
}

/** `holdpoint run` as a shell starts it, with these redirections. */
function redirected(home: string, server: string, redirections: string): ChildProcess {
  const script = `exec ${node} ${BIN} run --home ${home} --server srv -- ${server} ${redirections}`;
  const child = spawn('sh', ['-c', script], { stdio: 'pipe', env: cleanEnv(), cwd: '/tmp' });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

describe('a server that closes one of its pipes and lives on', () => {
  it('its input: it is ended, and a call that it can never have got is answered', async () => {
    const proxy = new ProxyProcess({
      home: newHome({ allow: ['*'] }),
      server: shell('exec 0<&-; exec sleep 1000'),
      words: ['--server', 'x', '--'],
    });
    await sleep(200);
    proxy.call(1, 'lost');
    expect((await proxy.answer(1)).error?.message).toContain('the outcome is unknown');
    expect(await proxy.exit).toBe(143);
    expect(proxy.stderr).toBe('');
  });

  it('its output: it is ended, and a call that it can never answer is answered', async () => {
    const proxy = new ProxyProcess({
      home: newHome({ allow: ['*'] }),
      server: shell('exec 1>&-; exec sleep 1000'),
    });
    proxy.call(1, 'mute');
    expect((await proxy.answer(1)).error?.message).toContain('the outcome is unknown');
    expect(await proxy.exit).toBe(143);
  });
});

describe('a grandchild that keeps the pipes of its ended server', () => {
  it.each(['nothing', 'end of input', 'SIGTERM'])(
    'and ignores everything does not keep us, whatever the client does: %s',
    async (how) => {
      const file = join(newFolder(), 'pid');
      const server = shell(`${node} ${fixture('stubborn')} ${file} & exit 0`);
      const client = new RawClient({ home: newHome(), server }).read();
      await grandchild(file);
      if (how === 'SIGTERM') client.child.kill('SIGTERM');
      if (how === 'end of input') client.child.stdin!.end();
      expect(await Promise.race([client.exit, sleep(10_000).then(() => 'hangs')])).toBe(0);
    },
  );

  it('and talks for ever does not keep us', async () => {
    const file = join(newFolder(), 'pid');
    const server = shell(`${node} ${fixture('babbler')} ${file} & exit 0`);
    const client = new RawClient({ home: newHome(), server }).read();
    await grandchild(file);
    client.child.stdin!.end();
    expect(await Promise.race([client.exit, sleep(12_000).then(() => 'hangs')])).toBe(0);
  });
});

describe('signals', () => {
  it.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)(
    '%s twice ends it once, without a fault',
    async (signal) => {
      const { proxy, home } = await toolsProxy({ escalate: ['*'] });
      proxy.call(1, 'write');
      await oneHold(home);
      proxy.child.kill(signal);
      proxy.child.kill(signal);
      await proxy.exit;
      expect(proxy.stderr).toBe('');
      expect(recordsOf(home, 'verdict')).toMatchObject([{ verdict: 'withdrawn' }]);
      expect(proxy.answers(1)).toHaveLength(1);
    },
  );

  it('SIGPIPE and SIGUSR1 change nothing', async () => {
    const { proxy } = await toolsProxy({ allow: ['*'] });
    proxy.child.kill('SIGPIPE');
    proxy.child.kill('SIGUSR1');
    await sleep(50);
    proxy.call(1, 'echo');
    expect(await proxy.text(1)).toBe('{}');
    expect(await proxy.end()).toBe(0);
  });

  it.each(part([1, 5, 20, 50, 150], 3))(
    'SIGTERM %d ms after the start leaves no server behind',
    async (ms) => {
      const file = join(newFolder(), 'pid');
      const client = new RawClient({ home: newHome(), server: [node, fixture('stubborn'), file] }).read();
      await sleep(ms);
      client.child.kill('SIGTERM');
      await client.exit;
      if (existsSync(file))
        expect(() => process.kill(Number(readFileSync(file, 'utf8')), 0)).toThrow('ESRCH');
    },
  );
});

describe('a client that kills', () => {
  /** What has run when the server has read what it has, and then the end of its input. */
  const rested = <T>(executed: () => T[]): Promise<T[]> =>
    eventually('the server to rest', async () => {
      const before = executed().length;
      await sleep(300);
      return executed().length === before && executed();
    });

  it('at once, in the middle of many calls: the server has run none that is not on disk', async () => {
    const home = newHome({ allow: ['*'] });
    const log = join(newFolder(), 'log');
    const client = new RawClient({ home, server: [node, fixture('tools'), log] }).read();
    const flood = client.flood(inPieces(40_000, (id) => `${CALL.replace('ID', `${id}`)}\n`));
    const executed = () =>
      readFileSync(log, 'utf8')
        .split('\n')
        .slice(0, -1)
        .map((line) => (JSON.parse(line) as { id: number }).id);
    await eventually('some to run', () => existsSync(log) && executed().length > 20);
    client.child.kill('SIGKILL');
    expect(await client.exit).toBe('SIGKILL');
    await flood;
    const known = recordsOf(home, 'decision').length;
    const ran = await rested(executed);
    expect(ran).toEqual(ran.map((_, n) => n));
    expect(ran.length).toBeLessThanOrEqual(known);
  });

  it.each(part([0, 2, 10], 2))(
    'with the end of input, SIGTERM and SIGKILL %d ms later: nothing held has run, no record is torn',
    async (ms) => {
      const { proxy, home, executed } = await toolsProxy({ escalate: ['srv/write'], allow: ['*'] });
      proxy.call(1, 'write', { path: '/nowhere', text: '' });
      await oneHold(home);
      proxy.call(2, 'echo');
      await proxy.answer(2);
      proxy.child.stdin!.end();
      proxy.child.kill('SIGTERM');
      if (ms > 0) await sleep(ms);
      proxy.child.kill('SIGKILL');
      await proxy.exit;
      for (const file of auditFiles(home)) expect(readFileSync(file, 'utf8').endsWith('\n')).toBe(true);
      expect(await rested(executed)).toEqual(['echo']);
      expect(recordsOf(home, 'decision')).toHaveLength(2);
      expect(recordsOf(home, 'forward')).toEqual([]);
    },
  );

  it('leaves a server that sees the end of its input', async () => {
    const folder = newFolder();
    const server = shell(`cat > ${folder}/got; echo end > ${folder}/end`);
    const client = new RawClient({ home: newHome({ allow: ['*'] }), server });
    client.send({ method: 'n' });
    await eventually(
      'the line',
      () => existsSync(`${folder}/got`) && readFileSync(`${folder}/got`).length > 0,
    );
    client.child.kill('SIGKILL');
    await eventually('the end', () => existsSync(`${folder}/end`));
  });
});

describe('a start that is thrown away', () => {
  it.each(['tools', 'stubborn'])(
    'says nothing and leaves nothing, with a server that is %s',
    { retry: 2 },
    async (server) => {
      const home = newHome({ allow: ['*'] });
      const client = new RawClient({
        home,
        server: [node, fixture(server), join(newFolder(), 'file')],
      }).read();
      client.send({ id: 'server-discover-probe-1', method: 'server/discover', params: {} });
      await sleep(400);
      const before = Date.now();
      client.child.stdin!.end();
      client.child.kill('SIGTERM');
      await client.exit;
      expect(Date.now() - before).toBeLessThan(1_000);
      // A home's very first start records the policy that it applies, in a file of its own.
      const runs = recordsOf(home, 'session').filter((record) => record['kind'] === 'run');
      expect([client.stderr, runs, sockets(home)]).toEqual(['', [], []]);
    },
  );
});

describe('pipes that are none', () => {
  const note = '{"jsonrpc":"2.0","method":"n"}\n';

  it.each([
    ['is /dev/null', '</dev/null'],
    ['is closed', '<&-'],
  ])('stdin that %s is a client that has ended', async (_, redirection) => {
    const child = redirected(newHome(), 'cat', redirection);
    expect(await ranToEnd(child)).toEqual({ code: 0, stdout: '', stderr: '' });
  });

  it('stdin that is a file is read to its end', async () => {
    const file = join(newFolder(), 'said');
    writeFileSync(file, note.repeat(10_000));
    const child = redirected(newHome(), 'cat', `<${file}`);
    const { code, stdout } = await ranToEnd(child);
    expect([code, stdout === note.repeat(10_000)]).toEqual([0, true]);
  });

  it('stdout that is a file gets everything', async () => {
    const file = join(newFolder(), 'heard');
    const child = redirected(newHome(), 'cat', `>${file}`);
    child.stdin!.end(note.repeat(10_000));
    expect((await ranToEnd(child)).code).toBe(0);
    expect(readFileSync(file, 'utf8') === note.repeat(10_000)).toBe(true);
  });

  it.each(['>&-', '>/dev/null', '>/dev/full'])(
    'stdout as %s is a client that does not listen',
    async (redirection) => {
      const child = redirected(newHome(), 'cat', redirection);
      child.stdin!.write(note);
      child.stdin!.end();
      const { code, stderr } = await ranToEnd(child);
      expect([code, stderr]).toEqual([0, '']);
    },
  );

  it('stderr that is closed or full hurts nobody', async () => {
    const child = redirected(newHome({ allow: ['*'] }), `sh -c 'echo log >&2; cat'`, '2>/dev/full');
    child.stdin!.end(note);
    expect((await ranToEnd(child)).stdout).toBe(note);
  });
});

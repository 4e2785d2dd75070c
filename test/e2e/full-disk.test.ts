import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { holdpoint, type Ran, ranToEnd } from '../support/cli.ts';
import { newFolder, newHome, recordsOf } from '../support/home.ts';
import { part } from '../support/long.ts';
import { BIN, cleanEnv, fixture } from '../support/proxy-process.ts';
import { toolsProxy } from '../support/tools-server.ts';

/** As good as a full disk for whoever may not mount one: no file can be written beyond so many blocks of 512 bytes. */
function limited(blocks: number, words: string[], input = ''): Promise<Ran> {
  const script = `trap "" XFSZ; ulimit -f ${blocks}; exec "$@"`;
  const child = spawn('bash', ['-c', script, 'bash', process.execPath, BIN, ...words], {
    stdio: [input === '' ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    env: cleanEnv(),
    cwd: '/tmp',
  });
  child.stdin?.write(input);
  const timer = setTimeout(() => child.stdin?.end(), 3_000);
  const ran = ranToEnd(child);
  void ran.then(() => clearTimeout(timer));
  return ran;
}

const filesOf = (home: string): string[] =>
  readdirSync(home, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(?:tmp|lock)$|redaction|policies|\.key|\.pub/.test(name))
    .sort();

const noTrace = ({ stderr }: Ran): void => {
  expect(stderr).not.toMatch(/^ +at |node:internal|unexpected fault/m);
};

/** A server whose tools `tools accept` can accept. */
function withSeenTools(home: string): string {
  const tools = { t: { digest: 'd', definition: '{}' } };
  const seen = { command: 'x', at: '', tools };
  const srv = { command: 'x', at: '', by: 'x', how: 'accepted', tools: {}, seen };
  mkdirSync(join(home, 'state'), { recursive: true, mode: 0o700 });
  writeFileSync(join(home, 'state/pins.json'), JSON.stringify({ version: 1, servers: { srv } }));
  return home;
}

describe('a disk that is full', () => {
  it('keeps a policy from counting, says so, leaves nothing behind, and is no hindrance later', async () => {
    const home = newHome({ allow: ['a/*'] });
    const refused = await limited(0, ['policy', 'apply', '--yes', '--home', home]);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toMatch(/cannot be written: .*EFBIG.*Nothing was changed\.\n$/s);
    noTrace(refused);
    expect(filesOf(home)).toEqual([]);
    const applied = await holdpoint(home, ['policy', 'apply', '--yes']);
    expect([applied.code, applied.stdout]).toEqual([0, expect.stringContaining('Applied.')]);
    expect(recordsOf(home, 'policy')).toHaveLength(1);
  });

  it('keeps tools from being accepted, without a record that says they were', async () => {
    const home = withSeenTools(newHome({}));
    const before = readFileSync(join(home, 'state/pins.json'), 'utf8');
    const refused = await limited(0, ['tools', 'accept', 'srv', '--yes', '--home', home]);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain('Nothing was changed.');
    expect(refused.stdout).not.toContain('Accepted.');
    noTrace(refused);
    expect(readFileSync(join(home, 'state/pins.json'), 'utf8')).toBe(before);
    expect(recordsOf(home, 'pin')).toEqual([]);
  });

  it('lets no call run, in a sentence, and breaks the home for no later session', async () => {
    const home = newHome({ allow: ['srv/*'] });
    const server = [process.execPath, fixture('tools'), '/dev/null', '/dev/null'];
    const start = `${JSON.stringify({ jsonrpc: '2.0', id: 0, method: 'initialize', params: { protocolVersion: '2025-11-25' } })}\n`;
    const call = `${JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'echo', arguments: {} } })}\n`;
    const ran = await limited(0, ['run', '--home', home, '--server', 'srv', '--', ...server], start + call);
    noTrace(ran);
    expect(ran.stderr).toContain('EFBIG');
    expect(ran.stdout).not.toContain('"echoed"');
    expect(filesOf(home)).toEqual([]);
    const { proxy } = await toolsProxy({}, { home });
    proxy.call(1, 'echo');
    expect((await proxy.answer(1)).result?.isError).not.toBe(true);
    await proxy.end();
  });

  it.skipIf(!existsSync('/dev/full'))(
    'under the output is told, and changes nothing of what was done',
    async () => {
      const home = newHome({ allow: ['a/*'] });
      const run = spawnSync(
        'bash',
        ['-c', `"$@" > /dev/full`, 'bash', process.execPath, BIN, 'policy', 'apply', '--yes', '--home', home],
        { encoding: 'utf8', env: cleanEnv() },
      );
      expect([run.status, run.stderr]).toEqual([
        1,
        expect.stringContaining('not all of the output could be written'),
      ]);
      expect(run.stderr).not.toMatch(/^ +at /m);
      expect((await holdpoint(home, ['policy', 'apply'])).stdout).toContain('is in force as it stands');
    },
  );

  it.skipIf(process.getuid?.() !== 0 || process.platform !== 'linux')(
    'of its own (mounted, for root alone) breaks nothing for good',
    async () => {
      const home = newFolder();
      try {
        execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k,mode=700', 'tmpfs', home], { stdio: 'ignore' });
      } catch {
        return; // A container without the right to mount.
      }
      onTestFinished(() => void spawnSync('umount', ['-l', home]));
      writeFileSync(join(home, 'policy.json'), '{"version":1,"allow":["srv/*"],"approvals":{"cli":"any"}}', {
        mode: 0o600,
      });
      withSeenTools(home);
      spawnSync('dd', ['if=/dev/zero', `of=${join(home, 'ballast')}`, 'bs=1k'], { stdio: 'ignore' });
      for (const words of [
        ['policy', 'apply', '--yes'],
        ['tools', 'accept', 'srv', '--yes'],
      ]) {
        const refused = await holdpoint(home, words);
        expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining('Nothing was changed.')]);
        noTrace(refused);
      }
      const full = await toolsProxy({}, { home });
      full.proxy.call(1, 'echo');
      await full.proxy.exit;
      expect(full.proxy.stderr).not.toContain('unexpected fault');
      for (const name of ['ballast', 'state/pins.json']) rmSync(join(home, name));
      expect(filesOf(home).filter((name) => !name.endsWith('policies.json'))).toEqual([]);
      const { proxy } = await toolsProxy({}, { home });
      proxy.call(1, 'echo');
      expect((await proxy.answer(1)).result?.isError).not.toBe(true);
      await proxy.end();
    },
  );
});

describe('what an earlier holdpoint left of a full disk', () => {
  it.for(['', '0123456789abcdef'])(
    'a redaction key of %j is set aside, told of, and made anew',
    async (half) => {
      const home = newHome({ allow: ['srv/*'] });
      mkdirSync(join(home, 'state'), { mode: 0o700 });
      writeFileSync(join(home, 'state/redaction.key'), half);
      const { proxy } = await toolsProxy({}, { home });
      proxy.call(1, 'echo');
      expect((await proxy.answer(1)).result?.isError).not.toBe(true);
      await proxy.end();
      expect(proxy.stderr).toContain('held no whole key');
      expect(readFileSync(join(home, 'state/redaction.key'), 'utf8')).toMatch(/^[0-9a-f]{64}\n$/);
      expect(readdirSync(join(home, 'state')).filter((name) => name.includes('.corrupt-'))).toHaveLength(1);
    },
  );

  it("an empty lock is nobody's", async () => {
    const home = newHome({ allow: ['a/*'] });
    mkdirSync(join(home, 'state'), { mode: 0o700 });
    writeFileSync(join(home, 'state/policies.json.lock'), '');
    const applied = await holdpoint(home, ['policy', 'apply', '--yes']);
    expect([applied.code, applied.stderr]).toEqual([0, '']);
  });
});

describe('a home in which something is not what it should be', () => {
  const FILES = ['state', 'audit', 'run', 'keys'];
  const FOLDERS = ['state/policies.json', 'state/pins.json', 'state/approvers.json', 'state/grants.json'];
  const COMMANDS = [
    ['policy', 'apply', '--yes'],
    ['policy', 'check'],
    ['policy', 'explain', 'a/b'],
    ['tools', 'accept', 'srv', '--yes'],
    ['grants', 'list'],
    ['grants', 'revoke', 'x'],
    ['approver', 'list'],
    ['audit', 'list'],
    ['pending'],
  ];

  it.for<[at: string, kind: 'file' | 'folder']>([
    ...FILES.map((at): [string, 'file'] => [at, 'file']),
    ...FOLDERS.map((at): [string, 'folder'] => [at, 'folder']),
  ])(
    'with %s as a %s every command says a sentence or does its work',
    { timeout: 60_000 },
    async ([at, kind]) => {
      const home = withSeenTools(newHome({ allow: ['a/*'] }));
      rmSync(join(home, at), { recursive: true, force: true });
      if (kind === 'file') writeFileSync(join(home, at), '');
      else mkdirSync(join(home, at));
      // Each place meets a third of the commands, others than its neighbours do; in the long run all of them.
      for (const words of part(COMMANDS, 3, [...FILES, ...FOLDERS].indexOf(at))) {
        const ran = await holdpoint(home, words);
        noTrace(ran);
        expect([0, 1, 2, 3, 4, 10, 11]).toContain(ran.code);
        if (ran.code === 1) expect(ran.stderr).toMatch(/^holdpoint: .*[.]\n$/s);
      }
    },
  );

  it.for(['run', 'run/ids'])(
    'with %s as a file a held call is refused and the session ends in order',
    async (at) => {
      const home = newHome({ escalate: ['srv/*'] });
      mkdirSync(join(home, at, '..'), { recursive: true, mode: 0o700 });
      writeFileSync(join(home, at), '');
      const { proxy } = await toolsProxy({}, { home });
      proxy.call(1, 'echo');
      expect((await proxy.answer(1)).result?.isError).toBe(true);
      expect(await proxy.end()).toBe(0);
      expect(proxy.stderr).not.toContain('unexpected fault');
    },
  );
});

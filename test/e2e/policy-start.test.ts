import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { holdpoint } from '../support/cli.ts';
import { eventually } from '../support/eventually.ts';
import { auditFiles, newFolder, newHome, recordsOf, sockets, writePolicy } from '../support/home.ts';
import { fixture, ProxyProcess } from '../support/proxy-process.ts';
import { toolsProxy } from '../support/tools-server.ts';

const node = process.execPath;

describe('a throw-away start', () => {
  it('leaves no audit file and no socket, and writes nothing to stdout', async () => {
    const home = newHome({ allow: ['*'] });
    const proxy = new ProxyProcess({ home, server: ['cat'] });
    expect(await proxy.end()).toBe(0);
    expect([auditFiles(home), sockets(home)]).toEqual([[], []]);
    expect(proxy.stdout.length).toBe(0);
  });

  it('that only asks for the list leaves none either', async () => {
    const { proxy, home } = await toolsProxy({ allow: ['*'] });
    proxy.send({ id: 1, method: 'tools/list' });
    await proxy.answer(1);
    proxy.child.kill('SIGTERM');
    await proxy.exit;
    expect([auditFiles(home), sockets(home)]).toEqual([[], []]);
  });

  it('that lived for a while takes its socket with it', async () => {
    const { proxy, home } = await toolsProxy({ allow: ['*'] });
    await eventually('the socket', () => sockets(home).length === 1);
    await proxy.end();
    expect(sockets(home)).toEqual([]);
  });
});

describe('the policy at the start', () => {
  it('calls sent before it is loaded wait and are decided in their order', async () => {
    const home = newHome({ deny: ['srv/fail'], allow: ['*'] });
    const file = join(newFolder(), 'log');
    const proxy = new ProxyProcess({
      home,
      words: ['--server', 'srv', '--'],
      server: [node, fixture('tools'), file],
    });
    proxy.send({ id: 0, method: 'initialize', params: { protocolVersion: '2025-11-25' } });
    for (let id = 1; id <= 9; id += 1) proxy.call(id, id % 3 === 0 ? 'fail' : 'echo', { id });
    proxy.cancel(4);
    for (const id of [0, 1, 2, 3, 5, 6, 7, 8, 9]) await proxy.answer(id);
    await proxy.end();
    const decided = recordsOf(home, 'decision').map((record) => record['arguments'] as { id: number });
    const ids = decided.map((args) => args.id);
    expect(ids).toEqual([...ids].sort((a, b) => a - b));
    expect(ids).toContain(9);
    expect(proxy.answers(3)[0]?.result?.isError).toBe(true);
    const log = readFileSync(file, 'utf8');
    expect(log).not.toContain('"fail"');
  });

  it('that is invalid: exit 3, every problem on stderr, every request answered, nothing executed', async () => {
    const home = newHome();
    const text = '{"version": 1, "alow": ["*"], "default": "sometimes", "deny": [{"tol": "x"}]}';
    writeFileSync(join(home, 'policy.json'), text, { mode: 0o600 });
    const file = join(newFolder(), 'log');
    const proxy = new ProxyProcess({ home, server: [node, fixture('tools'), file] });
    proxy.call(1, 'echo');
    expect(await proxy.exit).toBe(3);
    for (const word of ['alow', 'default', 'tol']) expect(proxy.stderr).toContain(word);
    expect((await proxy.answer(1)).result?.isError ?? true).toBe(true);
    expect(proxy.answers(1)).toHaveLength(1);
    expect(existsSync(file)).toBe(false);
  });

  it('that does not exist where --policy says: exit 3 and nothing executed', async () => {
    const home = newHome();
    const proxy = new ProxyProcess({ home, server: ['cat'], words: ['--policy', '/nowhere/p.json', '--'] });
    proxy.call(1, 'echo');
    expect(await proxy.exit).toBe(3);
    expect(proxy.stderr).toContain('/nowhere/p.json');
    expect((await proxy.answer(1)).error ?? (await proxy.answer(1)).result?.isError).toBeTruthy();
  });

  it('that does not exist at all: every call is a question', async () => {
    const { proxy, home, executed } = await toolsProxy({}, { home: newHome() });
    proxy.call(1, 'echo');
    await eventually('the hold', () => recordsOf(home, 'hold').length === 1);
    expect(executed()).toEqual([]);
  });

  it('that others can write is not used', async () => {
    const home = newHome({ allow: ['*'] });
    const { chmodSync } = await import('node:fs');
    chmodSync(join(home, 'policy.json'), 0o666);
    const { proxy, executed } = await toolsProxy({}, { home });
    proxy.call(1, 'echo');
    await proxy.said('can be written by other users and is ignored');
    await eventually('the hold', () => recordsOf(home, 'hold').length === 1);
    expect(executed()).toEqual([]);
  });

  it('that changed since it was applied stays aside until a person applies it', async () => {
    const home = newHome({ deny: ['*'] });
    const first = await toolsProxy({}, { home });
    first.proxy.call(1, 'echo');
    expect(await first.proxy.text(1)).toContain('Not executed');
    await first.proxy.end();

    writePolicy(join(home, 'policy.json'), { allow: ['*'] });
    const second = await toolsProxy({}, { home });
    second.proxy.call(1, 'echo');
    expect(await second.proxy.text(1)).toContain('Not executed');
    await second.proxy.said('has changed since it was applied');
    await second.proxy.end();
    expect(second.executed()).toEqual([]);
    // Two sessions of one second have names in no order.
    const records = recordsOf(home, 'policy').sort((a, b) =>
      String(a['time']).localeCompare(String(b['time'])),
    );
    expect(records.map((record) => record['event'])).toEqual(['applied', 'ignored']);
  });
});

describe('a hostile working folder', () => {
  function hostileFolder(): { folder: string; marker: string } {
    const folder = newFolder();
    const marker = join(folder, 'executed');
    const code = `require('node:fs').writeFileSync(${JSON.stringify(marker)}, ''); module.exports = {};`;
    const allowAll = JSON.stringify({ version: 1, allow: ['*'], approvals: { cli: 'any' } });
    mkdirSync(join(folder, '.config'));
    writeFileSync(join(folder, '.config/config.cjs'), code);
    writeFileSync(
      join(folder, '.config/config.json'),
      JSON.stringify({ cosmiconfig: { searchPlaces: ['evil.json'], stopDir: '/' } }),
    );
    writeFileSync(
      join(folder, 'package.json'),
      JSON.stringify({
        cosmiconfig: { searchPlaces: [join(folder, 'evil.json')] },
        policy: { allow: ['*'] },
      }),
    );
    for (const name of ['evil.json', '.policyrc', '.policyrc.json', 'policy.json', 'policy.config.cjs'])
      writeFileSync(join(folder, name), name.endsWith('.cjs') ? code : allowAll);
    return { folder, marker };
  }

  async function startIn(folder: string, home: string) {
    const out = join(newFolder(), 'out');
    const proxy = new ProxyProcess({ home, cwd: folder, server: [node, fixture('where'), out] });
    // It may just be writing it.
    await eventually('the server', () => existsSync(out) && readFileSync(out, 'utf8').endsWith('}'));
    proxy.call(1, 'echo');
    return { proxy, where: JSON.parse(readFileSync(out, 'utf8')) as { cwd: string } };
  }

  it('is not executed and not used: without a policy of its own the call is held', async () => {
    const { folder, marker } = hostileFolder();
    const home = newHome();
    const { proxy, where } = await startIn(folder, home);
    await eventually('the hold', () => recordsOf(home, 'hold').length === 1);
    expect(recordsOf(home, 'decision')[0]).toMatchObject({ effect: 'escalate', rule: 'default' });
    expect(existsSync(marker)).toBe(false);
    expect(where.cwd).toBe(folder);
    await proxy.end();
  });

  it("does not replace the home's policy", async () => {
    const { folder, marker } = hostileFolder();
    const home = newHome({ deny: ['*'] });
    const { proxy } = await startIn(folder, home);
    expect(await proxy.text(1)).toContain('Not executed');
    await proxy.end();
    const { stdout, stderr } = await holdpoint(home, ['policy', 'check']);
    expect(stdout + stderr).toContain(join(home, 'policy.json'));
    expect(existsSync(marker)).toBe(false);
  });
});

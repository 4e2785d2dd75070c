import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { gather } from '../../src/approvals/channel/ask-proxies.ts';
import { resolveHome } from '../../src/platform/home.ts';
import { approveHold, holdpoint, oneHold } from '../support/cli.ts';
import { eventually } from '../support/eventually.ts';
import { newFolder, newHome, recordsOf } from '../support/home.ts';
import { LONG } from '../support/long.ts';
import { BIN } from '../support/proxy-process.ts';
import { toolsProxy } from '../support/tools-server.ts';

const ASKED = { escalate: ['srv/echo', 'srv/write'], allow: ['*'] };

interface Told {
  event: string;
  count: number;
  holds: {
    id: string;
    class: string;
    server: string;
    tool: string;
    since: string;
    answerBy: string | null;
  }[];
}

/** A program of these lines, which find its folder in `$here`. */
function script(...lines: string[]): { program: string; folder: string } {
  const folder = newFolder();
  const program = join(folder, 'call');
  writeFileSync(program, ['#!/bin/sh', `here='${folder}'`, ...lines, ''].join('\n'));
  chmodSync(program, 0o755);
  return { program, folder };
}

const under = (notify: object) => ({ ...ASKED, approvals: { notify } });
const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    // A zombie that nobody has waited for yet does nothing more.
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
};
const pidIn = (file: string) =>
  eventually('the notifier to run', () => {
    const pid = existsSync(file) ? Number(readFileSync(file, 'utf8').trim()) : 0;
    return pid > 0 ? pid : undefined;
  });

describe('approvals.notify', () => {
  it('is told of a call within two seconds, once, while no terminal is open', async () => {
    const { program, folder } = script('cat >>"$here/told"');
    const told = join(folder, 'told');
    const { proxy, home } = await toolsProxy(under({ command: [program], after: '0s' }));
    proxy.send({ id: 'list', method: 'tools/list' });
    await proxy.answer('list');
    proxy.call(1, 'echo', { text: 'my secret' });
    const text = await eventually(
      'the notifier to be told',
      () => (existsSync(told) ? readFileSync(told, 'utf8') || undefined : undefined),
      2_000,
    );
    const { event, count, holds } = JSON.parse(text) as Told;
    const hold = await oneHold(home);
    expect([event, count, holds.map(({ id }) => id)]).toEqual(['waiting', 1, [hold.id]]);
    expect(holds[0]).toMatchObject({ server: 'srv', tool: 'echo' });
    expect(text).not.toContain('secret');
    await sleep(1_500);
    expect(readFileSync(told, 'utf8')).toBe(text);
    expect((await approveHold(home, hold.id)).code).toBe(0);
    await proxy.text(1);
    await proxy.end();
    expect(recordsOf(home, 'notify')).toMatchObject([
      { event: 'waiting', holds: [hold.id], exit: 'exit code 0' },
    ]);
    expect((await holdpoint(home, ['audit', 'verify'])).code).toBe(0);
  });

  it('is run once for calls of one moment, and names no tool that the server does not have', async () => {
    const { program, folder } = script('cat >>"$here/told"');
    const told = join(folder, 'told');
    const { proxy } = await toolsProxy({
      ...under({ command: [program], after: '0s' }),
      allow: [],
    });
    proxy.send({ id: 'list', method: 'tools/list' });
    await proxy.answer('list');
    for (let n = 1; n <= 3; n += 1) proxy.call(n, 'echo', { n });
    proxy.call(4, 'ring +49 30 901820 now', {});
    const text = await eventually('it to be told', () =>
      existsSync(told) ? readFileSync(told, 'utf8') || undefined : undefined,
    );
    const { count, holds } = JSON.parse(text) as Told;
    expect(count).toBe(4);
    expect(holds.map(({ tool }) => tool)).toEqual(['echo', 'echo', 'echo', 'unknown tool']);
  });

  it('works in the home, with the words as they are and none of the secrets of the server', async () => {
    const { program, folder } = script(`{ pwd; printf '%s\\n' "$@"; env; } >"$here/told"`);
    const told = join(folder, 'told');
    const words = ['$HOME', '`id`', '; touch x', '*'];
    const { proxy, home } = await toolsProxy(under({ command: [program, ...words], after: '0s' }), {
      env: { SERVER_TOKEN: 'hush', HOLDPOINT_NOTIFY_TOPIC: 'mine' },
    });
    proxy.call(1, 'echo', {});
    const text = await eventually('it to be told', () =>
      existsSync(told) && readFileSync(told, 'utf8').includes('PATH=')
        ? readFileSync(told, 'utf8')
        : undefined,
    );
    expect(text.split('\n').slice(0, 5)).toEqual([home, ...words]);
    expect(text).toContain('HOLDPOINT_NOTIFY_TOPIC=mine');
    expect(text).not.toContain('hush');
  });

  it.each([
    ['is not there', '/nowhere/at/all', undefined, 'not started: it was not found'],
    ['may not be executed', undefined, 0o644, 'not started: it may not be executed'],
    ['fails', undefined, 0o755, 'exit code 9'],
  ])('that %s is said once, recorded, and keeps no call waiting', async (_, named, mode, exit) => {
    const { program } = script('exit 9');
    if (mode !== undefined) chmodSync(program, mode);
    const { proxy, home } = await toolsProxy(under({ command: [named ?? program], after: '0s' }));
    for (let n = 1; n <= 2; n += 1) {
      proxy.call(n, 'echo', { n });
      const { id } = await oneHold(home);
      await eventually('the run to be recorded', () => recordsOf(home, 'notify')[n - 1]);
      expect((await approveHold(home, id)).code).toBe(0);
      expect(await proxy.text(n)).toContain('"n":');
    }
    expect(recordsOf(home, 'notify').map((record) => record['exit'])).toEqual([exit, exit]);
    expect(proxy.stderr.match(/The notifier /g)).toHaveLength(1);
    const { attached } = await gather(resolveHome(home, {}).run);
    for (const one of attached) one.close();
    expect(attached[0]?.session.notices.join()).toContain(`(approvals.notify) failed: ${exit}.`);
    expect(proxy.stderr).toContain(`(approvals.notify) failed: ${exit}.`);
  });

  it('that hangs and floods is ended after ten seconds with what it started, and delays no call', async () => {
    const lines = [
      "trap '' TERM",
      'echo $$ >"$here/own"',
      'sleep 1000 &',
      'echo $! >"$here/child"',
      'exec yes',
    ];
    const { program, folder } = script(...lines);
    const { proxy, home } = await toolsProxy(under({ command: [program], after: '0s' }));
    proxy.call(1, 'echo', { n: 1 });
    const pids = [await pidIn(join(folder, 'own')), await pidIn(join(folder, 'child'))];
    const { id } = await oneHold(home);
    expect((await approveHold(home, id)).code).toBe(0);
    expect(await proxy.text(1)).toContain('"n":');
    expect(pids.map(isAlive)).toEqual([true, true]);
    await proxy.said('(approvals.notify) failed: ended after 10 s.', 15_000);
    await eventually('both to be gone', () => (pids.some(isAlive) ? undefined : true));
    await eventually('the run to be recorded', () => recordsOf(home, 'notify')[0]);
    expect(recordsOf(home, 'notify')).toMatchObject([{ exit: 'ended after 10 s' }]);
  }, 30_000);

  it.each(['its client leaves', 'it is told to end'])(
    'that still runs is ended with its proxy: %s',
    async (how) => {
      const { program, folder } = script('echo $$ >"$here/own"', 'sleep 1000');
      const own = join(folder, 'own');
      const { proxy, home } = await toolsProxy(under({ command: [program], after: '0s' }));
      proxy.call(1, 'echo', {});
      const pid = await pidIn(own);
      if (how === 'its client leaves') await proxy.end();
      else {
        proxy.child.kill('SIGTERM');
        await proxy.exit;
      }
      await eventually('it to be gone', () => (isAlive(pid) ? undefined : true));
      expect(recordsOf(home, 'notify')).toMatchObject([{ exit: 'ended with its session' }]);
      expect((await holdpoint(home, ['audit', 'verify'])).code).toBe(0);
    },
  );

  it.skipIf(!LONG)(
    'is ended some seconds later than usual where its proxy was killed outright',
    async () => {
      const { program, folder } = script(
        'echo $$ >"$here/own"',
        'sleep 1000 &',
        'echo $! >"$here/child"',
        'exec yes',
      );
      const { proxy } = await toolsProxy(under({ command: [program], after: '0s' }));
      proxy.call(1, 'echo', {});
      const pids = [await pidIn(join(folder, 'own')), await pidIn(join(folder, 'child'))];
      proxy.child.kill('SIGKILL');
      await proxy.exit;
      expect(pids.map(isAlive)).toEqual([true, true]);
      await eventually('both to be gone', () => (pids.some(isAlive) ? undefined : true), 20_000);
    },
    40_000,
  );

  it('takes with it what it started in the background', async () => {
    const { program, folder } = script('sleep 1000 &', 'echo $! >"$here/child"');
    const { proxy, home } = await toolsProxy(under({ command: [program], after: '0s' }));
    proxy.call(1, 'echo', {});
    const pid = await pidIn(join(folder, 'child'));
    await eventually('it to be gone', () => (isAlive(pid) ? undefined : true));
    await eventually('the run to be recorded', () => recordsOf(home, 'notify')[0]);
    expect(recordsOf(home, 'notify')).toMatchObject([{ exit: 'exit code 0' }]);
  });

  it('cannot approve: what it runs is no person', async () => {
    const { program, folder } = script(
      `id=$(cut -d'"' -f12)`,
      `'${process.execPath}' '${BIN}' approve --home "$1" "$id" >"$here/out" 2>&1`,
      'echo " exit $?" >>"$here/out"',
    );
    const out = join(folder, 'out');
    const home = newHome({
      ...ASKED,
      approvals: { cli: 'person', notify: { command: [program, 'HOME'], after: '0s' } },
    });
    const policy = join(home, 'policy.json');
    writeFileSync(policy, readFileSync(policy, 'utf8').replace('"HOME"', JSON.stringify(home)));
    const { proxy, executed } = await toolsProxy({}, { home });
    proxy.call(1, 'echo', {});
    await eventually('its answer', () =>
      existsSync(out) && readFileSync(out, 'utf8').includes(' exit ') ? true : undefined,
    );
    expect(readFileSync(out, 'utf8')).not.toContain(' exit 0');
    expect(executed()).toEqual([]);
  });

  it('of a repository is never run, and is said', async () => {
    const { program, folder } = script('touch "$here/told"');
    const told = join(folder, 'told');
    const file = join(folder, '.policyrc');
    const text = JSON.stringify({
      version: 1,
      deny: ['srv/slow'],
      approvals: { notify: { command: [program], after: '0s' } },
    });
    writeFileSync(file, text);
    const { proxy, home } = await toolsProxy(ASKED, { cwd: folder });
    proxy.call(1, 'echo', {});
    await oneHold(home);
    await proxy.said('names a command ("approvals.notify"), which is never run');
    proxy.call(2, 'slow', {});
    expect(await proxy.text(2)).toContain('policy denies this call');
    await sleep(1_500);
    expect(existsSync(told)).toBe(false);
    const applied = await holdpoint(home, ['policy', 'apply', '--yes', file]);
    expect([applied.code, applied.stdout]).toEqual([1, expect.stringContaining('It is left aside.')]);
    const checked = await holdpoint(home, ['policy', 'check', file]);
    expect([checked.code, checked.stdout]).toEqual([
      3,
      expect.stringContaining('approvals.notify: A repository must not choose what runs on this machine'),
    ]);
  });
});

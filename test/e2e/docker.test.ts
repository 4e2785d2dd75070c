import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { approveHold, oneHold } from '../support/cli.ts';
import { eventually } from '../support/eventually.ts';
import { newHome } from '../support/home.ts';
import { BIN, cleanEnv, fixture, ProxyProcess } from '../support/proxy-process.ts';

const FAKE = resolve(import.meta.dirname, '../fixtures/docker.mjs');

/** `holdpoint run -- docker run -i --rm IMAGE SERVER`, with a docker that this machine need not have. */
function contained(command: string[]) {
  const home = newHome({ allow: ['*'] });
  const bin = join(home, 'bin');
  mkdirSync(bin);
  symlinkSync(FAKE, join(bin, 'docker'));
  const pids = join(home, 'container.pid');
  const env = { PATH: `${bin}:${process.env['PATH']}`, DOCKER_PIDS: pids };
  const server = ['docker', 'run', '-i', '--rm', '--init', 'vendor/server:1.2', ...command];
  const proxy = new ProxyProcess({ home, server, env });
  const pid = (): Promise<number> =>
    eventually('the container', () => {
      try {
        return Number(readFileSync(pids, 'utf8')) || undefined;
      } catch {
        return undefined;
      }
    });
  return { proxy, pid };
}

function greet(proxy: ProxyProcess): void {
  const clientInfo = { name: 'test', version: '1' };
  const params = { protocolVersion: '2025-06-18', capabilities: {}, clientInfo };
  proxy.send({ id: 1, method: 'initialize', params }, { method: 'notifications/initialized' });
}

function lives(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
const gone = (pid: number): Promise<boolean> =>
  eventually('the end of the container', () => !lives(pid), 15_000);

describe('a server in a container', () => {
  const greeter = [process.execPath, fixture('sdk-v1')];

  it('is named by its image, answers, and ends when its client closes its input', async () => {
    const { proxy, pid } = contained(greeter);
    greet(proxy);
    proxy.call(2, 'greet', { name: 'ada' });
    expect(await proxy.text(2)).toContain('ada');
    const container = await pid();
    proxy.child.stdin!.end();
    expect(await proxy.exit).toBe(0);
    expect(await gone(container)).toBe(true);
  });

  it("passes its container's exit code on", async () => {
    const { proxy } = contained(['sh', '-c', 'exit 42']);
    expect(await proxy.exit).toBe(42);
  });

  it.for(['SIGTERM', 'SIGINT'] as const)(
    'gets a %s through docker and leaves no container behind',
    async (signal) => {
      const { proxy, pid } = contained(greeter);
      greet(proxy);
      await proxy.answer(1);
      const container = await pid();
      proxy.child.kill(signal);
      await proxy.exit;
      expect(await gone(container)).toBe(true);
    },
  );

  it('ends by the end of its input when holdpoint is killed outright', async () => {
    const { proxy, pid } = contained(greeter);
    greet(proxy);
    await proxy.answer(1);
    const container = await pid();
    proxy.child.kill('SIGKILL');
    expect(await gone(container)).toBe(true);
  });
});

/** Process numbers of its own, as in a container; not everywhere may one do that. */
const UNSHARE = ['unshare', '-pf', '--mount-proc'];
const mayUnshare = spawnSync(UNSHARE[0] ?? '', [...UNSHARE.slice(1), 'true']).status === 0;

describe('holdpoint inside a container', () => {
  it.skipIf(!mayUnshare)(
    'is asked and answered over the socket in its home by a host that shares the folder',
    async () => {
      const home = newHome({});
      const words = [...UNSHARE, process.execPath, BIN, 'run', '--home', home, '--server', 's', '--'];
      const [program = '', ...rest] = [...words, process.execPath, fixture('sdk-v1')];
      const child = spawn(program, rest, { stdio: ['pipe', 'pipe', 'ignore'], env: cleanEnv() });
      let out = '';
      child.stdout.on('data', (chunk) => {
        out += chunk;
      });
      const clientInfo = { name: 'test', version: '1' };
      const params = { protocolVersion: '2025-06-18', capabilities: {}, clientInfo };
      const call = { name: 'greet', arguments: { name: 'ada' } };
      for (const message of [
        { id: 1, method: 'initialize', params },
        { method: 'notifications/initialized' },
        { id: 2, method: 'tools/call', params: call },
      ])
        child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
      const { id } = await oneHold(home);
      expect(out).not.toContain('ada');
      expect((await approveHold(home, id)).stdout).toContain('The call was forwarded');
      await eventually('the answer', () => out.includes('ada'));
      child.stdin.end();
    },
  );
});

import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { initApprover, PASSPHRASE } from '../support/approver.ts';
import { newFolder, newHome, ONE_KEY, recordsOf } from '../support/home.ts';
import { LONG } from '../support/long.ts';
import { NATS_SERVER } from '../support/nats.ts';
import { BIN } from '../support/proxy-process.ts';
import { Terminal } from '../support/terminal.ts';
import { toolsProxy } from '../support/tools-server.ts';

const run = (...words: string[]): void => void execFileSync('ip', words, { stdio: 'pipe' });

/** Whether this system lets us make networks: root alone may. */
function mayMakeNetworks(): boolean {
  try {
    run('netns', 'add', 'hptry');
    run('netns', 'del', 'hptry');
    return true;
  } catch {
    return false;
  }
}

/** Three machines: two that reach the relay and not each other. */
class Networks {
  readonly names = ['laptop', 'server', 'relay'].map((name) => `hp-${name}-${process.pid}`);

  constructor() {
    const [laptop = '', server = '', relay = ''] = this.names;
    onTestFinished(() => {
      for (const name of this.names) execFileSync('ip', ['netns', 'del', name], { stdio: 'ignore' });
    });
    for (const name of this.names) {
      run('netns', 'add', name);
      run('-n', name, 'link', 'set', 'lo', 'up');
    }
    [laptop, server].forEach((name, n) => {
      const [here, there] = [`hpa${n}`, `hpb${n}`];
      run('link', 'add', here, 'netns', name, 'type', 'veth', 'peer', 'name', there, 'netns', relay);
      run('-n', name, 'addr', 'add', `10.77.${n}.2/24`, 'dev', here);
      run('-n', relay, 'addr', 'add', `10.77.${n}.1/24`, 'dev', there);
      run('-n', name, 'link', 'set', here, 'up');
      run('-n', relay, 'link', 'set', there, 'up');
    });
  }

  /** What runs holdpoint on that machine. */
  on(n: 0 | 1): string[] {
    return ['ip', 'netns', 'exec', this.names[n] ?? '', process.execPath, BIN];
  }

  cut(n: 0 | 1, how: 'down' | 'up'): void {
    run('-n', this.names[n] ?? '', 'link', 'set', `hpa${n}`, how);
  }
}

function certificate(folder: string): void {
  const names = 'subjectAltName=IP:10.77.0.1,IP:10.77.1.1';
  const files = ['-keyout', join(folder, 'key.pem'), '-out', join(folder, 'cert.pem')];
  const words = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '1', '-subj', '/CN=relay'];
  execFileSync('openssl', [...words, '-addext', names, ...files], { stdio: 'pipe' });
}

function relay(networks: Networks, folder: string): ChildProcess {
  writeFileSync(
    join(folder, 'nats.conf'),
    `listen: "0.0.0.0:4222"\njetstream { store_dir: "${folder}/js" }\ntls { cert_file: "${folder}/cert.pem", key_file: "${folder}/key.pem" }\n`,
  );
  const words = [
    'netns',
    'exec',
    networks.names[2] ?? '',
    NATS_SERVER as string,
    '-c',
    join(folder, 'nats.conf'),
  ];
  const child = spawn('ip', words, { stdio: 'ignore' });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

function homeOf(n: 0 | 1, folder: string): string {
  const team = { url: `tls://10.77.${n}.1:4222`, space: 'acme', ca: join(folder, 'cert.pem') };
  return newHome({ escalate: [ONE_KEY], audit: { mirror: 'follow' }, team } as Parameters<typeof newHome>[0]);
}

async function typed(program: string[], words: string[], asks: [string, string][] = []): Promise<string> {
  const terminal = new Terminal({ program, words, columns: 200, rows: 40 });
  for (const [question, answer] of asks) {
    await terminal.shows(question);
    terminal.type(`${answer}\r`);
  }
  const { exitCode } = await terminal.exit;
  if (exitCode !== 0) throw new Error(terminal.written);
  return terminal.written;
}

describe.skipIf(!LONG || NATS_SERVER === undefined || !mayMakeNetworks())(
  'two machines and a relay between them',
  () => {
    it('a call held on one is shown on the other, runs after a signed answer, and the copy proves whose it was', async () => {
      const networks = new Networks();
      const folder = newFolder();
      certificate(folder);
      relay(networks, folder);
      await sleep(1_000);
      const [laptop, server] = [homeOf(0, folder), homeOf(1, folder)];
      for (const [n, home] of [
        [0, laptop],
        [1, server],
      ] as const)
        await typed(networks.on(n), ['policy', 'apply', '--yes', '--home', home]);
      await initApprover(laptop, 'ada');
      const secret: [string, string][] = [['Passphrase of ada', PASSPHRASE]];
      const made = await typed(
        networks.on(0),
        ['team', 'init', '--machine', 'laptop', '--home', laptop],
        secret,
      );
      const invitation = /holdpoint-team-1\.[\w-]+/.exec(made)?.[0] ?? '';
      await typed(networks.on(1), ['team', 'join', invitation, '--machine', 'server', '--home', server]);
      const watch = new Terminal({
        program: networks.on(0),
        words: ['watch', '--home', laptop],
        columns: 120,
        rows: 40,
      });
      await watch.shows('Passphrase of ada, to sign');
      watch.type(`${PASSPHRASE}\r`);
      await watch.shows('signs as ada');
      const { proxy, executed } = await toolsProxy({}, { home: server, program: networks.on(1) });
      const began = performance.now();
      proxy.call(1, 'echo', { text: 'hello' });
      await watch.shows('of the machine server');
      process.stderr.write(
        `held on one machine, on the other's screen ${Math.round(performance.now() - began)} ms later\n`,
      );
      // A moment without a network changes nothing.
      networks.cut(0, 'down');
      await sleep(3_000);
      networks.cut(0, 'up');
      await watch.look();
      watch.type('a');
      await watch.typeToApprove('hello');
      watch.type('\t');
      await watch.shows(/forwarded/, 40_000);
      await proxy.answer(1);
      expect(executed()).toHaveLength(1);
      await proxy.end();
      expect(recordsOf(server, 'verdict')[0]).toMatchObject({ by: { name: 'ada', tier: 1 } });
      const verified = await typed(networks.on(0), ['audit', 'verify', '--team', '--home', laptop]).catch(
        String,
      );
      expect(verified).toContain('records of server are copied');
      expect(verified).toContain('the copy and this log say the same');
    }, 180_000);
  },
);

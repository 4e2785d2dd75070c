import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { freePort } from '../../src/cli/team/own-nats.ts';
import { NATS_SERVER } from './nats.ts';

const SERVERS = ['n1', 'n2', 'n3'];

/** Three brokers that keep the same messages, which end with the test. */
export class Cluster {
  readonly urls: string[];
  private readonly running = new Map<string, ChildProcess>();
  private readonly configs: Map<string, string>;

  private constructor(urls: string[], configs: Map<string, string>) {
    this.urls = urls;
    this.configs = configs;
  }

  static async start(): Promise<Cluster> {
    const folder = mkdtempSync(join(tmpdir(), 'hp-cluster-'));
    const ports = await Promise.all(SERVERS.flatMap(() => [freePort(), freePort()]));
    const [clients, routes] = [ports.slice(0, SERVERS.length), ports.slice(SERVERS.length)];
    const all = routes.map((port) => `"nats://127.0.0.1:${port}"`).join(', ');
    const configs = new Map<string, string>();
    SERVERS.forEach((name, n) => {
      const file = join(folder, `${name}.conf`);
      writeFileSync(
        file,
        `server_name: ${name}\nlisten: "127.0.0.1:${clients[n]}"\njetstream { store_dir: "${join(folder, name)}" }\ncluster { name: c, listen: "127.0.0.1:${routes[n]}", routes: [${all}] }\n`,
      );
      configs.set(name, file);
    });
    const cluster = new Cluster(
      clients.map((port) => `nats://127.0.0.1:${port}`),
      configs,
    );
    onTestFinished(async () => {
      await Promise.all(SERVERS.map((name) => cluster.kill(name)));
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    });
    for (const name of SERVERS) cluster.up(name);
    return cluster;
  }

  up(name: string): void {
    const file = this.configs.get(name) as string;
    this.running.set(name, spawn(NATS_SERVER as string, ['-c', file], { stdio: 'ignore' }));
  }

  async kill(name: string): Promise<void> {
    const child = this.running.get(name);
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((done) => child.once('exit', done));
    child.kill('SIGKILL');
    await gone;
    this.running.delete(name);
  }
}

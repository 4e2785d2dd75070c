import { spawn } from 'node:child_process';
import { join, resolve } from 'node:path';
import { onTestFinished } from 'vitest';
import { cleanEnv } from './proxy-process.ts';

const FIXTURES = resolve(import.meta.dirname, '../fixtures');

/** A fixture server by its words, over HTTP on a port of its own; gives back its address. */
export async function remoteProcess(
  words: readonly string[],
  env: Record<string, string> = {},
): Promise<string> {
  const server = spawn(process.execPath, words, {
    env: cleanEnv(env),
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  onTestFinished(() => void server.kill('SIGTERM'));
  const port = await new Promise<string>((told, failed) => {
    server.stdout.once('data', (said: Buffer) => told(said.toString().trim()));
    server.once('exit', (code) => failed(new Error(`the server ended with ${code}`)));
  });
  return `http://127.0.0.1:${port}/mcp`;
}

/** A server on stdio put behind HTTP. */
export function overHttp(command: readonly string[], env: Record<string, string> = {}): Promise<string> {
  return remoteProcess([join(FIXTURES, 'http/over-http.mjs'), ...command], env);
}

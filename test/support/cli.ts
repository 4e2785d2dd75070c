import { type ChildProcess, spawn } from 'node:child_process';
import { gather } from '../../src/approvals/channel/ask-proxies.ts';
import { waitingAsJson } from '../../src/cli/approving/pending.ts';
import { resolveHome } from '../../src/platform/home.ts';
import { eventually } from './eventually.ts';
import { BIN, cleanEnv } from './proxy-process.ts';

export interface Ran {
  code: number | string;
  stdout: string;
  stderr: string;
}

export function ranToEnd(child: ChildProcess): Promise<Ran> {
  let stdout = '';
  let stderr = '';
  child.stdout?.on('data', (chunk) => {
    stdout += chunk;
  });
  child.stderr?.on('data', (chunk) => {
    stderr += chunk;
  });
  return new Promise((settle) => {
    child.once('close', (code, signal) => settle({ code: code ?? signal ?? '?', stdout, stderr }));
  });
}

/** A holdpoint command, run to its end without a terminal. */
export function holdpoint(home: string, words: string[], env: Record<string, string> = {}): Promise<Ran> {
  const child = spawn(process.execPath, [BIN, ...words, '--home', home], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: cleanEnv(env),
  });
  return ranToEnd(child);
}

/** `holdpoint approve` with the text that the hold asks for, where it asks for one. */
export async function approveHold(home: string, id: string, ...words: string[]): Promise<Ran> {
  const { attached } = await gather(resolveHome(home, {}).run);
  for (const proxy of attached) proxy.close();
  const hold = attached.flatMap(({ holds: all }) => all).find((one) => one.id === id);
  const text = hold === undefined ? [] : ['--confirm', hold.obligations.expected];
  return holdpoint(home, ['approve', id, ...text, ...words]);
}

/** What `holdpoint pending --json` says of a hold. */
export interface PendingHold {
  id: string;
  session: string;
  server: string;
  tool: string;
  arguments: unknown;
  state: 'live' | 'detached';
  rule: string;
  obligations: { timeoutMs: number; confirm: string; expected: string };
}

/** What the command prints. */
export async function pending(home: string): Promise<PendingHold[]> {
  const { stdout } = await holdpoint(home, ['pending', '--json']);
  return JSON.parse(stdout) as PendingHold[];
}

/** The same, asked for in this process: most tests want the hold and not the command, whose start takes a while. */
async function waiting(home: string): Promise<PendingHold[]> {
  const { attached } = await gather(resolveHome(home, {}).run);
  for (const proxy of attached) proxy.close();
  return JSON.parse(waitingAsJson(attached, false)) as PendingHold[];
}

/** Waits until as many calls wait for a person, oldest first. */
export function holds(home: string, count: number, state?: 'live' | 'detached'): Promise<PendingHold[]> {
  return eventually(`${count} holds`, async () => {
    const found = await waiting(home);
    const fitting = state === undefined ? found : found.filter((hold) => hold.state === state);
    return fitting.length === count ? fitting : undefined;
  });
}

export async function oneHold(home: string, state?: 'live' | 'detached'): Promise<PendingHold> {
  return (await holds(home, 1, state))[0]!;
}

import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import { BIN, cleanEnv, type Message } from './proxy-process.ts';

export interface RawOptions {
  home: string;
  server: string[];
  words?: string[];
  stdio?: StdioOptions;
}

/** A client of `holdpoint run` that reads when it is told to, and counts what is taken from it. */
export class RawClient {
  readonly child: ChildProcess;
  /** Exit code, or the signal's name; does not wait for the pipes. */
  readonly exit: Promise<number | string>;
  /** Bytes that `flood` got rid of: into the pipe, or into the proxy. */
  accepted = 0;
  stderr = '';
  private chunks: Buffer[] = [];

  constructor({ home, server, words = ['--server', 'srv', '--'], stdio = 'pipe' }: RawOptions) {
    this.child = spawn(process.execPath, [BIN, 'run', '--home', home, ...words, ...server], {
      stdio,
      env: cleanEnv(),
      cwd: '/tmp',
    });
    this.child.stderr?.on('data', (chunk) => {
      this.stderr += chunk;
    });
    this.child.stdin?.on('error', () => {});
    this.child.stdout?.on('error', () => {});
    this.exit = new Promise((settle) => {
      this.child.once('exit', (code, signal) => settle(code ?? signal ?? '?'));
    });
    onTestFinished(() => {
      this.child.kill('SIGKILL');
    });
  }

  /** Reads from now on, to the end. */
  read(): this {
    this.child.stdout!.on('data', (chunk: Buffer) => this.chunks.push(chunk));
    return this;
  }

  get bytes(): Buffer {
    const all = Buffer.concat(this.chunks);
    this.chunks = [all];
    return all;
  }

  get size(): number {
    return this.chunks.reduce((sum, chunk) => sum + chunk.length, 0);
  }

  /** The lines so far as JSON; what is not JSON is left out. */
  messages(): Message[] {
    return this.bytes
      .toString()
      .split('\n')
      .flatMap((line) => {
        try {
          return [JSON.parse(line) as Message];
        } catch {
          return [];
        }
      });
  }

  send(...messages: object[]): void {
    for (const message of messages)
      this.child.stdin!.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
  }

  call(id: string | number, tool: string, args: object = {}): void {
    this.send({ id, method: 'tools/call', params: { name: tool, arguments: args } });
  }

  /** Writes piece by piece, as fast as the proxy takes them; resolves when all are taken or the pipe is broken. */
  async flood(pieces: Iterable<string | Uint8Array>): Promise<void> {
    for (const piece of pieces) {
      const error = await new Promise((taken) => this.child.stdin!.write(piece, taken));
      if (error) return;
      this.accepted += Buffer.byteLength(piece);
    }
  }

  /** Waits until `flood` gets nothing more rid of; how much it got rid of. */
  async stalled(): Promise<number> {
    for (let before = -1; before !== this.accepted; ) {
      before = this.accepted;
      await sleep(700);
    }
    return this.accepted;
  }

  end(): Promise<number | string> {
    this.child.stdin!.end();
    return this.exit;
  }

  /** The most memory the proxy has had, in MiB; 0 where the system does not say. */
  peak(): number {
    try {
      const status = readFileSync(`/proc/${this.child.pid}/status`, 'utf8');
      return Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024;
    } catch {
      return 0;
    }
  }
}

/** A running number of lines as pieces of about 64 KiB. */
export function* inPieces(count: number, line: (n: number) => string): Generator<string> {
  let piece = '';
  for (let n = 0; n < count; n += 1) {
    piece += line(n);
    if (piece.length < 65_536) continue;
    yield piece;
    piece = '';
  }
  yield piece;
}

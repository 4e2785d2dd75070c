import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { onTestFinished } from 'vitest';
import { eventually } from './eventually.ts';

const ROOT = resolve(import.meta.dirname, '../..');
export const BIN = join(ROOT, 'bin/holdpoint.js');

/** The path of a fixture server. */
export function fixture(name: string): string {
  return join(ROOT, 'test/fixtures/servers', `${name}.mjs`);
}

const AGENT_MARK = /^(CLAUDECODE|CLAUDE_CODE|GEMINI_CLI|OPENCODE|CURSOR_AGENT|CODEX_|AGENT$|HOLDPOINT_)/;

/** This process's environment without the marks that agents leave in it. */
export function cleanEnv(more: Record<string, string> = {}): Record<string, string> {
  const kept = Object.entries(process.env).filter(([name]) => !AGENT_MARK.test(name));
  return { ...(Object.fromEntries(kept) as Record<string, string>), ...more };
}

/** A JSON-RPC message, as far as tests look at it. */
export interface Message {
  id?: string | number | null;
  method?: string;
  params?: Record<string, unknown>;
  result?: {
    content?: { type: string; text: string }[];
    isError?: boolean;
    resultType?: string;
    _meta?: Record<string, Record<string, unknown>>;
  };
  error?: { code: number; message: string; data?: unknown };
}

/** A line that the client got: as bytes say it, and as JSON when it is. */
export interface Received {
  raw: string;
  json: Message | undefined;
  at: number;
}

export interface ProxyOptions {
  home: string;
  /** The holdpoint to start; the checkout's, by this Node, unless given. */
  program?: string[];
  /** The server's argument vector. */
  server: string[];
  /** Words between `run` and the server's command; `--` unless given. */
  words?: string[];
  env?: Record<string, string>;
  cwd?: string;
  /** False: nobody reads the proxy's stderr. */
  readStderr?: boolean;
  /** The proxy's client is a process of its own, so that terminals of the test are not children of it. */
  ownClient?: boolean;
}

/**
 * Starts what its arguments say, on its own pipes: an MCP client, as far as the process table tells. A shell, which
 * starts at once; the descriptor 3 is the client's stdin, for a shell gives its background jobs an empty one.
 */
const CLIENT = `pids=$HP_TEST_PIDS
unset HP_TEST_PIDS
"$@" <&3 3<&- &
echo "$$ $!" >"$pids"
exec 3<&-
for signal in TERM INT HUP; do trap "kill -$signal $!" "$signal"; done
wait $!
code=$?
while kill -0 $! 2>/dev/null; do wait $!; code=$?; done
exit $code`;

/** Ends at once, so that the client is nobody's child: the test's own terminals have no ancestor in common with it. */
const ORPHAN = 'sh -c "$0" client "$@" &';

/** `holdpoint run` as a child process; the test is its MCP client. */
export class ProxyProcess {
  readonly child: ChildProcess;
  readonly lines: Received[] = [];
  stderr = '';
  /** Exit code, or the signal's name. */
  readonly exit: Promise<number | string>;
  private readonly chunks: Buffer[] = [];
  /** What came after the last line's end. */
  private rest: Buffer = Buffer.alloc(0);

  constructor(options: ProxyOptions) {
    const { home, server, words = ['--'], readStderr = true, program = [process.execPath, BIN] } = options;
    const run = [...program, 'run', '--home', home, ...words, ...server];
    const orphaned = ['sh', '-c', ORPHAN, CLIENT, ...run];
    const [command = '', ...rest] = options.ownClient ? orphaned : run;
    const pids = join(mkdtempSync(join(tmpdir(), 'hp-pids-')), 'pids');
    this.child = spawn(command, rest, {
      stdio: options.ownClient ? ['ignore', 'pipe', 'pipe', 'pipe'] : 'pipe',
      env: cleanEnv({ ...options.env, ...(options.ownClient ? { HP_TEST_PIDS: pids } : {}) }),
      cwd: options.cwd ?? '/tmp',
      // A terminal's signals to the tests are not for the client.
      detached: options.ownClient === true,
    });
    // Node closes the standard input of a child that has ended, and this one ends at once.
    if (options.ownClient)
      this.child = Object.create(this.child, { stdin: { value: this.child.stdio[3] } }) as ChildProcess;
    this.child.stdout!.on('data', (chunk: Buffer) => this.take(chunk));
    if (readStderr) {
      this.child.stderr!.on('data', (chunk: Buffer) => {
        this.stderr += chunk.toString();
      });
    }
    this.child.stdin!.on('error', () => {});
    this.exit = new Promise((settle) => {
      const event = readStderr ? 'close' : 'exit';
      this.child.once(event, (code: number | null, signal: string | null) => settle(code ?? signal ?? '?'));
    });
    onTestFinished(() => {
      this.child.kill('SIGKILL');
      if (options.ownClient) killAll(pids);
    });
  }

  private take(chunk: Buffer): void {
    this.chunks.push(chunk);
    const bytes = this.rest.length === 0 ? chunk : Buffer.concat([this.rest, chunk]);
    let cut = 0;
    for (let lf = bytes.indexOf(10); lf !== -1; lf = bytes.indexOf(10, cut)) {
      const raw = bytes.subarray(cut, lf).toString();
      cut = lf + 1;
      this.lines.push({ raw, json: parsed(raw), at: Date.now() });
    }
    this.rest = bytes.subarray(cut);
  }

  /** All that came, byte for byte. */
  get stdout(): Buffer {
    return Buffer.concat(this.chunks);
  }

  /** Bytes as they are. */
  write(bytes: string | Uint8Array): void {
    this.child.stdin!.write(bytes);
  }

  /** One message a line. */
  send(...messages: object[]): void {
    this.write(messages.map((message) => `${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`).join(''));
  }

  call(id: string | number, tool: string, args: object = {}, more: object = {}): void {
    this.send({ id, method: 'tools/call', params: { name: tool, arguments: args, ...more } });
  }

  cancel(id: string | number): void {
    this.send({ method: 'notifications/cancelled', params: { requestId: id, reason: 'enough' } });
  }

  /** The first line, from the `from`-th on, that this is true of. */
  line(what: string, wanted: (line: Received) => boolean, ms?: number): Promise<Received> {
    return eventually(what, () => this.lines.find(wanted), ms).catch((error: Error) => {
      throw new Error(`${error.message}\n${this.seen()}`);
    });
  }

  async answer(id: string | number | null, ms?: number): Promise<Message> {
    const isAnswer = ({ json }: Received) => json?.id === id && json.method === undefined;
    return (await this.line(`the answer to ${id}`, isAnswer, ms)).json!;
  }

  /** The answer's first text: of a tool's result, or of an error. */
  async text(id: string | number, ms?: number): Promise<string> {
    const { result, error } = await this.answer(id, ms);
    return result?.content?.[0]?.text ?? error?.message ?? '';
  }

  answers(id: string | number | null): Message[] {
    return this.lines.flatMap(({ json }) =>
      json !== undefined && json.id === id && json.method === undefined ? [json] : [],
    );
  }

  said(what: string, ms?: number): Promise<true> {
    return eventually(`"${what}" on stderr`, () => (this.stderr.includes(what) ? true : undefined), ms);
  }

  /** Ends the client's stream and waits for the exit. */
  async end(): Promise<number | string> {
    this.child.stdin!.end();
    return this.exit;
  }

  /** The proxy and server have started: a ping has been answered. */
  async ready(): Promise<this> {
    this.send({ id: 'ready', method: 'ping' });
    await this.answer('ready');
    return this;
  }

  private seen(): string {
    return `received:\n${this.lines.map((line) => line.raw.slice(0, 500)).join('\n')}\nstderr:\n${this.stderr.slice(0, 2000)}`;
  }
}

function killAll(pids: string): void {
  try {
    for (const pid of readFileSync(pids, 'utf8').split(' ')) process.kill(Number(pid), 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}

function parsed(raw: string): Message | undefined {
  try {
    return JSON.parse(raw) as Message;
  } catch {
    return undefined;
  }
}

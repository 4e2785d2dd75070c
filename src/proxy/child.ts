import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { constants } from 'node:os';
import type { Readable, Writable } from 'node:stream';

export type ServerProcess = ChildProcessByStdio<Writable, Readable, Readable>;

/** How the server ended, as a shell would say it. */
export interface Ending {
  code: number;
  /** For people: "exit code 3", "signal SIGTERM". */
  how: string;
}

const STDERR_BACKLOG = 256 * 1024;
/** All of 20 real servers end within 0.7 s of their input's end (research/protocol.md 2.5). */
const AFTER_END_MS = 1_500;
const AFTER_TERM_MS = 700;
/** A grandchild may keep a stopped server's pipes open for ever. */
const AFTER_EXIT_MS = 300;

/**
 * Starts the real server: argument vector, no shell, environment and working folder unchanged (the client has
 * chosen them already). No process group of its own: clients signal groups.
 */
export function startServer(command: readonly string[]): ServerProcess {
  const [program = '', ...args] = command;
  const server = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'], shell: false, windowsHide: true });
  holdOutput(server, true);
  return server;
}

function noRead(): void {}

/**
 * Node reads a child's output to nowhere once the child has exited, unless somebody listens for "readable": what a
 * short-lived server says before the relay is there would be lost.
 */
export function holdOutput(server: ServerProcess, hold: boolean): void {
  if (hold) server.stdout.on('readable', noRead);
  else server.stdout.off('readable', noRead);
}

/** Resolves when the server has ended and its output is read to the end; rejects when it could not be started. */
export function ending(server: ServerProcess): Promise<Ending> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.once('close', (code, signal) => {
      if (signal === null) resolve({ code: code ?? 0, how: `exit code ${code ?? 0}` });
      else resolve({ code: 128 + (constants.signals[signal] ?? 0), how: `signal ${signal}` });
    });
  });
}

/**
 * Passes the server's stderr on and never waits for a reader: gemini does not read it, and a server blocked on its
 * own log is a server that hangs (research/clients.md 4.9). What cannot be passed on is dropped.
 */
export function passErrors(server: ServerProcess, to: NodeJS.WriteStream): void {
  server.stderr.on('data', (chunk: Buffer) => {
    if (to.writableLength < STDERR_BACKLOG && !to.destroyed) to.write(chunk);
  });
  to.on('error', () => {});
}

/** Ends a server step by step: end of input, then SIGTERM, then SIGKILL. Safe to call twice. */
export class Stopper {
  private readonly server: ServerProcess;
  private timers: NodeJS.Timeout[] = [];
  private started = false;

  constructor(server: ServerProcess) {
    this.server = server;
    server.once('exit', () => this.exited());
    server.once('close', () => this.clear());
  }

  /** The client's stream has ended: the server ends by itself, or is made to. */
  inputEnded(): void {
    this.server.stdin.end();
    if (this.started) return;
    this.started = true;
    this.after(AFTER_END_MS, () => this.signal('SIGTERM'));
  }

  /** Passes a signal on, and insists. */
  signal(signal: NodeJS.Signals): void {
    this.started = true;
    this.server.stdin.end();
    this.server.kill(signal);
    this.after(AFTER_TERM_MS, () => this.server.kill('SIGKILL'));
  }

  private exited(): void {
    this.clear();
    if (!this.started) return;
    this.after(AFTER_EXIT_MS, () => {
      this.server.stdout.destroy();
      this.server.stderr.destroy();
    });
  }

  private clear(): void {
    for (const timer of this.timers) clearTimeout(timer);
    this.timers = [];
  }

  private after(ms: number, act: () => void): void {
    this.timers.push(setTimeout(act, ms));
  }
}

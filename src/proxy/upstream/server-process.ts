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
    // A signal that we may not send is an "error" too; the server has started all the same.
    server.on('error', (error) => {
      if (server.pid === undefined) reject(error);
    });
    server.once('close', (code, signal) => {
      if (signal === null) resolve({ code: code ?? 0, how: `exit code ${code ?? 0}` });
      else resolve({ code: 128 + (constants.signals[signal] ?? 0), how: `signal ${signal}` });
    });
  });
}

/** A pipe that breaks is no defect of ours: `broke` gets the error, once, and what was read before it counts. */
export function onUnreadable(server: ServerProcess, broke: (error: Error) => void): void {
  server.stdout.once('error', (error) => {
    server.stdout.on('error', noRead);
    broke(error);
  });
  // Its log only: what cannot be read of it is lost, and nothing else.
  server.stderr.on('error', noRead);
}

/**
 * Passes the server's stderr on and never waits for a reader: gemini does not read it, and a server blocked on its
 * own log is a server that hangs (measured). What cannot be passed on is dropped.
 */
export function passErrors(server: ServerProcess, to: NodeJS.WriteStream): void {
  server.stderr.on('data', (chunk: Buffer) => {
    if (to.writableLength < STDERR_BACKLOG && !to.destroyed) to.write(chunk);
  });
  to.on('error', () => {});
}

import { type ChildProcess, spawn } from 'node:child_process';

/** How a notifier ended. */
export interface Ran {
  /** For people and records: "exit code 0", "signal SIGTERM", "ended after 10 s", "not started: it was not found". */
  exit: string;
  ok: boolean;
}

export interface Running {
  ended: Promise<Ran>;
  /** Ends it and all that it started in its process group, at once. */
  kill(why: string): void;
}

export interface CommandPlace {
  folder: string;
  env: NodeJS.ProcessEnv;
  /** It is ended after so long. */
  withinMs: number;
}

/**
 * Ends the group where this process was killed and cannot: some seconds later than this one would. The shell reads none
 * of the words; the command takes its place, with its input, its exit code and its signals. `sleep` is the system's own:
 * where there is none, nothing is ended.
 */
const OUTLIVED = '(exec <&-; command -p sleep "$1" && kill -9 0) & shift; exec "$@"';
const LATER_S = 2;
/** Of a shell that cannot put a program in its place (POSIX 2.8.2). */
const NOT_RUN: Readonly<Record<number, string>> = {
  126: 'not started: it may not be executed',
  127: 'not started: it was not found',
};

/** A process that even SIGKILL does not end is not waited for. */
const AFTER_KILL_MS = 1_000;

/**
 * Runs a command with `input` on its standard input: a list of words that no shell reads, in a process group of its own,
 * which ends with it also where this process is killed; what it writes goes nowhere. Never throws, and `ended` never
 * rejects.
 */
export function runCommand(
  command: readonly string[],
  input: string,
  { folder, env, withinMs }: CommandPlace,
): Running {
  let child: ChildProcess;
  try {
    const words = ['-c', OUTLIVED, 'holdpoint', `${withinMs / 1000 + LATER_S}`, ...command];
    child = spawn('/bin/sh', words, {
      cwd: folder,
      env,
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
    });
  } catch (error) {
    return { ended: Promise.resolve(notStarted(error)), kill: () => {} };
  }
  let cut: string | undefined;
  let giveUp: () => void = () => {};
  const kill = (why: string): void => {
    cut ??= why;
    killGroup(child);
    giveUp();
  };
  const ended = new Promise<Ran>((resolve) => {
    const timer = setTimeout(() => kill(`ended after ${withinMs / 1000} s`), withinMs);
    const leave = (): void => killGroup(child);
    const done = (ran: Ran): void => {
      clearTimeout(timer);
      process.off('exit', leave);
      resolve(ran);
    };
    process.on('exit', leave);
    giveUp = () => void setTimeout(() => done({ exit: cut ?? '', ok: false }), AFTER_KILL_MS).unref();
    child.once('error', (error) => {
      if (child.pid === undefined) done(notStarted(error));
    });
    child.once('exit', (code, signal) => {
      // What it left running was its own.
      killGroup(child);
      const exit = signal === null ? (NOT_RUN[code ?? 0] ?? `exit code ${code}`) : `signal ${signal}`;
      done({ exit: cut ?? exit, ok: cut === undefined && code === 0 });
    });
  });
  // One that does not read what it is given has ended its end.
  child.stdin?.on('error', () => {});
  child.stdin?.end(input);
  return { ended, kill };
}

function killGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It is gone already, with all that it started.
  }
}

function notStarted(error: unknown): Ran {
  const { code, message } = error as NodeJS.ErrnoException;
  return { exit: `not started: ${code ?? message}`, ok: false };
}

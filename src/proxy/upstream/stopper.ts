import { constants } from 'node:os';
import type { Ending, ServerProcess } from './server-process.ts';

/** All of 20 real servers end within 0.7 s of their input's end (measured). */
const AFTER_END_MS = 1_500;
/** A server that has closed a pipe or ended unasked: it, or what it started, may have something to finish. */
const AFTER_CLOSED_MS = 3_000;
const AFTER_TERM_MS = 700;
/** A process that we may not signal, or that hangs in the kernel, is left to itself. */
const AFTER_KILL_MS = 700;
/** What an ended server has left in its pipe comes within this long, when the client takes it. */
const AFTER_EXIT_MS = 300;
/** The end of a client that is already waiting for ours. */
const AFTER_EXIT_HURRIED_MS = 100;
/** A grandchild that goes on talking is not listened to for longer. */
const LAST_WORDS_MS = 2_000;
const TICK_MS = 50;

/** A client that has ended its stream and neither reads the rest nor signals has forgotten us. */
const FORGOTTEN_MS = 60_000;

/**
 * Ends a server step by step: end of input, then SIGTERM, then SIGKILL. A grandchild may keep the pipes of an ended
 * server open for ever: then they are let go, but never before the client has had what the server said, unless it
 * is in a hurry. Every method is safe to call twice.
 */
export class Stopper {
  private readonly server: ServerProcess;
  private readonly hurry = new AbortController();
  private timers: NodeJS.Timeout[] = [];
  private started = false;
  private exited = false;
  private closed = false;
  private ticking: NodeJS.Timeout | undefined;
  private quiet = 0;
  private giveUp: (how: Ending) => void = () => {};
  /** Resolves when the server goes on living whatever we do. */
  readonly unstoppable = new Promise<Ending>((resolve) => {
    this.giveUp = resolve;
  });

  constructor(server: ServerProcess) {
    this.server = server;
    server.once('exit', () => this.onExit());
    server.once('close', () => {
      this.closed = true;
      this.clear();
      clearInterval(this.ticking);
    });
    server.stdout.on('end', () => this.begin(AFTER_CLOSED_MS));
    // It can be told nothing more, or can answer nothing more: whoever waits for it must hear of that.
    server.stdin.on('error', () => this.begin(AFTER_CLOSED_MS));
  }

  /** Aborted once we were told to end by a signal, which another may follow that cannot be caught. */
  get hurried(): AbortSignal {
    return this.hurry.signal;
  }

  /** The client's stream has ended: the server ends by itself, or is made to. */
  inputEnded(): void {
    if (this.exited) this.letGo(AFTER_EXIT_MS);
    else this.begin(AFTER_END_MS);
    setTimeout(() => this.signal('SIGTERM'), FORGOTTEN_MS);
  }

  /** There is no use for the server any more. */
  stop(): void {
    this.started = true;
    this.insist('SIGTERM');
  }

  /** We were told to end: passes the signal on, and insists. */
  signal(signal: NodeJS.Signals): void {
    const again = this.hurry.signal.aborted;
    this.started = true;
    this.hurry.abort();
    if (!this.exited) this.insist(signal);
    else if (!again) this.letGo(AFTER_EXIT_HURRIED_MS);
  }

  private begin(graceMs: number): void {
    this.server.stdin.end();
    if (this.started || this.exited) return;
    this.started = true;
    this.after(graceMs, () => this.insist('SIGTERM'));
  }

  private insist(signal: NodeJS.Signals): void {
    this.server.stdin.end();
    this.server.kill(signal);
    this.after(AFTER_TERM_MS, () => {
      this.server.kill('SIGKILL');
      this.after(AFTER_KILL_MS, () =>
        this.giveUp({ code: 128 + constants.signals.SIGKILL, how: 'it could not be stopped' }),
      );
    });
  }

  private onExit(): void {
    this.exited = true;
    this.clear();
    if (this.hurried.aborted) this.letGo(AFTER_EXIT_HURRIED_MS);
    else this.letGo(this.started ? AFTER_EXIT_MS : AFTER_CLOSED_MS);
  }

  /**
   * Closes our ends once nothing has come for so long. Time in which the client does not read does not count,
   * unless it is in a hurry; it is counted in ticks, so that a busy machine does not cut anything off.
   */
  private letGo(quietMs: number): void {
    clearInterval(this.ticking);
    if (this.closed) return;
    const { stdout, stderr } = this.server;
    let total = 0;
    this.quiet = 0;
    stdout.on('data', () => {
      this.quiet = 0;
    });
    this.ticking = setInterval(() => {
      if (stdout.isPaused() && !this.hurried.aborted) return;
      this.quiet += TICK_MS;
      total += TICK_MS;
      if (this.quiet < quietMs && total < quietMs + LAST_WORDS_MS) return;
      clearInterval(this.ticking);
      stdout.destroy();
      stderr.destroy();
    }, TICK_MS);
  }

  private clear(): void {
    for (const timer of this.timers) clearTimeout(timer);
    this.timers = [];
  }

  private after(ms: number, act: () => void): void {
    this.timers.push(setTimeout(act, ms));
  }
}

import { setTimeout as sleep } from 'node:timers/promises';
import pty from '@lydell/node-pty';
import xterm from '@xterm/headless';
import { onTestFinished } from 'vitest';
import { eventually } from './eventually.ts';
import { BIN, cleanEnv } from './proxy-process.ts';

export interface TerminalOptions {
  words: string[];
  /** What runs there; holdpoint unless given. */
  program?: string[];
  cwd?: string;
  columns?: number;
  rows?: number;
  env?: Record<string, string>;
}

/** A holdpoint command in a real pseudo-terminal, with a terminal emulator that shows what a person would see. */
export class Terminal {
  private readonly process: pty.IPty;
  private readonly emulator: InstanceType<typeof xterm.Terminal>;
  /** All that the program wrote, escape sequences and all. */
  written = '';
  readonly exit: Promise<{ exitCode: number; signal?: number | undefined }>;

  constructor(options: TerminalOptions) {
    const { words, columns = 80, rows = 24, env = {}, program = [process.execPath, BIN] } = options;
    this.emulator = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true });
    const [command = '', ...first] = program;
    this.process = pty.spawn(command, [...first, ...words], {
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
      cols: columns,
      rows,
      name: 'xterm-256color',
      env: cleanEnv({ TERM: 'xterm-256color', ...env }),
    });
    this.process.onData((data) => {
      this.written += data;
      this.emulator.write(data);
    });
    this.exit = new Promise((settle) => this.process.onExit(settle));
    onTestFinished(() => this.kill('SIGKILL'));
  }

  get pid(): number {
    return this.process.pid;
  }

  /** The rows of the screen, without the spaces at their ends. */
  rows(): string[] {
    const buffer = this.emulator.buffer.active;
    return Array.from(
      { length: this.emulator.rows },
      (_, y) => buffer.getLine(buffer.baseY + y)?.translateToString(true) ?? '',
    );
  }

  text(): string {
    return this.rows().join('\n');
  }

  /** Whether the alternate screen is in use. */
  get alternate(): boolean {
    return this.emulator.buffer.active.type === 'alternate';
  }

  type(keys: string): void {
    this.process.write(keys);
  }

  /** The text that a call asks for, letter by letter: two that come at once are taken for pasted. */
  async typeToApprove(text: string): Promise<void> {
    await this.shows(`Type ${text} to approve`);
    for (let at = 1; at <= text.length; at += 1) {
      this.type(text.charAt(at - 1));
      await this.shows(`to approve: ${text.slice(0, at)}`);
    }
  }

  resize(columns: number, rows: number): void {
    this.emulator.resize(columns, rows);
    this.process.resize(columns, rows);
  }

  kill(signal: string): void {
    try {
      this.process.kill(signal);
    } catch {
      // It has ended already.
    }
  }

  /** Waits until the screen shows this. */
  async shows(what: string | RegExp, ms = 15_000): Promise<void> {
    const there = (): boolean =>
      typeof what === 'string' ? this.text().includes(what) : what.test(this.text());
    await eventually(`the screen to show ${what}; it shows:\n${this.text()}`, there, ms).catch(
      (error: Error) => {
        throw new Error(`${error.message}\nAt last:\n${this.text()}`);
      },
    );
  }

  /** Long enough for a card to be armed: on the screen for 700 ms, the keyboard quiet for 500 ms. */
  async look(): Promise<void> {
    await sleep(900);
  }
}

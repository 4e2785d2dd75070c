import { spawn } from 'node:child_process';
import { stripVTControlCharacters } from 'node:util';
import { type Ran, ranToEnd } from './cli.ts';
import type { ClientMachine } from './client-machine.ts';
import { eventually } from './eventually.ts';
import { cleanEnv } from './proxy-process.ts';
import { Terminal } from './terminal.ts';

export interface Block {
  /** The word behind the fence: `sh`, `text`, `json`. */
  kind: string;
  lines: string[];
}

export interface Section {
  heading: string;
  /** With its heading, as it stands. */
  text: string;
  blocks: Block[];
}

/** A page by its headings of any level. */
export function sectionsOf(page: string): Section[] {
  return page.split(/^(?=#{1,3} )/m).map((text) => ({
    heading: /^#+ (.*)/.exec(text)?.[1] ?? '',
    text,
    blocks: [...text.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)].map(([, kind = '', body = '']) => ({
      kind,
      lines: body.split('\n').filter((line) => line !== ''),
    })),
  }));
}

/** A line of a `sh` block: its command, and the exit code that its comment tells ("# exits 1"). */
export function commandOf(line: string): { command: string; exits: number } {
  const [, command = '', comment = ''] = /^(.*?)(?:\s+#\s(.*))?$/.exec(line) ?? [];
  return { command, exits: Number(/exits (\d+)/.exec(comment)?.[1] ?? 0) };
}

const WATCHES = /^holdpoint(?: watch)?$/;
const ASKS = /\bholdpoint (?:wrap|unwrap|policy apply)\b(?!.*--yes)/;
const QUESTION = /(?:\[y\/N\]|\n>) $/;

/** Runs a command of a page as its reader would: at a terminal where it needs one, answering yes. */
export async function runAsReader(command: string, { project, env }: ClientMachine): Promise<Ran> {
  if (WATCHES.test(command) || ASKS.test(command)) return atTerminal(command, project, env);
  const shell = spawn('bash', ['-c', command], {
    cwd: project,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: cleanEnv(env),
  });
  return ranToEnd(shell);
}

async function atTerminal(command: string, cwd: string, env: Record<string, string>): Promise<Ran> {
  const terminal = new Terminal({
    words: ['-c', command],
    program: ['bash'],
    cwd,
    env,
    columns: 400,
    rows: 60,
  });
  let ended: number | undefined;
  void terminal.exit.then(({ exitCode }) => {
    ended = exitCode;
  });
  const said = (): string => stripVTControlCharacters(terminal.written).replaceAll('\r', '');
  if (WATCHES.test(command)) {
    await eventually(`${command} to draw`, () => terminal.alternate && terminal.text().trim() !== '');
    terminal.type('q');
  }
  let answered = 0;
  await eventually(
    `the end of ${command}`,
    () => {
      const questions = said().match(/\[y\/N\] |^> /gm)?.length ?? 0;
      if (questions > answered && QUESTION.test(said())) {
        answered = questions;
        terminal.type(said().endsWith('[y/N] ') ? 'y\r' : '\r');
      }
      return ended !== undefined;
    },
    30_000,
  ).catch((error: Error) => {
    throw new Error(`${error.message}\n${said()}`);
  });
  return { code: ended ?? '?', stdout: said(), stderr: '' };
}

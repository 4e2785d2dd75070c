import { EXIT } from '../platform/exit-codes.ts';
import { PlainError } from '../platform/plain-error.ts';
import {
  isAddress,
  NO_REMOTE,
  noCommand,
  REMOTE_WORDS,
  type RemoteOptions,
  withRemoteWord,
} from './remote-options.ts';

export interface RunOptions {
  server: string | undefined;
  policy: string | undefined;
  as: string | undefined;
  home: string | undefined;
  /** What the client's own configuration says of its patience; undefined: nothing. */
  clientWaitsMs: number | undefined;
  /** A server that is new is accepted without asking. */
  trustFirst: boolean;
  help: boolean;
  /** Instead of a command. */
  remote: RemoteOptions | undefined;
  /** The real server's argument vector; empty for `help` and for a remote one. */
  command: string[];
}

/** The options as every page of help gives them. */
export const RUN_OPTIONS: readonly (readonly [flags: string, text: string])[] = [
  ['--server <name>', 'what the policy calls this server (default: derived from its command)'],
  ['--policy <file>', 'the policy to use (default: the one in the holdpoint home)'],
  ['--as <caller>', 'who asks, for the policy\'s "caller"'],
  ['--trust-first', 'accept the tools of a server that is new without asking (recorded)'],
  ['--client-waits <seconds>s', 'how long the client waits for one call (written by wrap)'],
  ['--was <words>', 'how the entry of a remote server was written (written by wrap, for unwrap)'],
  ['--url <address>', 'a remote server in place of a command: https://…'],
  ['--url-env <variable>', 'the same where the address holds a secret: the variable that holds it'],
  ['--header-env <name=variable>', 'a header of each request, from a variable (may be given again)'],
  ['--bearer-env <variable>', 'the token of "Authorization: Bearer", from a variable'],
  ['--transport <kind>', 'how the remote server is spoken to: auto, http or sse (default: auto)'],
  ['--home <dir>', 'the holdpoint home (default: HOLDPOINT_HOME, else ~/.holdpoint)'],
];

const VALUED = new Set(RUN_OPTIONS.flatMap(([flags]) => (flags.includes(' ') ? flags.split(' ')[0] : [])));

const FLAGS_WIDTH = 30;

export const RUN_USAGE = `Usage: holdpoint run [options] [--] <command> [arguments...]
       holdpoint run [options] --url <address>

Starts the MCP server <command>, or reaches the one at <address>, and decides every tools/call that goes to it.

Options:
${[...RUN_OPTIONS, ['-h, --help', 'this']].map(([flags = '', text]) => `  ${flags.padEnd(FLAGS_WIDTH)}${text}\n`).join('')}`;

/**
 * Reads the words after `run`. Ours end at `--` or at the first word that is not an option: one real client
 * swallows `--`, and everything behind the command's first word is the server's. Throws a PlainError (exit 2).
 */
export function readRunOptions(words: readonly string[]): RunOptions {
  const options: RunOptions = {
    server: undefined,
    policy: undefined,
    as: undefined,
    home: undefined,
    clientWaitsMs: undefined,
    trustFirst: false,
    help: false,
    remote: undefined,
    command: [],
  };
  let at = 0;
  for (; at < words.length; at += 1) {
    const word = words[at] ?? '';
    if (word === '--') {
      at += 1;
      break;
    }
    if (!word.startsWith('-')) break;
    if (word === '--help' || word === '-h') return { ...options, help: true };
    if (word === '--trust-first') {
      options.trustFirst = true;
      continue;
    }
    const [name = '', inline] = word.includes('=')
      ? [word.slice(0, word.indexOf('=')), word.slice(word.indexOf('=') + 1)]
      : [word];
    if (!VALUED.has(name)) throw usage(`run does not know the option ${name}.`);
    const value = inline ?? words[++at];
    if (value === undefined || value === '') throw usage(`The option ${name} needs a value.`);
    if (name === '--client-waits') options.clientWaitsMs = waitsMs(value);
    else if (name === '--was') continue;
    else if (REMOTE_WORDS.includes(name)) options.remote = withWord(options.remote, name, value);
    else options[name.slice(2) as 'server' | 'policy' | 'as' | 'home'] = value;
  }
  options.command = words.slice(at);
  checkTarget(options);
  if (options.server?.includes('/'))
    throw usage('A server name cannot hold "/": in policies it separates server and tool.');
  return options;
}

function withWord(before: RemoteOptions | undefined, name: string, value: string): RemoteOptions {
  try {
    return withRemoteWord(before ?? NO_REMOTE, name, value);
  } catch (error) {
    throw usage((error as Error).message);
  }
}

/** One server, and one way to it. */
function checkTarget({ command, remote }: RunOptions): void {
  const [program = ''] = command;
  if (remote === undefined && isAddress(program)) throw usage(noCommand(program));
  if (remote === undefined && command.length === 0)
    throw usage('run needs the command of the MCP server, or --url with its address.');
  if (remote === undefined) return;
  if (command.length > 0)
    throw usage('run was given a remote server and a command: it stands before one server.');
  if ((remote.url === undefined) === (remote.urlVariable === undefined))
    throw usage('run needs the address of a remote server once: by --url, or by --url-env.');
}

/** `1800s`, and behind a comma what `unwrap` needs. */
function waitsMs(value: string): number {
  const seconds = Number(/^(\d{1,7})s(?:,.*)?$/.exec(value)?.[1] ?? 0);
  if (seconds === 0)
    throw usage(`--client-waits ${JSON.stringify(value)} is no number of seconds, such as 1800s.`);
  return seconds * 1000;
}

function usage(message: string): PlainError {
  return new PlainError(`${message}\n\n${RUN_USAGE}`, EXIT.usage);
}

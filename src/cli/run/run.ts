import { setFlagsFromString } from 'node:v8';
import { MAX_SOCKET_PATH, socketPath } from '../../approvals/channel/socket-path.ts';
import { EXIT } from '../../platform/exit-codes.ts';
import { fileFault, isSystemError } from '../../platform/file-fault.ts';
import { ensurePrivateFolder, type Home, resolveRunHome } from '../../platform/home.ts';
import { PlainError } from '../../platform/plain-error.ts';
import { sessionId } from '../../platform/session-id.ts';
import { deriveServerName } from '../../policy/naming/server-name.ts';
import { RUN_USAGE, type RunOptions, readRunOptions } from '../../session/run-options.ts';
import type { Session } from '../../session/session.ts';
import { visible } from '../../text/visible.ts';
import { type StartedServer, startedCommand } from './started-server.ts';

const SIGNALS: NodeJS.Signals[] = ['SIGTERM', 'SIGINT', 'SIGHUP'];

function say(sentence: string): void {
  process.stderr.write(`holdpoint: ${sentence}\n`);
}

/** `holdpoint run`: starts the server, relays, ends as the server ends. Sets no exit code before all is written. */
export async function run(words: readonly string[]): Promise<void> {
  try {
    const options = readRunOptions(words);
    if (options.help) await help();
    else await wrap(options);
  } catch (error) {
    if (!(error instanceof PlainError)) throw error;
    say(error.message);
    process.exitCode = error.exitCode;
  }
}

/** To stdout, which is nobody's MCP stream here: whoever asks for help reads it, or pipes it to what they search with. */
async function help(): Promise<void> {
  const { helpAfter } = await import('../help/read-on.ts');
  process.stdout.write(`${RUN_USAGE}${helpAfter('run')}`);
}

async function wrap(options: RunOptions): Promise<void> {
  if (process.platform === 'win32') {
    throw new PlainError('holdpoint run does not work on Windows yet: nobody has tested it there. Use WSL.');
  }
  const home = resolveRunHome(options.home, process.env);
  ensurePrivateFolder(home.root);
  const id = sessionId(new Date());
  if (Buffer.byteLength(socketPath(home.run, id)) > MAX_SOCKET_PATH) {
    throw new PlainError(
      `The holdpoint home ${home.root} is too long a path for a socket. Choose a shorter --home.`,
    );
  }
  await start(options, home, id);
}

/** Without `--server`. A name that another server may have too is said, for policies go by it. */
function derivedName(command: readonly string[]): string {
  const { name, doubt } = deriveServerName(command);
  if (doubt !== undefined)
    say(
      `this server is called "${visible(name)}" in policies and records, and ${visible(doubt)}. Name it yourself: holdpoint run --server NAME.`,
    );
  return name;
}

/**
 * V8 lets the space for new objects grow to 48 MiB under load, and never gives it back. Without that a proxy keeps to
 * 93 instead of 151 MiB (measured, Node 20), at the same rate. A V8 that does not know the flag ignores it.
 */
function keepSmall(): void {
  setFlagsFromString('--semi-space-growth-factor=1');
}

/**
 * The server is started before the rest of holdpoint is loaded: both boot at once, and a client that waits for
 * tools notices nothing (codex leaves a slow server out of its first request).
 */
async function start(options: RunOptions, home: Home, session: string): Promise<void> {
  const parentPid = process.ppid;
  keepSmall();
  const remote = await remoteOf(options);
  // Nothing of a remote one can be waited for yet, so both parts are loaded at once.
  const started = remote === undefined ? startedCommand(options.command, say) : remote.start(home);
  const loaded = import('../../session/session.ts');
  const { upstream, ender, ended, kill } = await started;
  let running: Session | undefined;
  for (const signal of SIGNALS) {
    process.on(signal, () => {
      running?.ending();
      ender.signal(signal);
    });
  }
  // A fault of ours must not leave the server running ungated or the client waiting.
  process.on('uncaughtException', (error) => {
    say(
      isSystemError(error)
        ? `this session ends, for the system refused it something: ${visible(fileFault(error, error.path, 'used').message)}`
        : `an unexpected fault ended this session: ${visible(String(error.stack ?? error))}`,
    );
    kill();
    process.exit(EXIT.error);
  });
  const { Session } = await loaded;
  const command = remote?.command ?? options.command;
  const name = options.server ?? derivedName(command);
  const parts = { session, options: { ...options, command }, name, home };
  running = new Session({ ...parts, server: upstream, stopper: ender, say, parentPid });
  running.start();
  await running.finish(await ended);
}

interface Remote {
  command: string[];
  start(home: Home): Promise<StartedServer>;
}

/** Throws a PlainError before anything is loaded that a server needs. */
async function remoteOf({ remote }: RunOptions): Promise<Remote | undefined> {
  if (remote === undefined) return undefined;
  const [{ remoteServer, startedRemote }, { remoteCommand }] = await Promise.all([
    import('./remote-server.ts'),
    import('../../remote/address.ts'),
  ]);
  const server = remoteServer(remote, process.env);
  return {
    command: remoteCommand(server.address.shown),
    start: (home) => startedRemote(server, remote, { home, say }),
  };
}

import { EXIT } from '../../platform/exit-codes.ts';
import { PlainError } from '../../platform/plain-error.ts';
import { NO_REMOTE, type RemoteOptions, withRemoteWord } from '../../session/remote-options.ts';
import { visible } from '../../text/visible.ts';
import { type RemoteServer, remoteServer } from '../run/remote-server.ts';

/** What was typed of a server: its address or the variable that holds it, and `--header-env` as often as it stood. */
interface Given {
  url: string | undefined;
  urlEnv?: string | undefined;
  headerEnv?: readonly string[];
}

/** The server that a command is about, and the headers that it wants: each variable is read as `run` reads it. Throws a PlainError (exit 2). */
export function serverGiven(given: Given): { server: RemoteServer; variables: string[] } {
  const { url, urlEnv, headerEnv = [] } = given;
  if (url !== undefined && urlEnv !== undefined)
    throw usage('Both an address and --url-env are given. Give one of them.');
  if (url === undefined && urlEnv === undefined)
    throw usage('Which server? Give its address, or --url-env with the variable that holds it.');
  const where = url === undefined ? ['--url-env', urlEnv ?? ''] : ['--url', url];
  const words = [where, ...headerEnv.map((word) => ['--header-env', word])];
  const remote = words.reduce((before, [name = '', value = '']) => withWord(before, name, value), NO_REMOTE);
  const named = [remote.urlVariable, ...remote.headers.map(({ variable }) => variable)];
  return {
    server: remoteServer(remote, process.env),
    variables: named.filter((name) => name !== undefined),
  };
}

function withWord(before: RemoteOptions, name: string, value: string): RemoteOptions {
  try {
    return withRemoteWord(before, name, value);
  } catch (error) {
    throw usage(visible((error as Error).message));
  }
}

/** The value of a variable that an option names. Throws a PlainError (exit 2) that never holds a value. */
export function valueIn(variable: string, option: string): string {
  const value = process.env[variable];
  if (value !== undefined && value !== '') return value;
  throw usage(
    `The environment variable ${visible(variable)} (${option}) is not set, or empty. Set it, then run the command again.`,
  );
}

/** A port as a number. Throws a PlainError (exit 2). */
export function portOf(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (port >= 1 && port <= 65_535) return port;
  throw usage(`--callback-port ${visible(JSON.stringify(text))} is no port. Give a number from 1 to 65535.`);
}

/** A mistake in how a command was typed. */
export function usage(message: string): PlainError {
  return new PlainError(message, EXIT.usage);
}

import { EXIT } from '../../platform/exit-codes.ts';
import type { Home } from '../../platform/home.ts';
import { PlainError } from '../../platform/plain-error.ts';
import { type RemoteAddress, remoteAddress } from '../../remote/address.ts';
import type { RemoteOptions } from '../../session/remote-options.ts';
import type { StartedServer } from './started-server.ts';

/** What a remote server is reached by, with the values of its variables. */
export interface RemoteServer {
  address: RemoteAddress;
  headers: Record<string, string>;
}

/** RFC 9110, 5.5: what a header may hold, one byte a letter. */
const VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;

/** Throws a PlainError (exit 2) for an address that is none and for a variable that is not set or cannot be sent. */
export function remoteServer(remote: RemoteOptions, env: NodeJS.ProcessEnv): RemoteServer {
  const address =
    remote.url === undefined
      ? remoteAddress(variableValue(remote.urlVariable ?? '', env), 'variable')
      : remoteAddress(remote.url);
  const headers: Record<string, string> = {};
  for (const { name, variable, bearer } of remote.headers) {
    const value = variableValue(variable, env).trim();
    if (!VALUE.test(value))
      throw refused(`The variable ${variable} holds a letter that no header can: ${name} cannot be sent.`);
    if (bearer && /\s/.test(value))
      throw refused(
        `The variable ${variable} holds more than a token, such as a "Bearer" of its own. Leave the token alone in it, or give the whole header: --header-env Authorization=${variable}.`,
      );
    headers[name] = bearer ? `Bearer ${value}` : value;
  }
  return { address, headers };
}

/** Loads the bridge and stands ready; nothing is sent before the client speaks. */
export async function startedRemote(
  { address, headers }: RemoteServer,
  { transport }: RemoteOptions,
  { home, say }: { home: Home; say(sentence: string): void },
): Promise<StartedServer> {
  const [http, { Bridge }, { RemoteEnd }, { credentialsOf }] = await Promise.all([
    import('../../remote/http/http-client.ts').then(({ HttpClient }) => HttpClient.load(process.env)),
    import('../../remote/bridge.ts'),
    import('../../remote/remote-end.ts'),
    import('../../remote/credentials-of.ts'),
  ]);
  const { authorization: given, ...others } = headers;
  const credentials = credentialsOf(home, address, given);
  const upstream = new Bridge({ address, http, headers: others, credentials, transport, say });
  const ender = new RemoteEnd(upstream);
  return { upstream, ender, ended: ender.ended, kill: () => http.destroy() };
}

function variableValue(variable: string, env: NodeJS.ProcessEnv): string {
  const value = env[variable];
  if (value !== undefined && value.trim() !== '') return value;
  throw refused(
    `The variable ${variable} is not set, or empty, and the remote server is reached by it. Set it where holdpoint is started; a client does that by "env" in its entry.`,
  );
}

function refused(message: string): PlainError {
  return new PlainError(message, EXIT.usage);
}

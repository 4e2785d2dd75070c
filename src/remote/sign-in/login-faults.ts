import { PlainError } from '../../platform/plain-error.ts';
import { visible } from '../../text/visible.ts';
import { serverOf } from '../wire/web-names.ts';
import { errorWord, type LastRefusal } from './careful-fetch.ts';
import type { Discovered } from './discover.ts';

/** Where apps that were registered beforehand expect the browser back: most servers let the port be any (RFC 8252). */
export const GIVEN_PATH = '/callback';

/** RFC 6749, 5.2: what the app says of itself does not fit. */
const UNKNOWN_APP = new Set(['invalid_client', 'unauthorized_client']);

/** How far a sign-in had come. */
interface Step {
  server: string;
  last: LastRefusal | undefined;
  discovered: Discovered;
}

/** That the authorization server sent the person back with an error. Of its words only the code of the error is said. */
export function refusedThere(server: URL, issuer: string, error: string): PlainError {
  const at = visible(issuer);
  if (error === 'access_denied')
    return new PlainError(
      `The sign-in to ${visible(serverOf(server))} was denied at ${at}. Nothing was kept.`,
    );
  const word = errorWord(error) ?? 'an error that is none of OAuth';
  const way = error === 'invalid_scope' ? ' Name others with --scope.' : '';
  return new PlainError(`${at} ended the sign-in: ${word}. Nothing was kept.${way}`);
}

/** An error of the SDK as a sentence with the error code alone: the rest of what a server says may repeat secrets. */
export function stepFault(error: unknown, { server, last, discovered }: Step): PlainError {
  if (error instanceof PlainError) return error;
  const { message } = error as Error;
  const shown = visible(server);
  const { registration_endpoint: registration } = discovered.authorizationServerMetadata;
  if (/dynamic client registration/.test(message)) return unregistered(shown, 'lets no app register itself');
  if (/code challenge method/.test(message))
    return new PlainError(
      `The authorization server of ${shown} does not know PKCE with S256, without which another program could use the answer. Nobody signs in there. Its operator has to mend that.`,
    );
  if (last === undefined)
    return new PlainError(
      `The authorization server of ${shown} gives an answer that is not what it must be. Nothing was kept. Its operator has to mend that.`,
      1,
      { cause: error },
    );
  const why = last.code ?? `HTTP ${last.status}`;
  if (registration !== undefined && last.at === serverOf(new URL(registration)))
    return unregistered(shown, `refuses to register holdpoint (${why})`);
  const way = UNKNOWN_APP.has(why)
    ? 'It does not know the app so: look at --client-id, and at --client-secret-env where the app has a secret.'
    : 'Run the command again.';
  return new PlainError(
    `The authorization server of ${shown} did not go on with the sign-in: ${why} from ${visible(last.at)}. Nothing was kept. ${way}`,
  );
}

function unregistered(shown: string, why: string): PlainError {
  return new PlainError(
    `The authorization server of ${shown} ${why}. Register an app there, with http://127.0.0.1${GIVEN_PATH} as its redirect address, and give its id: --client-id ID (--client-secret-env VAR where it has a secret, --callback-port PORT where the address needs a port).`,
  );
}

import { EXIT } from '../platform/exit-codes.ts';
import { PlainError } from '../platform/plain-error.ts';
import { visible } from '../text/visible.ts';
import { isLoopback, serverOf } from './wire/web-names.ts';

/** Where a remote server is. */
export interface RemoteAddress {
  /** What is asked for: no user information in it, and no fragment. */
  url: URL;
  /** Origin and path: all that screens, pins, records and names of files ever get of it. */
  shown: string;
  /** From the user information of the address, as the header's value. */
  authorization: string | undefined;
}

/** Where an address stands: in arguments, which every process of the machine may read, or in a variable. */
export type AddressPlace = 'argument' | 'variable';

/**
 * Reads a server's address: https, or http to this very machine. Throws a PlainError (exit 2) for every other, and
 * for one in the arguments that holds what may be a secret. No message repeats more of it than origin and path.
 */
export function remoteAddress(text: string, place: AddressPlace = 'argument'): RemoteAddress {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || (url.protocol !== 'https:' && url.protocol !== 'http:')) {
    const what = place === 'argument' ? `${visible(shortOf(text))} is` : 'What the variable holds is';
    throw refused(
      `${what} no address of a server. Give one that begins with https://, or for this machine with http://.`,
    );
  }
  const shown = serverOf(url);
  if (url.protocol === 'http:' && !isLoopback(url.hostname))
    throw refused(
      `${visible(shown)} is plain http, which anybody on the way reads and changes. Use https; plain http goes to this machine only.`,
    );
  const { username, password, search } = url;
  if (place === 'argument' && (username !== '' || password !== '' || search !== ''))
    throw refused(
      `The address of ${visible(shown)} holds a name, a password or a query, and every process of this machine can read arguments. Put the whole address into an environment variable and name that: --url-env VARIABLE.`,
    );
  url.username = '';
  url.password = '';
  url.hash = '';
  const basic = username === '' && password === '' ? undefined : basicOf(username, password);
  return { url, shown, authorization: basic };
}

/** What names a remote server where a local one is named by its argument vector. */
export function remoteCommand(shown: string): string[] {
  return ['--url', shown];
}

function basicOf(username: string, password: string): string {
  const said = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return `Basic ${Buffer.from(said).toString('base64')}`;
}

/** Of what is no address: it may hold a secret all the same. */
function shortOf(text: string): string {
  const [before = ''] = text.replace(/^([^/?#]*:\/\/)?[^?#]*@/, '$1').split(/[?#]/);
  return JSON.stringify(before.slice(0, 80));
}

function refused(message: string): PlainError {
  return new PlainError(message, EXIT.usage);
}

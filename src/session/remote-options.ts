import { isHeaderName, serverOf } from '../remote/wire/web-names.ts';

/** A server that is reached over HTTP instead of being started. */
export interface RemoteOptions {
  /** Its address, or the variable that holds it; one of the two. */
  url: string | undefined;
  urlVariable: string | undefined;
  /** Headers of every request, each with the variable that holds its value. */
  headers: readonly HeaderVariable[];
  transport: 'auto' | 'http' | 'sse';
}

export interface HeaderVariable {
  name: string;
  variable: string;
  /** It holds a token alone, which goes as `Bearer TOKEN`. */
  bearer: boolean;
}

const VARIABLE = /^[A-Za-z_][A-Za-z0-9_]*$/;
/** What the bridge says itself, of the line that was judged and of the connection. */
const OURS =
  /^(?:mcp-(?!$).*|content-.*|accept|accept-encoding|host|connection|transfer-encoding|keep-alive|upgrade|te|trailer|expect|last-event-id|proxy-.*)$/i;

/** The options that name a remote server, and `--header-env` as often as it stands. */
export const REMOTE_WORDS = ['--url', '--url-env', '--header-env', '--bearer-env', '--transport'];

export const NO_REMOTE: RemoteOptions = {
  url: undefined,
  urlVariable: undefined,
  headers: [],
  transport: 'auto',
};

/** The options with one more word of these read. Throws an Error with a sentence for a value that cannot be. */
export function withRemoteWord(before: RemoteOptions, name: string, value: string): RemoteOptions {
  if (name === '--url') return { ...before, url: value };
  if (name === '--url-env') return { ...before, urlVariable: variableOf(name, value) };
  if (name === '--header-env') return { ...before, headers: withHeader(before.headers, headerOf(value)) };
  if (name === '--bearer-env') return { ...before, headers: withHeader(before.headers, bearerOf(value)) };
  if (value !== 'auto' && value !== 'http' && value !== 'sse')
    throw new Error(`--transport ${JSON.stringify(value)} is none of auto, http and sse.`);
  return { ...before, transport: value };
}

/** Whether what stands in place of a program is a remote server's address. */
export function isAddress(program: string): boolean {
  return /^https?:\/\//i.test(program);
}

/** That an address is no command, without what may be a secret in it. */
export function noCommand(address: string): string {
  const shown = URL.canParse(address) ? serverOf(new URL(address)) : 'This';
  return `${shown} is an address and no command: a remote server is given by --url.`;
}

/** Whether a header is ours to say. */
export function isOwnHeader(name: string): boolean {
  return OURS.test(name);
}

/** Of two tokens one would be sent, and nobody could say which was meant. */
function withHeader(before: readonly HeaderVariable[], header: HeaderVariable): readonly HeaderVariable[] {
  const same = before.filter(({ name }) => name === header.name);
  if ([...same, header].some(({ bearer }) => bearer) && same.length > 0)
    throw new Error('--bearer-env says the header Authorization, which was given already: leave one.');
  return [...before, header];
}

function bearerOf(value: string): HeaderVariable {
  return { name: 'authorization', variable: variableOf('--bearer-env', value), bearer: true };
}

function headerOf(value: string): HeaderVariable {
  const at = value.indexOf('=');
  const name = value.slice(0, at);
  if (at === -1 || !isHeaderName(name))
    throw new Error(
      `--header-env ${JSON.stringify(value)} is no NAME=VARIABLE, such as Authorization=MY_TOKEN.`,
    );
  if (isOwnHeader(name))
    throw new Error(`The header ${name} is one that holdpoint says itself, and cannot be given.`);
  const variable = variableOf('--header-env', value.slice(at + 1));
  return { name: name.toLowerCase(), variable, bearer: false };
}

/** A value in place of a variable's name would stand in the arguments, which every process can read. */
function variableOf(option: string, name: string): string {
  if (VARIABLE.test(name)) return name;
  throw new Error(`${option} wants the name of an environment variable, not what it holds.`);
}

import { EXIT } from '../../platform/exit-codes.ts';
import { PlainError } from '../../platform/plain-error.ts';
import { remoteAddress } from '../../remote/address.ts';
import { visible } from '../../text/visible.ts';

/** The server that a command is about: from its argument, or the variable that holds it. Throws a PlainError (exit 2). */
export function addressGiven(url: string | undefined, variable: string | undefined): URL {
  if (url !== undefined && variable !== undefined)
    throw usage('Both an address and --url-env are given. Give one of them.');
  if (variable !== undefined) return remoteAddress(valueIn(variable, '--url-env'), 'variable').url;
  if (url === undefined)
    throw usage('Which server? Give its address, or --url-env with the variable that holds it.');
  return remoteAddress(url).url;
}

/** The value of a variable that an option names. Throws a PlainError (exit 2) that never holds a value. */
export function valueIn(variable: string, option: string): string {
  const value = process.env[variable];
  if (value !== undefined && value !== '') return value;
  throw usage(
    `The environment variable ${visible(variable)} (${option}) is not set, or empty. Set it, then run the command again.`,
  );
}

/** `--header-env NAME=VARIABLE`, of each the name and the variable. */
export function headerNames(words: readonly string[]): [name: string, variable: string][] {
  return words.map((word) => {
    const [, name = '', variable = ''] = /^([!#$%&'*+.^_`|~\w-]+)=(\w+)$/.exec(word) ?? [];
    if (name === '' || variable === '')
      throw usage(
        `--header-env ${visible(JSON.stringify(word))} cannot be read. Give the header's name and a variable, such as X-Api-Key=MY_KEY.`,
      );
    return [name, variable];
  });
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

import { EXIT } from '../../platform/exit-codes.ts';
import { PlainError } from '../../platform/plain-error.ts';

const ENTER = /[\r\n]/;
const LEAVE = /[\u0003\u0004]/;
const ERASE = /[\u007f\b]/;
/** Ctrl-U: as shells do it. */
const EMPTY = '\u0015';
const CONTROL = /[\u0000-\u001f\u007f]/;

/**
 * Reads a line that is not shown, from a terminal. Undefined after Ctrl-C or Ctrl-D. Throws (exit 2) without a
 * terminal: a passphrase in a file, a pipe or the environment is one that an agent can read.
 */
export async function askSecret(question: string): Promise<string | undefined> {
  const { stdin, stdout } = process;
  if (!stdin.isTTY || !stdout.isTTY) {
    throw new PlainError('A passphrase is asked for on a terminal only, and this is none.', EXIT.usage);
  }
  stdout.write(question);
  stdin.setRawMode(true);
  stdin.setEncoding('utf8');
  stdin.resume();
  let typed = '';
  try {
    return await new Promise<string | undefined>((resolve) => {
      const read = (chunk: string): void => {
        const done = (answer: string | undefined): void => {
          stdin.off('data', read);
          resolve(answer);
        };
        for (const letter of chunk) {
          if (ENTER.test(letter)) return done(typed);
          if (LEAVE.test(letter)) return done(undefined);
          if (ERASE.test(letter)) typed = [...typed].slice(0, -1).join('');
          else if (letter === EMPTY) typed = '';
          else if (!CONTROL.test(letter)) typed += letter;
        }
      };
      stdin.on('data', read);
    });
  } finally {
    stdin.setRawMode(false);
    stdin.pause();
    stdout.write('\n');
  }
}

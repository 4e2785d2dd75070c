import { existsSync } from 'node:fs';
import { NOT_EXECUTABLE, NOT_FOUND } from '../../platform/exit-codes.ts';
import { causeOf } from '../../platform/file-fault.ts';
import type { Ending } from '../../proxy/upstream/server-process.ts';
import { visible } from '../../text/visible.ts';

/** What a shell would have put something else in place of. */
const UNEXPANDED = /^~|\$\{?\w|%\w+%/;

/** Why the server's command could not be started, as a sentence, and how the session ends. */
export function notStarted(
  command: readonly string[],
  error: NodeJS.ErrnoException,
): { said: string; ending: Ending } {
  const [program = ''] = command;
  const name = `the server's command ${visible(program)}`;
  if (error.code === 'ENOENT') {
    const ending = { code: NOT_FOUND, how: 'it was not found' };
    return { said: `${name} ${whyNotFound(program)}`, ending };
  }
  const rights = error.code === 'EACCES' ? ' Is it a program, and may you run it (chmod +x)?' : '';
  const ending = { code: NOT_EXECUTABLE, how: 'it could not be started' };
  return { said: `${name} could not be started: ${visible(causeOf(error))}.${rights}`, ending };
}

/** Most are no program at all but what a shell would have made one of. */
function whyNotFound(program: string): string {
  const [unexpanded] = UNEXPANDED.exec(program) ?? [];
  if (unexpanded !== undefined)
    return `was not found: it holds "${visible(unexpanded)}", which nobody expanded, for no shell reads it. Write the whole path.`;
  if (/\s/.test(program.trim()))
    return 'was not found: it holds blanks, so it is a whole command line in one word. Give only the program as "command", and each further word as one of "args".';
  if (program.includes('/') && existsSync(program))
    return 'is there, but the program that its first line (#!) names was not found. Install that, or name it as the command.';
  if (program.includes('/')) return 'was not found. Check its path.';
  return "was not found. Give its full path: clients do not share your shell's PATH.";
}

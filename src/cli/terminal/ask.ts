import { createInterface } from 'node:readline/promises';
import { EXIT } from '../../platform/exit-codes.ts';
import { PlainError } from '../../platform/plain-error.ts';

/** A yes-or-no question on the terminal; anything but y or yes is no, Ctrl-C and Ctrl-D too. Throws (exit 2) where nobody can answer. */
export async function ask(question: string, flag = '--yes'): Promise<boolean> {
  if (!process.stdin.isTTY) {
    throw new PlainError(
      `Nobody can be asked here: this is not a terminal. Add ${flag} to go ahead.`,
      EXIT.usage,
    );
  }
  return /^y(?:es)?$/i.test(((await askFor(`${question} [y/N] `)) ?? '').trim());
}

/** A line typed on the terminal; undefined after Ctrl-C or Ctrl-D. */
export async function askFor(question: string): Promise<string | undefined> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return await terminal.question(question);
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'AbortError') throw error;
    process.stdout.write('\n');
    return undefined;
  } finally {
    terminal.close();
  }
}

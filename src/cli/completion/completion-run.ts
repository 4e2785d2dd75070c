import type { Command } from 'commander';
import { EXIT } from '../../platform/exit-codes.ts';
import { PlainError } from '../../platform/plain-error.ts';
import { visible } from '../../text/visible.ts';
import { candidates } from './candidates.ts';
import { SHELLS } from './shells.ts';

export function printCompletion(shell: string): void {
  const script = Object.hasOwn(SHELLS, shell) ? SHELLS[shell] : undefined;
  if (script === undefined) {
    const known = Object.keys(SHELLS).join(', ');
    throw new PlainError(`There is no completion for ${visible(shell)}. Give one of ${known}.`, EXIT.usage);
  }
  process.stdout.write(script);
}

/** One candidate a line, a tab before what it is for. Whoever presses Tab wants no sentence: what fails proposes nothing. */
export async function printCandidates(program: Command, words: readonly string[]): Promise<void> {
  const found = await candidates(program, words).catch(() => []);
  const lines =
    typeof found === 'string'
      ? [found]
      : found.map(({ word, text }) => (text === undefined ? word : `${word}\t${text}`));
  process.stdout.write(lines.map((line) => `${line}\n`).join(''));
}

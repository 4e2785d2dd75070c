import type { Command } from 'commander';
import { HOME } from '../terminal/home-option.ts';

/** `holdpoint completion`, and `complete`, which the shells ask. */
export function registerCompletion(program: Command): void {
  program
    .command('completion <shell>')
    .description(
      'print what makes a shell complete commands, options, servers, tools and holds: bash, zsh, fish',
    )
    .option(HOME[0], 'the holdpoint home (taken by every command; this one does not use it)')
    .action(async (shell: string) => {
      const { printCompletion } = await import('./completion-run.ts');
      printCompletion(shell);
    });
  program
    .command('complete', { hidden: true })
    .argument('[words...]')
    .allowUnknownOption()
    .helpOption(false)
    .action(async (words: string[]) => {
      const { printCandidates } = await import('./completion-run.ts');
      await printCandidates(program, words);
    });
}

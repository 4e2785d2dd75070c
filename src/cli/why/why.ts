import type { Command } from 'commander';
import { HOME } from '../terminal/home-option.ts';
import type { WhyOptions } from './why-run.ts';

/** `holdpoint why CALL | SERVER | SERVER/TOOL`. */
export function registerWhy(program: Command): void {
  program
    .command('why <what>')
    .description('why a call was held or was not: a recorded CALL, a SERVER/TOOL, or a SERVER')
    .option('--args <json>', 'with these arguments (for SERVER/TOOL)')
    .option(...HOME)
    .option('--json', 'as JSON: {what, guarded: [{client, file, state}], now, calls}')
    .action(async (what: string, options: WhyOptions) => {
      const { why } = await import('./why-run.ts');
      await why(what, options);
    });
}

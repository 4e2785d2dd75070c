import type { Command } from 'commander';
import { HOME } from '../terminal/home-option.ts';

/** `holdpoint stop | resume`. */
export function registerStop(program: Command): void {
  program
    .command('stop')
    .description('refuse every call of every server from now on, what waits included')
    .option('--reason <text>', 'what agents and people are told')
    .option(...HOME)
    .action(async (options: { reason?: string; home?: string }) => {
      await (await import('./stop-run.ts')).stopAll(options);
    });
  program
    .command('resume')
    .description('let calls be decided again after "holdpoint stop"')
    .option('--as <name>', 'whose approver key signs, where there are several')
    .option(...HOME)
    .action(async (options: { as?: string; home?: string }) => {
      await (await import('./resume-run.ts')).resume(options);
    });
}

import type { Command } from 'commander';
import { HOME } from '../terminal/home-option.ts';
import type { DoctorOptions } from './doctor-run.ts';

/** `holdpoint doctor`. */
export function registerDoctor(program: Command): void {
  program
    .command('doctor')
    .description('what is not guarded, would not start or is not as you mean it, and what mends it')
    .option('--fix', "mend what is safe to mend: the rights of the home's own files")
    .option(...HOME)
    .option('--json', 'as JSON: {findings: [{id, level, what, why, fix}]}')
    .action(async (options: DoctorOptions) => {
      const { doctor } = await import('./doctor-run.ts');
      await doctor(options);
    });
}

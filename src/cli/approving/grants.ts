import type { Command } from 'commander';
import { HOME } from '../terminal/home-option.ts';

interface GrantWords {
  home?: string;
  json?: boolean;
}

/** `holdpoint grants list | revoke`. */
export function registerGrants(program: Command): void {
  const grants = program
    .command('grants')
    .description('approvals that are remembered for later calls, and rules that were added from answers');
  grants
    .command('list')
    .description('what runs without asking, until when, and who said so')
    .option('--json', 'as JSON')
    .option(...HOME)
    .action(async (options: GrantWords) => {
      await (await import('./grants-run.ts')).listGrants(options);
    });
  grants
    .command('revoke <id>')
    .description('ask again from now on: ends a grant, or takes a rule out of your policy')
    .option(...HOME)
    .action(async (id: string, options: GrantWords) => {
      await (await import('./grants-run.ts')).revokeGrant(id, options);
    });
}

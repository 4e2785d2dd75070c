import type { Command } from 'commander';

interface GrantWords {
  home?: string;
  json?: boolean;
}

/** `holdpoint grants list | revoke`. */
export function registerGrants(program: Command): void {
  const grants = program.command('grants').description('approvals that are remembered for later calls');
  grants
    .command('list')
    .description('what runs without asking, until when, and who said so')
    .option('--json', 'as JSON')
    .option('--home <dir>', 'the holdpoint home')
    .action(async (options: GrantWords) => {
      await (await import('./grants-run.ts')).listGrants(options);
    });
  grants
    .command('revoke <id>')
    .description('ask again from now on')
    .option('--home <dir>', 'the holdpoint home')
    .action(async (id: string, options: GrantWords) => {
      await (await import('./grants-run.ts')).revokeGrant(id, options);
    });
}

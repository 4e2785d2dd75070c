import type { Command } from 'commander';
import { HOME } from '../terminal/home-option.ts';

/** `holdpoint clients`. */
export function registerClients(program: Command): void {
  program
    .command('clients')
    .description('the MCP clients on this machine, and which of their servers are wrapped')
    .option('--json', 'as JSON: [{client, file, problem, servers: [{name, state, command, why}]}]')
    .option(HOME[0], 'the holdpoint home (taken by every command; this one does not use it)')
    .action(async (options: { json?: boolean }) => {
      const { listClients } = await import('./clients-list.ts');
      listClients(options);
    });
}

import type { Command } from 'commander';
import { CLIENTS } from '../../clients/table.ts';
import { HOME } from '../terminal/home-option.ts';

export interface WrapOptions {
  server?: string;
  file?: string;
  home?: string;
  policy?: string;
  dryRun?: boolean;
  yes?: boolean;
  force?: boolean;
  portable?: boolean;
}

const IDS = `a client: ${CLIENTS.map(({ id }) => id).join(', ')}`;

/** `holdpoint wrap` and `holdpoint unwrap`. */
export function registerWrap(program: Command): void {
  const wrap = program
    .command('wrap')
    .argument('[client]', IDS)
    .description("put holdpoint in front of a client's servers (default: a choice of all that are found)")
    .option(HOME[0], 'the holdpoint home that the wrapped servers use')
    .option('--policy <file>', 'the policy that the wrapped servers use')
    .option(
      '--portable',
      'write "holdpoint" without a path (by itself for a project\'s file in a repository)',
    )
    .option('--no-portable', 'write full paths, even into a repository')
    .option('--force', 'even if holdpoint runs from a temporary place, or is not on the PATH');
  const unwrap = program
    .command('unwrap')
    .argument('[client]', IDS)
    .description('take holdpoint away again: the same bytes as before')
    .option(HOME[0], 'the holdpoint home that keeps the record');
  for (const [command, how] of [
    [wrap, 'wrap'],
    [unwrap, 'unwrap'],
  ] as const) {
    command
      .option('--server <name>', 'this server only')
      .option('--file <path>', 'this configuration file')
      .option('--dry-run', 'show the difference and change nothing')
      .option('--yes', 'do not ask')
      .action(async (client: string | undefined, options: WrapOptions) => {
        const { changeClients } = await import('./wrap-run.ts');
        await changeClients(how, client, options);
      });
  }
}

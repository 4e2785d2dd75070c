import type { Command } from 'commander';
import { EXIT } from './exit-codes.ts';

interface WatchWords {
  plain?: boolean;
  home?: string;
}

/** `holdpoint watch`, which a bare `holdpoint` on a terminal means too. */
export function registerWatch(program: Command): void {
  program
    .command('watch')
    .description('the approval terminal: see what waits, approve or reject it')
    .option('--plain', 'line by line, for screen readers and scripts')
    .option('--home <dir>', 'the holdpoint home')
    .action(watch);
}

/** Starts the terminal; without one: one sentence and exit 2. */
export async function watch(options: WatchWords): Promise<void> {
  const { ensurePrivateFolder, resolveHome } = await import('../config/home.ts');
  const home = resolveHome(options.home, process.env);
  ensurePrivateFolder(home.root);
  ensurePrivateFolder(home.run);
  if (options.plain === true) {
    const { watchPlain } = await import('../watch/plain.ts');
    return watchPlain(home.run);
  }
  if (!process.stdin.isTTY || !process.stdout.isTTY) {
    process.stderr.write('holdpoint: watch needs a terminal; open one, or use "holdpoint watch --plain".\n');
    process.exitCode = EXIT.usage;
    return;
  }
  const { watchTerminal } = await import('../watch/terminal.ts');
  await watchTerminal(home.run);
}

import type { Command } from 'commander';

/** `holdpoint demo`. */
export function registerDemo(program: Command): void {
  program
    .command('demo')
    .description('a shop, an agent and you in between: the whole of holdpoint in a minute')
    .option('--scripted', 'answer by script even on a terminal')
    .action(async (options: { scripted?: boolean }) => {
      const { runDemo } = await import('./demo-run.ts');
      await runDemo(
        options.scripted !== true && process.stdin.isTTY === true && process.stdout.isTTY === true,
      );
    });
}

import type { Command } from 'commander';
import { HOME } from '../terminal/home-option.ts';
import type { DecideOptions } from './decide-hold.ts';
import type { PendingOptions } from './pending.ts';

/** `pending`, `approve`, `reject`. */
export function registerApprovals(program: Command): void {
  program
    .command('pending')
    .description('list the calls that wait for a person')
    .option('--json', 'as JSON')
    .option('--reveal', 'show secrets that are masked')
    .option('--team', "what waits on the team's other machines too; asks for your passphrase")
    .option('--as <name>', 'whose approver key reads it, where there are several')
    .option(...HOME)
    .action(async (options: PendingOptions) => {
      const { pending } = await import('./pending.ts');
      await pending(options);
    });
  for (const verdict of ['approve', 'reject'] as const) {
    const command = program
      .command(`${verdict} <id>`)
      .description(verdict === 'approve' ? 'let a held call run, once' : 'refuse a held call')
      .option(
        '--reason <text>',
        verdict === 'approve' ? 'kept in the audit log' : 'told to the agent and kept in the audit log',
      )
      .option(...HOME);
    command.option('--reveal', 'show secrets that are masked');
    command.option('--as <name>', 'sign with the key of this approver');
    if (verdict === 'approve') {
      command.option('--confirm <text>', 'the text to type, where one is asked for');
      command.option('--for <time>', 'remember it: once, session, or a time such as 30m, 8h, 7d', 'once');
      command.option('--like', 'with --for: for calls like it, by a rule that is shown');
      command.option(
        '--any-arguments',
        'with --for: for this tool whatever its arguments, not for this very call only',
      );
    }
    command.action(async (id: string, options: DecideOptions) => {
      const { decideHold } = await import('./decide-hold.ts');
      await decideHold(verdict, id, options);
    });
  }
}

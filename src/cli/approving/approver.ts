import type { Command } from 'commander';
import { HOME } from '../terminal/home-option.ts';
import type { ApproverOptions } from './approver-changes.ts';

/** `holdpoint approver init | list | enroll | remove`. */
export function registerApprover(program: Command): void {
  const approver = program
    .command('approver')
    .description('keys that sign approvals: make one, say whose count');
  const withHome = (command: Command): Command => command.option(...HOME);
  withHome(approver.command('init').description('make a key, locked by a passphrase'))
    .option('--name <name>', "the approver's name (default: the user's)")
    .action(async (options: ApproverOptions) => {
      await (await import('./approver-changes.ts')).initApprover(options);
    });
  withHome(approver.command('list').description('whose approvals count'))
    .option('--json', 'as JSON')
    .action(async (options: { home?: string; json?: boolean }) => {
      (await import('./approver-list.ts')).listApprovers(options);
    });
  withHome(approver.command('enroll <file>').description("let another's key count; file: their .pub"))
    .option('--as <name>', 'whose key signs this')
    .action(async (file: string, options: ApproverOptions) => {
      await (await import('./approver-changes.ts')).enrollApprover(file, options);
    });
  withHome(approver.command('remove <name>').description('let a key no longer count'))
    .option('--as <name>', 'whose key signs this')
    .action(async (name: string, options: ApproverOptions) => {
      await (await import('./approver-changes.ts')).removeApprover(name, options);
    });
}

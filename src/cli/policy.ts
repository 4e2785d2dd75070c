import type { Command } from 'commander';
import type { ExplainOptions } from './policy-explain.ts';

/** `policy check | explain | apply`. */
export function registerPolicy(program: Command): void {
  const policy = program.command('policy').description('check, explain and apply the policy');
  policy
    .command('check [file]')
    .description('find every problem of a policy file (default: the one in the holdpoint home)')
    .option('--json', 'as JSON: [{path, line, column, message, suggestion}]')
    .option('--home <dir>', 'the holdpoint home')
    .action(async (file: string | undefined, options: { json?: boolean; home?: string }) => {
      const { checkPolicy } = await import('./policy-check.ts');
      checkPolicy(file, options);
    });
  policy
    .command('explain <server/tool>')
    .description(
      'say what the policy in force does with a call, and why (exit 0 allow, 10 deny, 11 escalate)',
    )
    .option('--args <json>', "the call's arguments", '{}')
    .option('--caller <name>', 'as with run --as')
    .option('--client <name>', 'what the client calls itself')
    .option('--policy <file>', 'explain with this file instead of the policy in force')
    .option('--json', 'as JSON')
    .option('--home <dir>', 'the holdpoint home')
    .action(async (target: string, options: ExplainOptions) => {
      const { explainPolicy } = await import('./policy-explain.ts');
      explainPolicy(target, options);
    });
  policy
    .command('apply [file]')
    .description('show how the policy file differs from what is in force, and put it into force')
    .option('--yes', 'do not ask')
    .option('--home <dir>', 'the holdpoint home')
    .action(async (file: string | undefined, options: { yes?: boolean; home?: string }) => {
      const { applyPolicy } = await import('./policy-apply.ts');
      await applyPolicy(file, options);
    });
}

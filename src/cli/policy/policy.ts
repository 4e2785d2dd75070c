import type { Command } from 'commander';
import { HOME } from '../terminal/home-option.ts';
import type { ApplyOptions } from './policy-apply.ts';
import type { CheckOptions } from './policy-check.ts';
import type { ExplainOptions } from './policy-explain.ts';
import type { InitOptions } from './policy-init.ts';
import type { ReplayOptions } from './policy-replay.ts';
import type { SuggestOptions } from './policy-suggest.ts';
import type { TestOptions } from './policy-test.ts';

/** `policy init | check | explain | test | replay | suggest | apply`. */
export function registerPolicy(program: Command): void {
  const policy = program.command('policy').description('write, check, test and apply the policy');
  registerInit(policy);
  registerCheck(policy);
  registerExplain(policy);
  registerTest(policy);
  registerReplay(policy);
  registerSuggest(policy);
  registerApply(policy);
}

function registerInit(policy: Command): void {
  policy
    .command('init [servers...]')
    .description(
      'write a commented policy to begin with, for these servers or all that are in use, and say what it changes',
    )
    .option('--print', 'to stdout, not into the holdpoint home')
    .option(...HOME)
    .action(async (servers: string[], options: InitOptions) => {
      const { initPolicy } = await import('./policy-init.ts');
      await initPolicy(servers, options);
    });
}

function registerCheck(policy: Command): void {
  policy
    .command('check [file]')
    .description('find every problem of a policy file (default: the one in the holdpoint home); exit 0 or 3')
    .option(
      '--tools <server=file>',
      'the tools a server has, as saved from tools/list (default: those that were accepted); may be given again',
      (one: string, all: string[]) => [...all, one],
      [] as string[],
    )
    .option('--json', 'as JSON: [{severity, path, line, column, message, suggestion, excerpt}]')
    .option(...HOME)
    .action(async (file: string | undefined, options: CheckOptions) => {
      const { checkPolicy } = await import('./policy-check.ts');
      await checkPolicy(file, options);
    });
}

function registerExplain(policy: Command): void {
  policy
    .command('explain <server/tool>')
    .description(
      'say what the policy in force does with a call, and why (exit 0 allow, 10 deny, 11 escalate)',
    )
    .option('--args <json>', "the call's arguments", '{}')
    .option('--caller <name>', 'as with run --as')
    .option('--client <name>', 'what the client calls itself')
    .option('--risk <class>', 'as if the tool were of this class; else as its server was last accepted')
    .option('--now <time>', 'as if it were then: 2026-01-31T08:00:00Z')
    .option('--policy <file>', 'explain with this file instead of the policy in force')
    .option('--json', 'as JSON')
    .option(...HOME)
    .action(async (target: string, options: ExplainOptions) => {
      const { explainPolicy } = await import('./policy-explain.ts');
      await explainPolicy(target, options);
    });
}

function registerTest(policy: Command): void {
  policy
    .command('test [files...]')
    .description('decide the cases of these files; exit 0 when all are as wanted, 1 when one is not')
    .option('--policy <file>', 'with this policy, whatever the files name')
    .option('--json', 'as JSON: [{file, line, call, effect, rule, reason, differs}]')
    .option(...HOME)
    .action(async (files: string[], options: TestOptions) => {
      const { testPolicy } = await import('./policy-test.ts');
      await testPolicy(files, options);
    });
}

function registerReplay(policy: Command): void {
  policy
    .command('replay <file>')
    .description('decide the recorded calls by another policy, and say what would change')
    .option('--since <time>', 'only calls from this time on: ISO 8601, or 15m, 2h, 7d')
    .option('--server <name>', 'only calls of this server')
    .option('--json', 'as JSON: {calls, same, changes, undecidable, days, approvalsPerDay}')
    .option(...HOME)
    .action(async (file: string, options: ReplayOptions) => {
      const { replayPolicy } = await import('./policy-replay.ts');
      await replayPolicy(file, options);
    });
}

function registerApply(policy: Command): void {
  policy
    .command('apply [file]')
    .description('show how the policy files differ from what is in force, and put them into force')
    .option('--yes', 'do not ask')
    .option('--as <name>', 'whose approver key signs, where there are several')
    .option(...HOME)
    .action(async (file: string | undefined, options: ApplyOptions) => {
      const { applyPolicy } = await import('./policy-apply.ts');
      await applyPolicy(file, options);
    });
}

function registerSuggest(policy: Command): void {
  policy
    .command('suggest')
    .description('rules that would spare questions which always got a yes, tried on the record')
    .option('--since <time>', 'of calls since then: 7d, 12h, 2026-11-01')
    .option('--server <name>', 'of one server')
    .option('--add <number>', 'show what that rule changes in the policy, ask, write it and apply it')
    .option('--yes', 'with --add: without asking')
    .option('--try <rule>', 'what this rule would have done, as {"allow": {"tool", "when"}}')
    .option('--json', 'as JSON')
    .option(...HOME)
    .action(async (options: SuggestOptions) => {
      const { suggestPolicy } = await import('./policy-suggest.ts');
      await suggestPolicy(options);
    });
}

import type { Command } from 'commander';
import { HOME } from '../terminal/home-option.ts';

const MACHINE = [
  '--machine <name>',
  'what this machine is called in the team (default: its host name)',
] as const;
const AS = ['--as <name>', 'whose approver key signs, where there are several'] as const;

export interface TeamOptions {
  home?: string;
  machine?: string;
  as?: string;
  replicas?: string;
  json?: boolean;
  invitation?: boolean;
  role?: string;
  nsc?: boolean;
}

/** `holdpoint team …`. */
export function registerTeam(program: Command): void {
  const team = program.command('team').description('approvers on other machines, over NATS (docs/team.md)');
  team
    .command('init')
    .description("make the team's buckets and streams, and an invitation for other machines")
    .option('--replicas <n>', 'of how many servers each message is kept by: 1, 3 or 5', '1')
    .option(...MACHINE)
    .option(...AS)
    .option(...HOME)
    .action(async (options: TeamOptions) => {
      await (await import('./team-init.ts')).initTeam(options);
    });
  team
    .command('join')
    .description('make this machine a member of a team')
    .argument('<invitation>', 'what "team init" printed: one word')
    .option(...MACHINE)
    .option(...HOME)
    .action(async (invitation: string, options: TeamOptions) => {
      await (await import('./team-join.ts')).joinTeam(invitation, options);
    });
  team
    .command('leave')
    .description('forget the team on this machine')
    .option(...HOME)
    .action(async (options: TeamOptions) => {
      await (await import('./team-join.ts')).leaveTeam(options);
    });
  registerLooks(team);
  registerPolicy(team);
}

function registerLooks(team: Command): void {
  team
    .command('status')
    .description('whether the relay is reached, who is there, and what waits')
    .option('--json', 'the same for a script')
    .option('--invitation', 'print the invitation for other machines again')
    .option(...HOME)
    .action(async (options: TeamOptions) => {
      await (await import('./team-status.ts')).teamStatus(options);
    });
  team
    .command('demo')
    .description('the whole of it on this machine, with a nats-server of its own')
    .action(async () => {
      await (await import('./team-demo.ts')).teamDemo();
    });
  team
    .command('permissions')
    .description('what the relay must permit each role, as NATS reads it')
    .option('--role <role>', 'proxy, approver, auditor or administrator (default: all)')
    .option('--machine <name>', 'whose (default: this machine)')
    .option('--nsc', 'as commands of nsc')
    .option(...HOME)
    .action(async (options: TeamOptions) => {
      await (await import('./team-permissions.ts')).teamPermissions(options);
    });
}

function registerPolicy(team: Command): void {
  const policy = team.command('policy').description("the team's policy for all of its machines");
  policy
    .command('publish')
    .description("put a policy into force on every machine of the team; needs the team's first key")
    .argument('<file>', 'the policy')
    .option(...AS)
    .option(...HOME)
    .action(async (file: string, options: TeamOptions) => {
      await (await import('./team-policy.ts')).publishPolicy(file, options);
    });
  policy
    .command('take')
    .description('put what the team published into force here, also where it allows more')
    .option(...HOME)
    .action(async (options: TeamOptions) => {
      await (await import('./team-policy.ts')).takePolicy(options);
    });
}

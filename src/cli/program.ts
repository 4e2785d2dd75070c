import { Command } from 'commander';
import { VERSION } from '../platform/this-machine.ts';
import { RUN_OPTIONS } from '../session/run-options.ts';
import { registerApprovals } from './approving/approvals.ts';
import { registerApprover } from './approving/approver.ts';
import { registerGrants } from './approving/grants.ts';
import { registerWatch } from './approving/watch.ts';
import { registerAudit } from './audit/audit.ts';
import { registerClients } from './clients/clients.ts';
import { registerWrap } from './clients/wrap.ts';
import { commandsOf } from './commands-of.ts';
import { registerCompletion } from './completion/completion.ts';
import { registerDemo } from './demo/demo.ts';
import { registerDoctor } from './doctor/doctor.ts';
import { helpAfter } from './help/read-on.ts';
import { registerPolicy } from './policy/policy.ts';
import { registerSignIn } from './sign-in/sign-in.ts';
import { registerStop } from './stop/stop.ts';
import { registerTeam } from './team/team.ts';
import { registerTools } from './tools/tools.ts';
import { registerWhy } from './why/why.ts';

/** Adds one command (or a family of them) to the program; its heavy imports wait for its action. */
export type Register = (program: Command) => void;

/** Every command but `run`, which the bin dispatches before this file is loaded. */
const FAMILIES: readonly Register[] = [
  registerWatch,
  registerApprovals,
  registerApprover,
  registerGrants,
  registerStop,
  registerPolicy,
  registerTools,
  registerAudit,
  registerClients,
  registerWrap,
  registerSignIn,
  registerTeam,
  registerDoctor,
  registerWhy,
  registerDemo,
  registerCompletion,
];

/** The whole program: commands, options, help. Nothing is done before it parses words. */
export function buildProgram(): Command {
  const program = new Command('holdpoint')
    .description("Holds an AI agent's consequential MCP tool calls until a person approves them.")
    .version(VERSION, '-v, --version')
    .showSuggestionAfterError()
    .exitOverride();
  registerRun(program);
  for (const register of FAMILIES) register(program);
  for (const { command, path } of commandsOf(program)) command.addHelpText('after', () => helpAfter(path));
  return program;
}

/** For the lists of commands only: the bin never asks this program to run a server. */
function registerRun(program: Command): void {
  const run = program
    .command('run')
    .description('put holdpoint in front of an MCP server, and end as it ends')
    .argument('<command...>', "the server's command and its arguments");
  for (const [flags, text] of RUN_OPTIONS) run.option(flags, text);
}

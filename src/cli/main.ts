import { Command, CommanderError } from 'commander';
import { EXIT } from '../platform/exit-codes.ts';
import { causeOf, fileFault } from '../platform/file-fault.ts';
import { PlainError } from '../platform/plain-error.ts';
import { VERSION } from '../platform/this-machine.ts';
import { registerApprovals } from './approving/approvals.ts';
import { registerApprover } from './approving/approver.ts';
import { registerGrants } from './approving/grants.ts';
import { registerWatch } from './approving/watch.ts';
import { registerAudit } from './audit/audit.ts';
import { registerClients } from './clients/clients.ts';
import { registerWrap } from './clients/wrap.ts';
import { registerDemo } from './demo/demo.ts';
import { registerDoctor } from './doctor/doctor.ts';
import { registerPolicy } from './policy/policy.ts';
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
  registerPolicy,
  registerTools,
  registerAudit,
  registerClients,
  registerWrap,
  registerDoctor,
  registerWhy,
  registerDemo,
];

function build(): Command {
  const program = new Command('holdpoint')
    .description("Holds an AI agent's consequential MCP tool calls until a person approves them.")
    .version(VERSION)
    .showSuggestionAfterError()
    .exitOverride();
  program
    .command('run', { hidden: false })
    .description('put holdpoint in front of an MCP server (holdpoint run --help)');
  for (const register of FAMILIES) register(program);
  for (const command of program.commands) command.exitOverride();
  return program;
}

/** Runs every command but `run`. Sets the process's exit code; prints one plain sentence for a user's mistake. */
export async function main(argv: readonly string[]): Promise<void> {
  // `holdpoint audit list | head`: whoever reads may stop reading.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit();
    unprinted(error);
  });
  const program = build();
  // Without a command a person at a terminal means the terminal to approve in.
  const words =
    argv.length === 2 && process.stdin.isTTY && process.stdout.isTTY ? [...argv, 'watch'] : [...argv];
  try {
    await program.parseAsync(words);
  } catch (error) {
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? EXIT.ok : EXIT.usage;
      return;
    }
    // What the system refuses (a full disk, a missing right) is no defect of ours.
    const fault = fileFault(error, undefined, 'used');
    if (!(fault instanceof PlainError)) throw error;
    process.stderr.write(`holdpoint: ${fault.message}\n`);
    process.exitCode = fault.exitCode;
  }
}

let told = false;

/** The command goes on: what it changes, it changes, printed or not. */
function unprinted(error: Error): void {
  process.once('exit', () => {
    process.exitCode ||= EXIT.error;
  });
  if (told) return;
  told = true;
  process.stderr.write(
    `holdpoint: not all of the output could be written: ${causeOf(error)}. What the command was to do, it does all the same.\n`,
  );
}

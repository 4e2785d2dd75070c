import { CommanderError } from 'commander';
import { EXIT } from '../platform/exit-codes.ts';
import { causeOf, fileFault } from '../platform/file-fault.ts';
import { PlainError } from '../platform/plain-error.ts';
import { buildProgram } from './program.ts';

/** Runs every command but `run`. Sets the process's exit code; prints one plain sentence for a user's mistake. */
export async function main(argv: readonly string[]): Promise<void> {
  // `holdpoint audit list | head`: whoever reads may stop reading.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit();
    unprinted(error);
  });
  const program = buildProgram();
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

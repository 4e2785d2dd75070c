import { Command, CommanderError } from 'commander';
import { PlainError } from '../protocol/plain-error.ts';
import { EXIT } from './exit-codes.ts';

/** Adds one command (or a family of them) to the program; its heavy imports wait for its action. */
export type Register = (program: Command) => void;

const VERSION = '0.1.0';

async function build(): Promise<Command> {
  const program = new Command('holdpoint')
    .description("Holds an AI agent's consequential MCP tool calls until a person approves them.")
    .version(VERSION)
    .enablePositionalOptions()
    .showSuggestionAfterError()
    .exitOverride();
  const families: Register[] = [];
  for (const register of families) register(program);
  return program;
}

/** Runs every command but `run`. Sets the process's exit code; prints one plain sentence for a user's mistake. */
export async function main(argv: readonly string[]): Promise<void> {
  const program = await build();
  try {
    await program.parseAsync([...argv]);
  } catch (error) {
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    } else if (error instanceof PlainError) {
      process.stderr.write(`holdpoint: ${error.message}\n`);
      process.exitCode = error.exitCode;
    } else {
      throw error;
    }
  }
}

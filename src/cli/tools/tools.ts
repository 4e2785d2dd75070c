import type { Command } from 'commander';
import { ALL_CLASSES } from '../../risk/classes/risk-class.ts';
import { HOME } from '../terminal/home-option.ts';
import type { AcceptOptions } from './tools-accept.ts';
import type { ClassOptions } from './tools-class.ts';
import type { ToolsOptions } from './tools-list.ts';

/** `tools` and `tools accept`. */
export function registerTools(program: Command): void {
  const tools = program
    .command('tools')
    .description("a server's tools, what they may do, and whether they are as they were accepted")
    .argument('[command...]', 'the command of a server, behind --: it is started and asked for its tools')
    .option('--from <file>', 'a saved result of tools/list instead')
    .option('--server <name>', 'what the policy calls the server')
    .option(
      '--json',
      'as JSON: [{server, tool, risk, sure, why, reversibility, reversibilityWhy, unasked, unaskedWhy, pin}]',
    )
    .option(...HOME)
    .action(async (command: string[], options: ToolsOptions) => {
      const { listTools } = await import('./tools-list.ts');
      await listTools(command, options);
    });
  tools
    .command('class')
    .argument('<server/tool>', 'a tool that was accepted')
    .argument('<class>', `${ALL_CLASSES.join(', ')}; or auto: as it is guessed`)
    .description('say what a tool may do, where it was guessed wrong')
    .option('--yes', 'do not ask')
    .option('--as <name>', 'whose approver key signs, where there are several')
    .option(...HOME)
    .action(async (target: string, word: string, _: object, command: Command) => {
      const { classTool } = await import('./tools-class.ts');
      await classTool(target, word, command.optsWithGlobals<ClassOptions>());
    });
  tools
    .command('accept <server[/tool]>')
    .description('show what changed since the tools of a server were accepted, and accept it')
    .option('--yes', 'do not ask')
    .option('--as <name>', 'whose approver key signs, where there are several')
    .option(...HOME)
    .action(async (target: string, _: object, command: Command) => {
      const { acceptTools } = await import('./tools-accept.ts');
      // --home is an option of both, and the first of them takes it.
      await acceptTools(target, command.optsWithGlobals<AcceptOptions>());
    });
}

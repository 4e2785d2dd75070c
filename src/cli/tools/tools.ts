import type { Command } from 'commander';
import { ALL_CLASSES } from '../../risk/classes/risk-class.ts';
import { HOME } from '../terminal/home-option.ts';
import type { AcceptOptions } from './tools-accept.ts';
import type { ClassOptions } from './tools-class.ts';
import type { ToolsOptions } from './tools-list.ts';

interface RemoteWords {
  url?: string;
  urlEnv?: string;
  headerEnv: string[];
  bearerEnv?: string;
  transport?: string;
}

const together = (word: string, before: string[]): string[] => [...before, word];

/** What `run` would be told of a remote server. */
function remoteWords({ url, urlEnv, headerEnv, bearerEnv, transport }: RemoteWords): [string, string][] {
  const given: [string, string | undefined][] = [
    ['--url', url],
    ['--url-env', urlEnv],
    ...headerEnv.map((one): [string, string] => ['--header-env', one]),
    ['--bearer-env', bearerEnv],
    ['--transport', transport],
  ];
  return given.filter((one): one is [string, string] => one[1] !== undefined);
}

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
    .option('--url <address>', 'a remote server instead: it is asked for its tools')
    .option('--url-env <variable>', 'the same, by the variable that holds its address')
    .option('--header-env <name=variable>', 'a header of each request, from a variable', together, [])
    .option('--bearer-env <variable>', 'the token of "Authorization: Bearer", from a variable')
    .option('--transport <kind>', 'how the remote server is spoken to: auto, http or sse')
    .option(...HOME)
    .action(async (command: string[], options: ToolsOptions & RemoteWords) => {
      const { listTools } = await import('./tools-list.ts');
      await listTools(command, { ...options, remote: remoteWords(options) });
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

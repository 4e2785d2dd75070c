import type { Command } from 'commander';
import { commandsOf } from '../../src/cli/commands-of.ts';
import { HELP } from '../../src/cli/help/help-table.ts';
import { exampleLines } from '../../src/cli/help/read-on.ts';

/** Text as roff takes it: no line of ours is a request of its own. */
function roff(text: string): string {
  return text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replace(/^([.'])/gm, '\\&$1');
}

const EXITS: readonly (readonly [string, string])[] = [
  ['0', 'done; of policy explain: allow'],
  ['1', 'an error, or not all is as wanted'],
  ['2', 'the command line is wrong'],
  ['3', 'the policy has a problem; of audit verify: a record cannot be read'],
  ['4', 'no proxy runs, no client is found'],
  ['5', 'of audit verify: tampered'],
  ['10, 11', 'of policy explain: deny, escalate'],
];

const ENVIRONMENT: readonly (readonly [string, string])[] = [
  ['HOLDPOINT_HOME', 'the holdpoint home, an absolute path, where --home is not given'],
  ['NO_COLOR', 'not empty: no colours'],
  ['INK_SCREEN_READER', 'true: watch works line by line'],
];

const FILES: readonly (readonly [string, string])[] = [
  ['~/.holdpoint', "the holdpoint home, its owner's alone"],
  ['~/.holdpoint/policy.json', 'the policy, also as .jsonc, .yaml, .yml'],
  ['~/.holdpoint/audit', 'the record, a file for each session'],
];

const items = (all: readonly (readonly [string, string])[]): string[] =>
  all.flatMap(([name, text]) => ['.TP', `.B ${roff(name)}`, roff(text)]);

function section({ command, path }: { command: Command; path: string }): string[] {
  const help = command.createHelp();
  const usage = help.commandUsage(command).replace(/^holdpoint /, '');
  const entry = HELP[path];
  const options = help
    .visibleOptions(command)
    .filter(({ long }) => long !== '--help')
    .map((option) => [help.optionTerm(option), help.optionDescription(option)] as const);
  const examples = entry === undefined ? [] : exampleLines(entry).map((line) => roff(line.slice(2)));
  return [
    `.SS ${roff(usage)}`,
    roff(`${help.commandDescription(command)}.`),
    ...items(options),
    ...(examples.length === 0 ? [] : ['.PP', '.nf', '.RS', ...examples, '.RE', '.fi']),
    ...(entry === undefined ? [] : ['.PP', roff(`Read on: ${entry.readOn.join(', "')}"`)]),
  ];
}

/** `man/holdpoint.1`, made of the commands as they are. `date`: of the version, as the changelog has it. */
export function manual(program: Command, version: string, date: string): string {
  const [, ...commands] = commandsOf(program);
  const lines = [
    '.\\" Made of the commands by: npm run manual',
    `.TH HOLDPOINT 1 "${date}" "holdpoint ${version}" "User Commands"`,
    '.SH NAME',
    "holdpoint \\- holds an AI agent's consequential MCP tool calls until a person approves them",
    '.SH SYNOPSIS',
    '.B holdpoint',
    '.RI [ command ]',
    '.SH DESCRIPTION',
    roff(
      'holdpoint stands between an MCP client and an MCP server. Every tools/call is decided by a policy on this machine: it is allowed, denied, or held until a person approves it in a terminal; and every decision is recorded. Without a command, on a terminal, it is holdpoint watch.',
    ),
    '.SH COMMANDS',
    ...commands
      .filter(({ command }) => command.commands.length === 0 || command.registeredArguments.length > 0)
      .flatMap(section),
    '.SH EXIT STATUS',
    'As its server ends, of',
    '.BR "holdpoint run" ;',
    'of the others:',
    ...items(EXITS),
    '.SH ENVIRONMENT',
    ...items(ENVIRONMENT),
    '.SH FILES',
    ...items(FILES),
    '.SH SEE ALSO',
    roff(
      'README.md and docs/ in the folder where holdpoint is installed; holdpoint COMMAND --help names them whole.',
    ),
  ];
  return `${lines.join('\n')}\n`;
}

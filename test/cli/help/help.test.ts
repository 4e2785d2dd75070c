import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { commandsOf } from '../../../src/cli/commands-of.ts';
import { HELP } from '../../../src/cli/help/help-table.ts';
import { exampleLines, helpAfter } from '../../../src/cli/help/read-on.ts';
import { buildProgram } from '../../../src/cli/program.ts';
import { readRunOptions } from '../../../src/session/run-options.ts';

const ROOT = resolve(import.meta.dirname, '../../..');
const commands = commandsOf(buildProgram());
const examples = Object.entries(HELP).flatMap(([path, entry]) =>
  entry.examples.map(([line]) => [path, line] as const),
);

/** The words of a line as a shell reads it: two kinds of quotes, what is inside of `eval "$(…)"` or before a pipe. */
const wordsOf = (line: string): string[] =>
  [
    ...line
      .replace(/^eval "\$\((.*)\)"$/, '$1')
      .replace(/ \| .*/, '')
      .matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g),
  ].map(([, one, two, bare]) => one ?? two ?? bare ?? '');

/** Parses as the program does, and does nothing; throws what the command line would be refused with. */
async function parsed(line: string): Promise<string> {
  const program = buildProgram();
  let reached = '';
  for (const { command, path } of commandsOf(program)) {
    command.configureOutput({ writeErr: () => {}, writeOut: () => {} });
    if (command.commands.length === 0 || path === 'tools')
      command.action(() => {
        reached = path;
      });
  }
  await program.parseAsync(wordsOf(line).slice(1), { from: 'user' });
  return reached;
}

describe('--help', () => {
  it('has an example and a place to read on for every command, and for nothing else', () => {
    expect(commands.length).toBeGreaterThan(30);
    expect(Object.keys(HELP).sort()).toEqual(commands.map(({ path }) => path).sort());
    for (const { examples: lines } of Object.values(HELP)) expect(lines.length).toBeGreaterThan(0);
  });

  it.each(commands.map(({ path, command }) => [path, command] as const))(
    'of "%s" says them after the options',
    (path, command) => {
      let said = '';
      command.configureOutput({
        writeOut: (text) => {
          said += text;
        },
      });
      command.outputHelp();
      expect(said).toMatch(/\nExamples:\n {2}(?:# .*\n {2})?(?:eval "\$\()?holdpoint/);
      expect(said).toContain(helpAfter(path));
      const [, page = ''] = /\nRead on: (\S+), "/.exec(said) ?? [];
      expect(existsSync(page), page).toBe(true);
    },
  );

  it.each(Object.entries(HELP))('of "%s" keeps what an example is for within 80 columns', (_, entry) => {
    const comments = exampleLines(entry).filter((line) => line.includes('# '));
    expect(comments.filter((line) => line.length > 80)).toEqual([]);
  });

  it.each(examples)('of "%s" gives a line that is taken: %s', async (path, line) => {
    const [program, ...words] = wordsOf(line);
    expect(program).toBe('holdpoint');
    expect(words.join(' ').startsWith(path)).toBe(true);
    if (path === 'run') {
      const { command, remote } = readRunOptions(words.slice(1));
      expect(command.length > 0).toBe(remote === undefined);
    } else if (words.length > 0) await parsed(line).then((reached) => expect(line).toContain(reached));
  });

  it.each([
    'holdpoint audit list --sinse 2h',
    'holdpoint approve',
    'holdpoint polcy check',
    'holdpoint demo x',
  ])('would not pass with a line that is refused: %s', async (line) => {
    await expect(parsed(line)).rejects.toThrow();
  });

  it('names only pages that the package has, and headings that are on them', () => {
    const { files } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { files: string[] };
    for (const {
      readOn: [page, heading],
    } of Object.values(HELP)) {
      expect([...files, 'README.md']).toContain(page);
      expect(readFileSync(join(ROOT, page), 'utf8')).toMatch(new RegExp(`^#+ ${heading}$`, 'm'));
    }
  });
});

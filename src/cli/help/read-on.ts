import { join, resolve } from 'node:path';
import { HELP, type HelpEntry } from './help-table.ts';

/** Built, this file lies in dist/cli/help or, with what `run` loads, in dist/run. */
const PACKAGE = resolve(import.meta.dirname, import.meta.dirname.endsWith('run') ? '../..' : '../../..');

const GAP = 2;
const MOST_COLUMNS = 80;

/** What follows the options in a command's `--help`: examples, and where to read on, as a file of this installation. */
export function helpAfter(path: string): string {
  const entry = HELP[path];
  if (entry === undefined) return '';
  const [page, heading] = entry.readOn;
  return `\nExamples:\n${exampleLines(entry).join('\n')}\n\nRead on: ${join(PACKAGE, page)}, "${heading}"\n`;
}

/** The examples as a shell would take them, what each is for as a comment: behind it, or above where that is too wide. */
export function exampleLines({ examples }: HelpEntry): string[] {
  const width = Math.max(0, ...examples.flatMap(([line, what]) => (what === '' ? [] : line.length))) + GAP;
  const beside = examples.every(([, what]) => width + what.length + '  # '.length <= MOST_COLUMNS);
  return examples.flatMap(([line, what]) => {
    if (what === '') return `  ${line}`;
    return beside ? `  ${line.padEnd(width)}# ${what}` : [`  # ${what}`, `  ${line}`];
  });
}

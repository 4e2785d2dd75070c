import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { ANSWERING } from './answering.ts';
import type { Attack, Outcome, Tier } from './arena.ts';
import { GOING_ROUND } from './going-round.ts';
import { HIDING } from './hiding.ts';
import { LOOSENING } from './loosening.ts';
import { THE_LOG } from './the-log.ts';

/** In the order of the README's table, by the file that tries them. */
export const GROUPS: Readonly<Record<string, readonly Attack[]>> = {
  'answering.test.ts': ANSWERING,
  'loosening.test.ts': LOOSENING,
  'going-round.test.ts': GOING_ROUND,
  'hiding.test.ts': HIDING,
  'the-log.test.ts': THE_LOG,
};

export const ATTACKS: readonly Attack[] = Object.values(GROUPS).flat();

const README = resolve(import.meta.dirname, '../../README.md');
const [BEGIN, END] = ['<!-- attacks: begin -->', '<!-- attacks: end -->'];

export function inReadme(): string {
  const text = readFileSync(README, 'utf8');
  return text.slice(text.indexOf(BEGIN) + BEGIN.length, text.indexOf(END)).trim();
}

/** What the README promises of an attack. */
export function promised(title: string): Record<Tier, string> | undefined {
  const row = inReadme()
    .split('\n')
    .find((line) => line.startsWith(`| ${title} |`));
  const [, , zero = '', one = ''] = row?.split('|').map((cell) => cell.trim()) ?? [];
  return row === undefined ? undefined : { 0: zero, 1: one };
}

/** The table of the README, as these outcomes say it. */
export function table(of: (title: string) => Record<Tier, string> | undefined): string {
  const rows = ATTACKS.map(({ title }) => {
    const found = of(title);
    return `| ${title} | ${found?.[0] ?? '?'} | ${found?.[1] ?? '?'} |`;
  });
  return ['| Somebody of your own user … | as installed | signed approvals |', '|---|---|---|', ...rows].join(
    '\n',
  );
}

/** `UPDATE_README=1 npx vitest run test/attacks --no-file-parallelism` writes the table: each file its own rows. */
export const REWRITING = process.env['UPDATE_README'] !== undefined;

export function writeRows(seen: ReadonlyMap<string, Record<Tier, Outcome>>): void {
  const text = readFileSync(README, 'utf8');
  const before = text.slice(0, text.indexOf(BEGIN) + BEGIN.length);
  const rows = table((title) => seen.get(title) ?? promised(title));
  writeFileSync(README, `${before}\n${rows}\n${text.slice(text.indexOf(END))}`);
}

import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { ANSWERING } from './answering.ts';
import { Arena, type Attack, type Outcome, type Template, type Tier, templateHome } from './arena.ts';
import { GOING_ROUND } from './going-round.ts';
import { HIDING } from './hiding.ts';
import { LOOSENING } from './loosening.ts';
import { THE_LOG } from './the-log.ts';

const README = resolve(import.meta.dirname, '../../README.md');
const [BEGIN, END] = ['<!-- attacks: begin -->', '<!-- attacks: end -->'];
const ATTACKS: Attack[] = [...ANSWERING, ...LOOSENING, ...GOING_ROUND, ...HIDING, ...THE_LOG];

const seen = new Map<string, Record<Tier, Outcome>>();

/** The table of the README, as the outcomes say it. */
function table(): string {
  const rows = ATTACKS.map(({ title }) => {
    const found = seen.get(title);
    return `| ${title} | ${found?.[0] ?? '?'} | ${found?.[1] ?? '?'} |`;
  });
  return ['| Somebody of your own user … | as installed | signed approvals |', '|---|---|---|', ...rows].join(
    '\n',
  );
}

function inReadme(): string {
  const text = readFileSync(README, 'utf8');
  return text.slice(text.indexOf(BEGIN) + BEGIN.length, text.indexOf(END)).trim();
}

/** What the README promises of an attack. */
function promised(title: string): Record<Tier, string> | undefined {
  const row = inReadme()
    .split('\n')
    .find((line) => line.startsWith(`| ${title} |`));
  const [, , zero = '', one = ''] = row?.split('|').map((cell) => cell.trim()) ?? [];
  return row === undefined ? undefined : { 0: zero, 1: one };
}

const rewriting = process.env['UPDATE_README'] !== undefined;

describe('an attack by the same user', () => {
  let template: Template | undefined;
  afterAll(() => rmSync(template?.home ?? '', { recursive: true, force: true }));

  it.for(ATTACKS)('$title', { timeout: 60_000 }, async ({ title, run }) => {
    template ??= await templateHome();
    const [zero, one] = await Promise.all([run(Arena.open(0, template)), run(Arena.open(1, template))]);
    const outcomes: Record<Tier, Outcome> = { 0: zero, 1: one };
    seen.set(title, outcomes);
    if (!rewriting) expect(outcomes).toEqual(promised(title));
  });

  it('leads to what the README says, and the README leaves none out', () => {
    if (rewriting) {
      const text = readFileSync(README, 'utf8');
      const before = text.slice(0, text.indexOf(BEGIN) + BEGIN.length);
      writeFileSync(README, `${before}\n${table()}\n${text.slice(text.indexOf(END))}`);
    }
    expect(ATTACKS.length).toBeGreaterThanOrEqual(20);
    expect(inReadme()).toBe(table());
  });
});

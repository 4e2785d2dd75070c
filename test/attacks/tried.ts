import { afterAll, describe, expect, it } from 'vitest';
import { Arena, type Attack, type Outcome, type Tier, templateHome } from './arena.ts';
import { promised, REWRITING, writeRows } from './readme-table.ts';

/** Tries each of these on both tiers at once, and holds what came of it against the README. */
export function tried(attacks: readonly Attack[]): void {
  const seen = new Map<string, Record<Tier, Outcome>>();

  describe('an attack by the same user', () => {
    it.for(attacks)('$title', { timeout: 60_000 }, async ({ title, run }) => {
      const template = await templateHome();
      const [zero, one] = await Promise.all([run(Arena.open(0, template)), run(Arena.open(1, template))]);
      const outcomes: Record<Tier, Outcome> = { 0: zero, 1: one };
      seen.set(title, outcomes);
      if (!REWRITING) expect(outcomes).toEqual(promised(title));
    });
  });

  if (REWRITING) afterAll(() => writeRows(seen));
}

import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ATTACKS, GROUPS, inReadme, promised, REWRITING, table } from './readme-table.ts';

describe('the attacks by the same user', () => {
  it.skipIf(REWRITING)('are all in the README, which lists no other; each leads to what its row says', () => {
    expect(ATTACKS.length).toBeGreaterThanOrEqual(20);
    // What a row says is held against its attack where that is tried.
    expect(inReadme()).toBe(table(promised));
    const files = readdirSync(import.meta.dirname).filter((name) => name.endsWith('.test.ts'));
    expect(files.sort()).toEqual([...Object.keys(GROUPS), 'attacks.test.ts'].sort());
  });
});

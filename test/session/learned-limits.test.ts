import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { resolveHome } from '../../src/platform/home.ts';
import { LearnedLimitsFile } from '../../src/session/learned-limits.ts';
import { newFolder } from '../support/home.ts';

const DAY = 24 * 60 * 60 * 1000;
const NOW = Date.parse('2026-11-25T00:00:00Z');

describe('what clients have taught of their patience', () => {
  it('is kept by name for 30 days', () => {
    const file = new LearnedLimitsFile(resolveHome(newFolder(), {}));
    expect(file.read(NOW)).toEqual({});
    file.write('opencode', 60_000, NOW - 31 * DAY);
    file.write('codex', 300_000, NOW - 29 * DAY);
    expect(file.read(NOW)).toEqual({ codex: 300_000 });
    file.write('codex', 30_000, NOW);
    expect(file.read(NOW)).toEqual({ codex: 30_000 });
  });

  it('of a hundred clients is enough: the oldest is forgotten', () => {
    const file = new LearnedLimitsFile(resolveHome(newFolder(), {}));
    for (let i = 0; i <= 100; i += 1) file.write(`client ${i}`, 1_000 + i, NOW);
    expect(Object.keys(file.read(NOW))).toHaveLength(100);
    expect(file.read(NOW)).not.toHaveProperty('client 0');
  });

  it('in a damaged file counts for nothing and is set aside, whole, with a sentence', () => {
    const home = resolveHome(newFolder(), {});
    mkdirSync(home.state, { mode: 0o700 });
    writeFileSync(join(home.state, 'client-limits.json'), '{"limits":{"x":1}}');
    const file = new LearnedLimitsFile(home);
    expect(file.read(NOW)).toEqual({});
    expect(file.heal()).toMatch(
      /client-limits\.json is damaged.*set aside as .*client-limits\.json\.corrupt-/,
    );
    expect(file.heal()).toBeUndefined();
    const [aside] = readdirSync(home.state);
    expect(readFileSync(join(home.state, aside!), 'utf8')).toBe('{"limits":{"x":1}}');
  });
});

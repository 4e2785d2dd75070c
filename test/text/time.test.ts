import { afterEach, describe, expect, it, vi } from 'vitest';
import { localTime, zonedTime } from '../../src/text/time.ts';

afterEach(() => vi.unstubAllEnvs());

describe('a time for people', () => {
  it.each([
    ['Asia/Kolkata', '2026-11-22 16:13:01', '+05:30'],
    ['America/St_Johns', '2026-11-22 07:13:01', '-03:30'],
    ['UTC', '2026-11-22 10:43:01', '+00:00'],
  ])('is local in %s, and says how far from UTC where it is read elsewhere', (zone, local, east) => {
    vi.stubEnv('TZ', zone);
    expect(localTime('2026-11-22T10:43:01.900Z')).toBe(local);
    expect(zonedTime('2026-11-22T10:43:01.900Z')).toBe(`${local} ${east}`);
  });

  it('is what stands there, made visible, where that is no time', () => {
    expect([localTime('\u001b[2J'), zonedTime('never\u202e')]).toEqual(['\\u{001b}[2J', 'never\\u{202e}']);
  });
});

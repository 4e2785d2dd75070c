import { describe, expect, it } from 'vitest';
import { readRunOptions } from '../../src/session/run-options.ts';

describe('--client-waits', () => {
  it.for([
    ['1800s', 1_800_000],
    ['1800s,added', 1_800_000],
    ['60s,was=9', 60_000],
  ] as const)('%s is %i ms', ([value, ms]) => {
    expect(readRunOptions(['--client-waits', value, '--', 'x']).clientWaitsMs).toBe(ms);
    expect(readRunOptions([`--client-waits=${value}`, 'x']).clientWaitsMs).toBe(ms);
  });

  it.for(['0s', '60', 'ever', '-1s', '60s;was=1', ''])('%j is refused', (value) => {
    expect(() => readRunOptions(['--client-waits', value, '--', 'x'])).toThrow(/seconds|needs a value/);
  });
});

import { describe, expect, it } from 'vitest';
import { RUN_OPTIONS, RUN_USAGE, readRunOptions } from '../../src/session/run-options.ts';

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

describe('an address in place of a command', () => {
  it.for(['https://x.example/mcp', 'https://me:se-cret@x.example/mcp', 'HTTPS://x.example/mcp?key=se-cret'])(
    'is refused with its way, and without what may be a secret: %s',
    (word) => {
      const said = saidOf([word, 'more']);
      expect(said).toContain('https://x.example/mcp is an address and no command');
      expect(said).toContain('--url');
      expect(said).not.toContain('se-cret');
    },
  );
});

describe('the usage', () => {
  it('has a blank between each option and its text', () => {
    const lines = RUN_USAGE.split('\n').filter((line) => line.startsWith('  -'));
    expect(lines.length).toBeGreaterThan(RUN_OPTIONS.length);
    for (const line of lines) expect(line).toMatch(/^ {2}-\S+(?:, --help| <[^>]+>s?)? +[^ <]/);
  });
});

function saidOf(words: string[]): string {
  try {
    readRunOptions(words);
  } catch (error) {
    return (error as Error).message;
  }
  return '';
}

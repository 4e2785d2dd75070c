import { defineConfig } from 'vitest/config';
import { ClosingLine } from './test/support/closing-line.ts';
import { LongestFirst } from './test/support/longest-first.ts';

// Named `export default` is what vitest asks for; nothing else in the project has one.
export default defineConfig({
  test: {
    include: ['test/**/*.test.ts', 'test/**/*.test.tsx'],
    globalSetup: 'test/support/templates.ts',
    testTimeout: 40_000,
    hookTimeout: 60_000,
    pool: 'forks',
    // Most of them wait for processes of theirs, so two cores have room for four; with five right answers came too late.
    maxWorkers: 4,
    // What a file leaves in its process it takes away itself; starting one for each file takes as long as all unit tests.
    isolate: false,
    sequence: { sequencer: LongestFirst },
    reporters: ['default', new ClosingLine()],
  },
});

import { defineConfig } from 'vitest/config';
import { ClosingLine } from './test/support/closing-line.ts';
import { LongestFirst } from './test/support/longest-first.ts';

// Named `export default` is what vitest asks for; nothing else in the project has one.
export default defineConfig({
  test: {
    include: ['test/**/*.test.ts', 'test/**/*.test.tsx'],
    globalSetup: 'test/support/templates.ts',
    testTimeout: 20_000,
    hookTimeout: 30_000,
    pool: 'forks',
    // Most of them wait for processes of theirs, so two cores have room for three; with five right answers came too late.
    maxWorkers: 3,
    // What a file leaves in its process it takes away itself; starting one for each file takes as long as all unit tests.
    isolate: false,
    sequence: { sequencer: LongestFirst },
    reporters: ['default', new ClosingLine()],
  },
});

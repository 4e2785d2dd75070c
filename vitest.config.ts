import { defineConfig } from 'vitest/config';
import { ClosingLine } from './test/support/closing-line.ts';

// Named `export default` is what vitest asks for; nothing else in the project has one.
export default defineConfig({
  test: {
    include: ['test/**/*.test.ts', 'test/**/*.test.tsx'],
    globalSetup: 'test/support/templates.ts',
    testTimeout: 20_000,
    hookTimeout: 30_000,
    pool: 'forks',
    maxWorkers: 2,
    reporters: ['default', new ClosingLine()],
  },
});

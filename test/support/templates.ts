import { mkdtempSync, rmSync } from 'node:fs';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** A folder for what the tests of one run make once and share. */
    templates: string;
  }
}

/** Before the first test file of a run; what it returns is called after the last. */
export function setup(project: TestProject): () => void {
  const folder = mkdtempSync('/tmp/hp-templates-');
  project.provide('templates', folder);
  return () => rmSync(folder, { recursive: true, force: true });
}

import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * By the seconds that they took in a whole run on 2026-11-27, longest first, down to 13 s: what starts last must not be
 * what the run then waits for. `npx vitest run` prints the seconds of each file.
 */
const LONGEST = [
  'e2e/hold',
  'attacks/hiding',
  'e2e/tools',
  'attacks/answering',
  'attacks/going-round',
  'e2e/approvers',
  'e2e/relay-pressure',
  'e2e/races',
  'e2e/tools-unread',
  'e2e/oracle',
  'e2e/inspector',
  'e2e/relay-ends',
  'e2e/sdk-matrix',
  'e2e/beside-log',
  'e2e/watch',
  'e2e/docs-commands',
  'e2e/full-disk',
  'e2e/agent',
  'e2e/replay',
  'e2e/policy-tools',
  'e2e/installed',
  'e2e/grants',
  'e2e/run',
  'e2e/secrets',
  'attacks/the-log',
  'e2e/fuzz',
  'attacks/loosening',
  'e2e/policy-commands',
  'e2e/limits',
  'e2e/revisions',
  'e2e/folder-files',
  'e2e/docs-policy',
  'e2e/proof',
];

/** The known long files, then others that start processes, then the rest. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number => {
      const found = LONGEST.findIndex((name) => moduleId.endsWith(`/${name}.test.ts`));
      if (found !== -1) return found;
      return /\/test\/(?:e2e|attacks)\//.test(moduleId) ? LONGEST.length : LONGEST.length + 1;
    };
    return [...files].sort((a, b) => rank(a) - rank(b) || a.moduleId.localeCompare(b.moduleId));
  }
}

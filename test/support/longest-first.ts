import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** By the seconds that they take, longest first: what starts last must not be what the run then waits for. */
const LONGEST = [
  'e2e/tools-unread',
  'e2e/oracle',
  'e2e/hold',
  'e2e/approvers',
  'attacks/going-round',
  'attacks/answering',
  'e2e/relay-pressure',
  'e2e/races',
  'attacks/hiding',
  'e2e/relay-ends',
  'e2e/tools',
  'e2e/watch',
  'e2e/inspector',
  'e2e/fuzz',
  'e2e/beside-log',
  'e2e/sdk-matrix',
  'e2e/full-disk',
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

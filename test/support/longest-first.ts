import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * By the seconds that they took in a whole run on 2026-11-28, longest first, down to 13 s: what starts last must not be
 * what the run then waits for. `npx vitest run` prints the seconds of each file.
 */
const LONGEST = [
  'e2e/edit',
  'e2e/watch',
  'e2e/team-log',
  'e2e/policy-in-sessions',
  'e2e/approvers',
  'e2e/team-policy',
  'attacks/answering',
  'e2e/races',
  'e2e/hold',
  'e2e/stop',
  'e2e/remote-signed-in',
  'e2e/remote',
  'e2e/sign-in',
  'attacks/hiding',
  'attacks/going-round',
  'e2e/doctor',
  'e2e/installed',
  'e2e/relay-pressure',
  'e2e/always',
  'e2e/tools',
  'e2e/relay-ends',
  'e2e/tools-unread',
  'e2e/policy-tools',
  'e2e/notify',
  'e2e/watch-plain',
  'e2e/beside-log',
  'attacks/loosening',
  'e2e/sdk-matrix',
  'e2e/policy-init',
  'attacks/the-log',
  'e2e/oracle',
  'e2e/agent',
  'e2e/kept-policy',
  'e2e/inspector',
  'e2e/docs-policy',
  'e2e/replay',
  'e2e/secrets',
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

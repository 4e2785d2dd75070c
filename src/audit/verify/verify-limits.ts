import type { ReadRecord } from '../log/read-record.ts';
import type { FileCheck, Problem } from './verify-file.ts';
import type { PrunedFiles } from './verify-pruned.ts';

export const LIMITS_FILE = 'state/limits.index';

type FileState = 'whole' | 'damaged' | 'pruned' | 'gone';

/** What was read of the log for limits, to be held against it: brought by the command, for this room knows no limits. */
export interface LimitsCheck {
  /** How many files it speaks of. */
  readonly files: number;
  add(record: ReadRecord, file: string): void;
  /** What it says of a file, ending "It says of FILE …", and the log does not say. */
  differences(stateOf: (file: string) => FileState): { file: string; says: string }[];
}

/** A forged one must not make a report of gigabytes. */
const MOST_PROBLEMS = 100;

/** Whoever has the key of the home can make one by which limits begin anew. */
export function limitsProblems(
  limits: LimitsCheck,
  checks: readonly FileCheck[],
  pruned: PrunedFiles,
): Problem[] {
  const byName = new Map(checks.map((check) => [check.file.name, check]));
  const stateOf = (file: string): FileState => {
    const check = byName.get(file);
    if (check === undefined) return pruned.has(file) ? 'pruned' : 'gone';
    // What stands in a line that is no record, nobody knows.
    const damaged =
      check.records !== check.digests.length || check.problems.some(({ kind }) => kind === 'unreadable');
    return damaged ? 'damaged' : 'whole';
  };
  return limits
    .differences(stateOf)
    .slice(0, MOST_PROBLEMS)
    .map(({ file, says }) => ({
      kind: 'tampered',
      file: LIMITS_FILE,
      what: `It says of ${file} ${says}: it was forged, or that log was changed after it was made. Limits that believed it may have let more run. Once you know which, remove it: it is made again from the log.`,
    }));
}

/** One that does not open gives a session nothing, so nothing is wrong: `undefined`. None at all: null. */
export function limitsSentences(limits: LimitsCheck | null | undefined): {
  checked: string[];
  unchecked: string[];
} {
  if (limits === null) return { checked: [], unchecked: [] };
  if (limits === undefined) {
    const what = `What ${LIMITS_FILE} says: it does not open under this home's key (another version wrote it, or it was edited), so no session believes it; it is made again from the log.`;
    return { checked: [], unchecked: [what] };
  }
  const what = `What ${LIMITS_FILE} says of ${limits.files} files: it was held against their records.`;
  return { checked: [what], unchecked: [] };
}

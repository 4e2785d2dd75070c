import { type ApproverHistory, grantFault, type Signatures } from './proof.ts';
import type { AuthorityProblem, AuthorityTracker } from './verify-authority.ts';

/** What is wrong with a log's grants: calls let through by one that nobody gave, signatures that prove nothing. */
export function grantProblems(
  trackers: readonly AuthorityTracker[],
  history: ApproverHistory,
  signatures: Signatures,
): AuthorityProblem[] {
  const given = new Map(trackers.flatMap((tracker) => [...tracker.grants]));
  const unknown = trackers
    .flatMap((tracker) => tracker.grantUses)
    .filter(({ grant }) => !given.has(grant))
    .map(({ file, line, call, grant }) => ({
      file,
      line,
      what: `Call ${String(call)} was forwarded under grant ${grant}, which no record of this log gave.`,
    }));
  const unsigned = [...given.values()].flatMap((record) => {
    const fault =
      record.fields['signature'] === undefined ? undefined : grantFault(record, history, signatures);
    const { file, line } = record;
    return fault === undefined
      ? []
      : [{ file, line, what: `The signature of this grant proves nothing: ${fault}.` }];
  });
  return [...unknown, ...unsigned];
}

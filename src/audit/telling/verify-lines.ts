import { zonedTime } from '../../text/time.ts';
import { visible } from '../../text/visible.ts';
import type { VerifyReport, VerifyResult } from '../verify/verify-report.ts';

const VERDICT: Record<VerifyResult, string> = {
  ok: 'OK, as far as it can be checked: nothing was changed, and nothing is missing from what was checked.',
  incomplete: 'INCOMPLETE: no sign of tampering was found, but something is missing.',
  tampered: 'TAMPERED: this log, or the list of approvers behind it, is not what was written.',
  unreadable: 'UNREADABLE: a part of this log could not be read, so it was not checked.',
};

/** A report's sentences are for machines as well, and have times as the log has them. */
const ISO_TIME = /\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z/g;

function listed(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', title, ...lines.map((line) => `  ${line}`)];
}

/** A report for people: what was found, what was checked, and what was not. */
export function verifyLines(report: VerifyReport, folder: string): string[] {
  if (report.files === 0 && report.problems.length === 0) {
    return [`Nothing is recorded in ${folder} yet, so there was nothing to check.`];
  }
  const problems = report.problems.map(({ kind, file, line, what }) => {
    const where = line === undefined ? file : `${file}, line ${line}`;
    return visible(`${kind}: ${where}: ${what.replace(ISO_TIME, zonedTime)}`);
  });
  const { tip } = report;
  return [
    VERDICT[report.result],
    ...listed('Found:', problems),
    ...listed('Unknown outcome (forwarded, and no answer is recorded):', report.unknownOutcomes.map(visible)),
    ...listed(
      'Unfinished (still waiting, or their session was killed or still runs):',
      report.unfinished.map(visible),
    ),
    ...listed('Checked:', report.checked.map(visible)),
    ...listed('Not checked:', report.unchecked.map(visible)),
    ...(tip === null
      ? []
      : listed('Newest record (keep this line elsewhere to notice a cut or rewritten log):', [
          visible(`${tip.file} ${tip.seq} ${tip.digest}`),
        ])),
  ];
}

import { describe, expect, it } from 'vitest';
import { verifyLines } from '../../../src/audit/telling/verify-lines.ts';
import type { VerifyReport } from '../../../src/audit/verify/verify-report.ts';
import { zonedTime } from '../../../src/text/time.ts';

const AT = '2026-11-22T10:43:01.000Z';
const REPORT: VerifyReport = {
  result: 'incomplete',
  exitCode: 1,
  files: 1,
  records: 1,
  problems: [{ kind: 'incomplete', file: 'a.jsonl', what: `It began anew on ${AT}, and again on ${AT}.` }],
  unknownOutcomes: [],
  unfinished: [],
  tip: null,
  checked: [],
  unchecked: [],
};

describe('a report on the log for people', () => {
  it("says times in this machine's zone, where the report itself has them as the log does", () => {
    const lines = verifyLines(REPORT, '/home/audit').join('\n');
    expect(lines).toContain(`began anew on ${zonedTime(AT)}, and again on ${zonedTime(AT)}.`);
    expect(lines).not.toContain(AT);
  });
});

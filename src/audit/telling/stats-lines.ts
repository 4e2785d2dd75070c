import { cells } from '../../text/cells.ts';
import { clip } from '../../text/table.ts';
import { visible } from '../../text/visible.ts';
import type { AuditStats } from '../reading/stats.ts';
import { duration, localTime } from './record-phrases.ts';

const BAR = 30;
const LABEL = 24;
const SPARKS = '▁▂▃▄▅▆▇█';
const MOST_ROWS = 10;
/** In per cent: more answers at a glance than this deserve a word. */
const REFLEXES = 20;

/** One row of a bar chart; the longest bar stands for `most`. */
function bar(label: string, count: number, most: number): string {
  const name = clip(label, LABEL);
  const length = most === 0 ? 0 : Math.max(count === 0 ? 0 : 1, Math.round((count / most) * BAR));
  const pad = ' '.repeat(Math.max(0, LABEL - cells(name)));
  return `  ${name}${pad}  ${String(count).padStart(7)}  ${'█'.repeat(length)}`.trimEnd();
}

function bars(rows: readonly [string, number][]): string[] {
  const most = Math.max(0, ...rows.map(([, count]) => count));
  return rows.map(([label, count]) => bar(label, count, most));
}

/** At most `width` marks: where there are more hours, several of them make one mark. */
function sparkline(values: readonly number[], width: number): string {
  const each = Math.ceil(values.length / width);
  const sums: number[] = [];
  for (let at = 0; at < values.length; at += each) {
    sums.push(values.slice(at, at + each).reduce((sum, value) => sum + value, 0));
  }
  const most = Math.max(1, ...sums);
  return sums.map((sum) => SPARKS[Math.ceil((sum / most) * (SPARKS.length - 1))]).join('');
}

function hourLines({ approvalsByHour: hours }: AuditStats): string[] {
  const [first] = hours;
  const last = hours.at(-1);
  if (first === undefined || last === undefined) return [];
  const most = hours.reduce((found, hour) => (hour.approvals > found.approvals ? hour : found), first);
  return [
    '',
    `Approvals by hour, ${localTime(first.hour)} to ${localTime(last.hour)}`,
    `  ${sparkline(
      hours.map((hour) => hour.approvals),
      70,
    )}`,
    `  most in one hour: ${most.approvals} (${localTime(most.hour)})`,
  ];
}

function waitLines({ medianWaitMs, decidedAtAGlance }: AuditStats): string[] {
  if (medianWaitMs === null || decidedAtAGlance === null) return [];
  const share = Math.round(decidedAtAGlance * 100);
  const line = `  median time to an answer: ${duration(medianWaitMs)}; in under a second: ${share} %`;
  return share < REFLEXES
    ? [line]
    : [line, '  Answers in under a second are reflexes: are these questions worth asking?'];
}

/** What a log says of its calls, as lines for a terminal of 80 columns. */
export function statsLines(stats: AuditStats): string[] {
  const { calls, effects, verdicts, callers, alwaysApproved } = stats;
  const lines = [
    `${calls} calls, by what the policy said`,
    ...bars([
      ['allowed', effects.allow],
      ['escalated', effects.escalate],
      ['denied', effects.deny],
    ]),
    '',
    'Escalated calls, by what came of them',
    ...bars([
      ['approved', verdicts.approve],
      ['rejected', verdicts.reject],
      ['expired', verdicts.expired],
      ['withdrawn', verdicts.withdrawn],
    ]),
    ...waitLines(stats),
    ...hourLines(stats),
    '',
    'Callers, by calls (approved, rejected)',
    ...callers
      .slice(0, MOST_ROWS)
      .map(
        (one) =>
          `${bar(visible(one.caller), one.calls, callers[0]?.calls ?? 0)} (${one.approvals}, ${one.rejections})`,
      ),
  ];
  if (alwaysApproved.length === 0) return lines;
  return [
    ...lines,
    '',
    'Rules that always get a yes: candidates for "allow"',
    ...alwaysApproved
      .slice(0, MOST_ROWS)
      .map(({ rule, approvals }) => `  ${visible(rule)}  ${approvals} of ${approvals}`),
  ];
}

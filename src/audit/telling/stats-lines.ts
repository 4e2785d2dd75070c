import { cells } from '../../text/cells.ts';
import { folded } from '../../text/table.ts';
import { localTime } from '../../text/time.ts';
import { visible } from '../../text/visible.ts';
import type { AuditStats } from '../reading/stats.ts';
import { duration } from './record-phrases.ts';

const BAR = 30;
const LABEL = 24;
const SPARKS = '▁▂▃▄▅▆▇█';
const MOST_ROWS = 10;
/** In per cent: more answers at a glance than this deserve a word. */
const REFLEXES = 20;

interface Row {
  name: string;
  count: number;
  /** What stands behind the bar. */
  more?: string;
}

/** Bars, of which the longest stands for the most; a name that is too long for `label` cells goes on below. */
function bars(rows: readonly Row[], label: number): string[] {
  const most = Math.max(0, ...rows.map(({ count }) => count));
  const width = Math.max(LABEL, Math.min(label, Math.max(...rows.map(({ name }) => cells(name)))));
  return rows.flatMap(({ name, count, more = '' }) => {
    const length = most === 0 ? 0 : Math.max(count === 0 ? 0 : 1, Math.round((count / most) * BAR));
    const [first = '', ...rest] = folded(name, width);
    const pad = ' '.repeat(Math.max(0, width - cells(first)));
    const bar = `  ${first}${pad}  ${String(count).padStart(7)}  ${'█'.repeat(length)}`.trimEnd();
    return [`${bar}${more}`, ...rest.map((line) => `  ${line}`)];
  });
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

function askedLines({ askedMost: { tools, rules } }: AuditStats, label: number): string[] {
  if (tools.length === 0) return [];
  const rows = (all: typeof tools): string[] =>
    bars(
      all.map(({ name, answers }) => ({ name: visible(name), count: answers })),
      label,
    );
  return [
    '',
    'Tools that people were asked about most',
    ...rows(tools),
    '',
    'Rules that asked most',
    ...rows(rules),
  ];
}

/** What a log says of its calls, as lines for a terminal of 80 columns or more; infinitely many, and each name is in one line. */
export function statsLines(stats: AuditStats, width: number): string[] {
  const label = width === Number.POSITIVE_INFINITY ? width : LABEL;
  const { calls, effects, verdicts, callers, alwaysApproved } = stats;
  const lines = [
    `${calls} calls, by what the policy said`,
    ...bars(
      [
        { name: 'allowed', count: effects.allow },
        { name: 'escalated', count: effects.escalate },
        { name: 'denied', count: effects.deny },
      ],
      label,
    ),
    '',
    'Escalated calls, by what came of them',
    ...bars(
      [
        { name: 'approved', count: verdicts.approve },
        { name: 'rejected', count: verdicts.reject },
        { name: 'expired', count: verdicts.expired },
        { name: 'withdrawn', count: verdicts.withdrawn },
      ],
      label,
    ),
    ...waitLines(stats),
    ...hourLines(stats),
    ...askedLines(stats, label),
    '',
    'Callers, by calls (approved, rejected)',
    ...bars(
      callers.slice(0, MOST_ROWS).map(({ caller, calls: count, approvals, rejections }) => ({
        name: visible(caller),
        count,
        more: ` (${approvals}, ${rejections})`,
      })),
      label,
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

import { queryCalls } from '../../audit/reading/query.ts';
import { type Change, type Replay, replay } from '../../audit/reading/replay.ts';
import { shortSession } from '../../audit/reading/seek-call.ts';
import { resolveHome } from '../../platform/home.ts';
import type { Policy } from '../../policy/decide/types.ts';
import { ownPlaces } from '../../session/own-places.ts';
import { table } from '../../text/table.ts';
import { localTime } from '../../text/time.ts';
import { visible } from '../../text/visible.ts';
import { sinceOf } from '../terminal/since.ts';
import { tableWidth } from '../terminal/table-width.ts';
import { namedPolicy } from './policy-source.ts';

export interface ReplayOptions {
  json?: boolean;
  home?: string;
  since?: string;
  server?: string;
}

/** `YYYY-` of a local time. */
const YEAR = 5;
const COLUMNS = [
  { title: 'TIME' },
  { title: 'CALL' },
  { title: 'SERVER/TOOL', least: 12 },
  { title: 'BEFORE' },
  { title: 'AFTER' },
  { title: 'BY', least: 8 },
];
const STRICTEST_LAST = ['allow', 'escalate', 'deny'];

/** `holdpoint policy replay FILE`: what the recorded calls would have been under a policy. Changes nothing. */
export async function replayPolicy(file: string, options: ReplayOptions): Promise<void> {
  const home = resolveHome(options.home, process.env);
  const { policy } = await namedPolicy(home, file);
  const since = options.since === undefined ? {} : { since: sinceOf(options.since) };
  const server = options.server === undefined ? {} : { server: options.server };
  const { calls, uncounted, warnings } = queryCalls(home.audit, { ...since, ...server });
  const places = ownPlaces(home);
  const result = replay(calls, policy, places);
  for (const warning of warnings.slice(0, 5)) process.stderr.write(`holdpoint: ${warning}\n`);
  const text =
    options.json === true
      ? JSON.stringify({ ...result, unrecorded: uncounted }, null, 2)
      : inWords(result, file, uncounted, policy).join('\n');
  process.stdout.write(`${text}\n`);
}

function inWords(result: Replay, file: string, uncounted: number, policy: Policy): string[] {
  const { calls, same, changes, undecidable, approvalsPerDay } = result;
  if (calls === 0) return ['There are no recorded calls to replay.'];
  const width = tableWidth();
  const lines = [
    `${count(calls, 'recorded call')} against ${visible(file)}: ${same} as before, ${changes.length} changed, ${undecidable.length} undecidable.`,
    `Questions a day: ${approvalsPerDay.before} before, ${approvalsPerDay.after} after.`,
  ];
  if (uncounted > 0) lines.push(`${count(uncounted, 'denial')} of a flood has no record of its own.`);
  if (policy.mode === 'observe')
    lines.push('The policy only observes: none of this would be held or denied.');
  if (changes.length > 0) lines.push('', ...summary(changes), '', ...rows(changes, width));
  if (undecidable.length > 0) {
    lines.push('', 'Undecidable: it depends on what the record does not hold (cut or masked values).');
    lines.push(...rows(undecidable, width));
    const lost = [...new Set(undecidable.flatMap((one) => one.lost ?? []))];
    lines.push(...lost.map((one) => `  ${visible(one)}`));
  }
  const busy = result.days.filter(({ before, after }) => before + after > 0);
  if (busy.length > 1) {
    const cells = busy.map(({ day, before, after }) => [day, String(before), String(after)]);
    lines.push('', ...table([{ title: 'QUESTIONS' }, { title: 'BEFORE' }, { title: 'AFTER' }], cells, width));
  }
  return lines;
}

function count(n: number, word: string): string {
  return `${n} ${word}${n === 1 ? '' : 's'}`;
}

/** How many calls go from what to what, most first. */
function summary(changes: readonly Change[]): string[] {
  const counts = new Map<string, number>();
  for (const { before, after, server, tool } of changes) {
    const name = `${before.effect} → ${after.effect}\0${server}/${tool}`;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts]
    .sort((a, b) => b[1] - a[1])
    .map(([name, n]) => {
      const [what = '', tool = ''] = name.split('\0');
      return `  ${String(n).padStart(5)}  ${what.padEnd(19)}  ${visible(tool)}`;
    });
}

function rows(changes: readonly Change[], width: number): string[] {
  const cells = changes.map(({ time, session, call, server, tool, before, after, could }) => [
    localTime(time).slice(YEAR),
    visible(`${shortSession(session)}/${call}`),
    visible(`${server}/${tool}`),
    before.effect,
    could === undefined
      ? after.effect
      : STRICTEST_LAST.filter((effect) => (could as string[]).includes(effect)).join(' or '),
    visible(after.rule),
  ]);
  return table(COLUMNS, cells, width);
}

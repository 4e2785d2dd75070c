import { table } from '../../text/table.ts';
import { visible } from '../../text/visible.ts';
import { forReader } from '../terminal/for-reader.ts';
import type { Changes, ToolChange } from './what-changes.ts';

/** Whoever reads a pipe wants whole names. */
const NO_END = Number.MAX_SAFE_INTEGER;
const COLUMNS = [
  { title: 'SERVER/TOOL', least: 16 },
  { title: 'NOW' },
  { title: 'WITH IT' },
  { title: 'WHY', least: 16 },
];

/** What a policy changes, as a table for people, and one line that counts. */
export function changeLines({ rows, tools }: Changes): string[] {
  const width = process.stdout.isTTY ? process.stdout.columns : NO_END;
  const cells = rows.map(({ server, tool, others, before, after, why }) => [
    visible(`${server}/${tool}${others === 0 ? '' : `, ${others} more`}`),
    before.join(' or '),
    after.join(' or '),
    visible(why),
  ]);
  const changed = rows.length === 0 ? [] : [...table(COLUMNS, cells, width), ''];
  return [...changed, forReader(counts(rows, tools))];
}

function counts(rows: readonly ToolChange[], tools: number): string {
  if (tools === 0)
    return 'No tool of these servers is known yet: of them nothing changes that could be told.';
  const ran = ({ before }: ToolChange): boolean => before.includes('allow');
  const count = (wanted: (row: ToolChange) => boolean): number =>
    rows.filter(wanted).reduce((sum, { others }) => sum + 1 + others, 0);
  const now = count((row) => !ran(row) && row.after.includes('allow'));
  const strict = count(ran);
  const denied = count((row) => !ran(row) && !row.after.includes('allow'));
  const all = tools === 1 ? '1 tool' : `${tools} tools`;
  return `${all}: ${tools - count(() => true)} as before, ${now} that asked and will run (some for some arguments only), ${strict} that ran and will ask or be refused (some for some arguments only), ${denied} that asked and may be refused.`;
}

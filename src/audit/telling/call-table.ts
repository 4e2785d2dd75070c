import { type Column, table } from '../../text/table.ts';
import { localTime } from '../../text/time.ts';
import { visible } from '../../text/visible.ts';
import type { CallRecord } from '../reading/call-record.ts';
import { shortSession } from '../reading/seek-call.ts';
import { outcomeWords, whatHappened } from './record-phrases.ts';

const COLUMNS: readonly Column[] = [
  { title: 'TIME' },
  { title: 'CALL' },
  { title: 'SERVER/TOOL', least: 12 },
  { title: 'WHAT HAPPENED', least: 21 },
  { title: 'OUTCOME' },
  { title: 'RULE', least: 8 },
];
/** `YYYY-` and `YYYY-MM-DD ` of a local time. */
const YEAR = 5;
const DAY = 11;

/** Calls as a table that fits `width` cells; the CALL column is what `audit show` takes. */
export function callTable(calls: readonly CallRecord[], width: number): string[] {
  const days = new Set(calls.map((call) => localTime(call.time).slice(0, DAY)));
  const from = days.size === 1 ? DAY : YEAR;
  const rows = calls.map((call) => [
    localTime(call.time).slice(from),
    visible(`${shortSession(call.session)}/${call.call}`),
    visible(`${call.server}/${call.tool}`),
    whatHappened(call),
    outcomeWords(call),
    visible(call.rule),
  ]);
  return table(COLUMNS, rows, width);
}

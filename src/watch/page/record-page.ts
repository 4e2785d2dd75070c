import { column, wrapLines } from '../../approvals/answering/wrap.ts';
import { localTime } from '../../text/time.ts';
import { label } from '../../text/visible.ts';
import { listed, type Recorded } from '../state/record.ts';
import type { Screen } from '../state/screen.ts';
import { cut, fill, type Line, line, type Part, quiet, rule, strong } from './line.ts';

/** `YYYY-` of a local time. */
const YEAR = 5;

/** What was recorded: a list of calls, one call, or the numbers of the day. */
export function recordPage(screen: Screen, columns: number, height: number): Line[] {
  const { record, scroll } = screen;
  if (record.text !== undefined) {
    const { title, lines } = record.text;
    const rows = lines.flatMap((text) => rowsOf(label(text), columns));
    const shown = Math.min(Math.max(1, height - 1), rows.length - scroll);
    const head = rule([strong(label(title)), quiet(` ${placeOf(scroll, shown, rows.length)}`)], columns);
    return [head, ...rows.slice(scroll).map((text) => ({ parts: [{ text: ` ${text}` }] }))];
  }
  if (record.calls === undefined) return [line(quiet(' Reading the record…'))];
  const all = listed(record);
  const title = filterTitle(screen, all.length);
  const head = [rule(title, columns), ...damageOf(screen)];
  if (all.length === 0) {
    const said = record.filter === '' ? 'Nothing was recorded yet.' : 'No call of the record has that in it.';
    return [...head, line(quiet(` ${said}`))];
  }
  const room = Math.max(1, height - head.length);
  const from = Math.max(0, Math.min(record.selected - Math.floor(room / 2), all.length - room));
  return [
    ...head,
    ...all.slice(from, from + room).map((one, at) => row(one, columns, from + at === record.selected)),
  ];
}

function damageOf({ record: { faults = [] } }: Screen): Line[] {
  const text = ' Not all of it can be read: "holdpoint audit verify" says why.';
  return faults.length === 0 ? [] : [line({ text, look: 'bad' })];
}

/** Of labels and the gap behind them, as `audit show` writes them. */
const HANG = 16;

/** A line in as many rows as it needs. Those after the first stand in, so that none of them looks like a line of its own. */
function rowsOf(text: string, columns: number): string[] {
  const first = cutRows(text, columns - 1)[0] ?? '';
  if (first.length === text.length) return [first];
  const hang = Math.min(HANG, Math.floor(columns / 4));
  return [
    first,
    ...cutRows(text.slice(first.length), columns - 1 - hang).map((row) => ' '.repeat(hang) + row),
  ];
}

const cutRows = (text: string, width: number): string[] =>
  wrapLines([{ indent: 0, block: false, segments: [{ text, escaped: false }] }], width).map(({ segments }) =>
    segments.map((segment) => segment.text).join(''),
  );

function filterTitle({ record }: Screen, shown: number): Part[] {
  const { filter, typing, calls = [] } = record;
  const found =
    filter === '' && !typing ? `${calls.length} calls, the newest first` : `${shown} of ${calls.length}`;
  const search =
    filter === '' && !typing
      ? []
      : [strong(` /${label(filter)}`), ...(typing ? [{ text: ' ', filled: true }] : [])];
  return [strong('the record'), quiet(` ${found}`), ...search];
}

const placeOf = (from: number, shown: number, of: number): string =>
  shown >= of ? '' : `rows ${from + 1}–${from + shown} of ${of}`;

function row(one: Recorded, columns: number, selected: boolean): Line {
  const [wide, middle] = [columns >= 110, columns >= 70];
  const fate = wide ? 34 : middle ? 24 : 14;
  const tool = wide ? 34 : middle ? 26 : 16;
  const time = localTime(one.time).slice(wide ? YEAR : YEAR + 6, wide ? YEAR + 14 : YEAR + 14);
  const left = Math.max(0, columns - 3 - time.length - fate - tool - 2);
  const parts: Part[] = [
    { text: selected ? '▸ ' : '  ' },
    quiet(`${time} `),
    { text: column(label(one.fate), fate), look: one.look },
    { text: ` ${column(label(one.tool), tool)} ` },
    quiet(column(label(one.story), left)),
  ];
  return selected
    ? { parts: fill(cut(parts, columns), columns), inverse: true }
    : { parts: cut(parts, columns) };
}

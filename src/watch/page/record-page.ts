import { column } from '../../approvals/answering/wrap.ts';
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
    const shown = lines.slice(scroll, scroll + Math.max(1, height - 1));
    return [
      rule([strong(label(title)), quiet(` ${placeOf(scroll, shown.length, lines.length)}`)], columns),
      ...shown.map((text) => ({ parts: cut([{ text: ` ${label(text)}` }], columns) })),
    ];
  }
  if (record.calls === undefined) return [line(quiet(' Reading the record…'))];
  const all = listed(record);
  const title = filterTitle(screen, all.length);
  if (all.length === 0) {
    const said = record.filter === '' ? 'Nothing was recorded yet.' : 'No call of the record has that in it.';
    return [rule(title, columns), line(quiet(` ${said}`))];
  }
  const room = Math.max(1, height - 1);
  const from = Math.max(0, Math.min(record.selected - Math.floor(room / 2), all.length - room));
  return [
    rule(title, columns),
    ...all.slice(from, from + room).map((one, at) => row(one, columns, from + at === record.selected)),
  ];
}

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
  shown >= of ? '' : `lines ${from + 1}–${from + shown} of ${of}`;

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

import { column } from '../../approvals/answering/wrap.ts';
import { label } from '../../text/visible.ts';
import { demandsOf } from '../state/demands.ts';
import { type ListRow, listRows } from '../state/list-rows.ts';
import type { Entry, Screen } from '../state/screen.ts';
import { apartOf } from './group-content.ts';
import { cut, fill, type Line, line, type Part, quiet, widthOf } from './line.ts';
import { storyOf } from './story.ts';
import { askerOf, clockPart, riskOf, riskPart, SIGNS } from './words.ts';

/** What a list of some width has room for. */
interface Columns {
  risk: number;
  name: number;
  who: number;
  clock: number;
  id: number;
}

function columnsFor(width: number): Columns {
  if (width < 56) return { risk: 0, name: Math.max(8, Math.floor(width * 0.28)), who: 0, clock: 7, id: 0 };
  if (width < 76) return { risk: 11, name: 16, who: 0, clock: 7, id: 0 };
  if (width < 110) return { risk: 11, name: 24, who: 0, clock: 7, id: 0 };
  if (width < 150) return { risk: 11, name: 28, who: 12, clock: 16, id: 7 };
  return { risk: 11, name: 34, who: 20, clock: 17, id: 8 };
}

/** The calls that wait, one a row; the window follows the selection, the order never changes. */
export function list(
  screen: Screen,
  { rows: height, columns, now }: { rows: number; columns: number; now: number },
): Line[] {
  const { rows } = listRows(screen);
  const from = firstOf(screen, height);
  const widths = columnsFor(columns);
  return rows.slice(from, from + height).map((row) => {
    const inverse = row.key === screen.selected;
    const parts =
      row.kind === 'call'
        ? callRow(row, screen, { widths, columns, now })
        : groupRow(row, { widths, columns, now });
    return { parts: fill([{ text: inverse ? '▸' : ' ' }, ...parts], columns), inverse };
  });
}

/** The first row of the list that a window of this height shows. */
function firstOf(screen: Screen, height: number): number {
  const { rows } = listRows(screen);
  const at = Math.max(
    0,
    rows.findIndex(({ key }) => key === screen.selected),
  );
  return Math.max(0, Math.min(at - Math.floor(height / 2), rows.length - height));
}

/** `rows 1–6 of 11`. */
export function windowOf(screen: Screen, height: number): string {
  const { rows } = listRows(screen);
  const from = firstOf(screen, height);
  return `rows ${from + 1}–${Math.min(rows.length, from + height)} of ${rows.length}`;
}

interface Room {
  widths: Columns;
  columns: number;
  now: number;
}

function nameOf({ hold, session }: Entry, width: number): string {
  const { server, tool } = hold;
  const where = session.machine === undefined ? '' : `@${session.machine}`;
  const full = label(`${server}/${tool}${where}`);
  return full.length <= width && width >= 16 ? full : label(tool);
}

function riskCell(entry: Entry, { risk }: Columns): Part {
  const part = riskPart(entry);
  if (risk > 0) return { ...part, text: column(part.text, risk + 2) };
  return { ...part, text: SIGNS[demandsOf(entry).level] };
}

function callRow(row: Extract<ListRow, { kind: 'call' }>, screen: Screen, room: Room): Part[] {
  const { entry, inGroup } = row;
  const { widths, columns, now } = room;
  const mark = screen.marks.has(row.key) ? '*' : ' ';
  const going = screen.outgoing.find(({ intent }) => intent.entry.key === row.key);
  const clock =
    going === undefined
      ? clockPart(entry, now, widths.clock > 7)
      : { text: `z back`, look: 'warn' as const, strong: true };
  const head: Part[] = [{ text: mark }, riskCell(entry, widths), { text: ' ' }];
  const name = {
    text: `${inGroup ? '  ' : ''}${column(nameOf(entry, widths.name), widths.name - (inGroup ? 2 : 0))} `,
  };
  const tail: Part[] = [
    ...(widths.who > 0 ? [quiet(` ${column(askerOf(entry).replace(' (claimed)', '?'), widths.who)}`)] : []),
    ...(widths.id > 0 ? [quiet(` ${column(label(entry.hold.id), widths.id)}`)] : []),
    { ...clock, text: ` ${clock.text.padStart(widths.clock)}` },
  ];
  const left = columns - 2 - widthOf([...head, name, ...tail]) + 1;
  return [...head, name, { text: column(storyOf(entry, left), left) }, ...tail];
}

function groupRow({ members, folded }: Extract<ListRow, { kind: 'group' }>, room: Room): Part[] {
  const { widths, columns, now } = room;
  const [first] = members;
  if (first === undefined) return [];
  const soonest = members.reduce((a, b) => (deadline(b) < deadline(a) ? b : a));
  const head: Part[] = [{ text: folded ? '+' : '-' }, riskCell(first, widths), { text: ' ' }];
  const name = { text: `${column(nameOf(first, widths.name), widths.name)} ` };
  const clock = clockPart(soonest, now, widths.clock > 7);
  const tail: Part = { ...clock, text: ` ${clock.text.padStart(widths.clock)}` };
  const left = columns - 2 - widthOf([...head, name, tail]) + 1;
  const apart = apartOf(members);
  const count: Part = { text: `${members.length} alike `, strong: true };
  const odd: Part[] =
    apart.length === 0 ? [] : [{ text: `${apart.length} apart `, look: 'warn', strong: true }];
  const some = [...new Set([...apart, ...members])]
    .slice(0, 4)
    .map((one) => storyOf(one, Math.max(8, left >> 1)));
  const story = folded ? [...new Set(some)].join(', ') : 'listed below';
  return [...head, name, ...fill(cut([count, ...odd, quiet(story)], left), left), tail];
}

function deadline({ hold }: Entry): number {
  return Date.parse(hold.answerBy ?? hold.expiresAt);
}

/** What a list leaves out, and why. */
export function filterLine(screen: Screen, columns: number): Line | undefined {
  const { filter, entries, mode } = screen;
  if (filter === '' && mode !== 'search') return undefined;
  const { shown } = listRows(screen);
  const parts = [
    { text: ' filter ', look: 'warn' as const, filled: true },
    { text: ` ${label(filter)}  ` },
    quiet(`${shown} of ${entries.length} shown · Esc shows all`),
  ];
  return line(...cut(parts, columns));
}

/** `3 write, 1 outbound`: what waits, by class. */
export function countsOf(entries: readonly Entry[]): string {
  const counts = new Map<string, number>();
  for (const entry of entries) counts.set(riskOf(entry), (counts.get(riskOf(entry)) ?? 0) + 1);
  return [...counts].map(([risk, count]) => `${count} ${risk}`).join(', ');
}

/** The calls that wait as lines of text, each with the id by which it is answered. */
export function listLines(screen: Screen, columns: number, now: number): Line[] {
  return screen.entries.map((entry) => {
    const risk = riskPart(entry);
    const head = `${label(entry.hold.id)}  ${risk.text}  ${label(`${entry.hold.server}/${entry.hold.tool}`)}  `;
    const clock = `  ${clockPart(entry, now, true).text}`;
    const room = Math.max(20, columns - head.length - clock.length);
    return line(head, storyOf(entry, room), clock);
  });
}

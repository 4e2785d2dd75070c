import { label } from '../../text/visible.ts';
import type { Entry } from '../state/screen.ts';
import { cut, type Line, line, quiet, strong } from './line.ts';

/** Classes in the order in which a person wants to know of them. */
const ORDER = ['production', 'financial', 'destructive', 'execute', 'outbound', 'unknown', 'write', 'read'];

/** The tools of a server that an approval of the call accepts, by class. */
export function toolsPage({ hold }: Entry, columns: number): Line[] {
  const offers = hold.offers ?? [];
  const classes = [...new Set([...ORDER, ...offers.map(({ risk }) => risk)])];
  const lines: Line[] = [
    line(strong(` ${offers.length} tools of ${label(hold.server)}, which are accepted with this call`)),
    line(
      quiet(' Accepted plain reads run without asking from then on; of all others each call is asked about.'),
    ),
    line(),
  ];
  for (const one of classes) {
    const names = offers
      .filter(({ risk }) => risk === one)
      .map(({ name, unsure }) => `${label(name)}${unsure ? '?' : ''}`);
    if (names.length > 0) lines.push(...listed(`${label(one)} (${names.length})`, names, columns));
  }
  return lines;
}

/** Names in rows behind their heading; none is left out. */
function listed(heading: string, names: readonly string[], columns: number): Line[] {
  const indent = 4;
  const rows: string[] = [];
  for (const name of names) {
    const last = rows.at(-1);
    if (last === undefined || last.length + name.length + 3 > columns - indent) rows.push(name);
    else rows[rows.length - 1] = `${last}   ${name}`;
  }
  return [
    line(strong(` ${heading}`)),
    ...rows.map((row) => ({ parts: cut([{ text: ' '.repeat(indent) + row }], columns) })),
  ];
}

import { wordRows } from '../../approvals/answering/wrap.ts';
import { label } from '../../text/visible.ts';
import type { Screen } from '../state/screen.ts';
import { type Line, line, type Part, quiet, rule, strong } from './line.ts';

const MARK = 2;
const LOOKS: Readonly<Record<string, Part['look']>> = { '+': 'good', '-': 'bad' };

/** What a rule would change in the policy, all of it; or what became of one. */
export function draftPage({ drafts: [draft] }: Screen, columns: number): Line[] {
  if (draft === undefined) return [];
  const head = rule([strong(label(draft.title))], columns);
  if (draft.over === true)
    return [
      head,
      ...draft.lines.flatMap((text) => wordRows(label(text), columns - 2).map((row) => line(` ${row}`))),
    ];
  return [head, ...draft.lines.flatMap((text) => changed(text, columns))];
}

/** A line of a difference, broken where the screen ends: of a rule nothing is cut. */
function changed(text: string, columns: number): Line[] {
  const look = LOOKS[text[0] ?? ''];
  const rows = wordRows(label(text.slice(MARK)), Math.max(10, columns - MARK - 3));
  return rows.map((row, at) => {
    const mark = at === 0 ? text.slice(0, MARK) : '  ';
    return line(quiet(' '), { text: `${mark}${at === 0 ? '' : '  '}${row}`, look });
  });
}

import { wordRows } from '../../approvals/answering/wrap.ts';
import { label } from '../../text/visible.ts';
import type { Screen } from '../state/screen.ts';
import { type Line, line, type Part, rule, strong } from './line.ts';

const MARK = 2;
/** Before what goes on of a line. */
const FURTHER = '  ';
const MOST_INDENT = 12;
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
  const said = label(text.slice(MARK));
  const words = said.trimStart();
  const indent = ' '.repeat(Math.min(MOST_INDENT, said.length - words.length));
  const rows = wordRows(words, Math.max(10, columns - MARK - FURTHER.length - indent.length - 1));
  return rows.map((row, at) => {
    const before = at === 0 ? text.slice(0, MARK) : `  ${FURTHER}`;
    return line(' ', { text: `${before}${indent}${row}`, look });
  });
}

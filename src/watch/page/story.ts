import { shownHold } from '../../approvals/answering/masked-view.ts';
import { fit } from '../../approvals/answering/wrap.ts';
import type { Kind } from '../../salience/kinds.ts';
import { type Salient, salientValues } from '../../salience/salient.ts';
import { cells } from '../../text/cells.ts';
import { label } from '../../text/visible.ts';
import type { Entry } from '../state/screen.ts';

const told = new WeakMap<object, readonly Salient[]>();

/** What a call's arguments tell, the most telling first, with its secrets masked. */
export function tellingOf({ hold, session }: Entry): readonly Salient[] {
  const before = told.get(hold);
  if (before !== undefined) return before;
  const { argumentsText } = shownHold(hold, session, false).hold;
  const values = salientValues(argumentsText, hold.obligations);
  told.set(hold, values);
  return values;
}

const MOST_LETTERS = 400;
/** A list row has room for so many values. */
const MOST_VALUES = 3;
/** What says enough by itself, without the text that comes with it. */
const ALONE: ReadonlySet<Kind> = new Set(['command', 'code', 'statement', 'path', 'url']);

/** A call in its own terms, in one line of at most `columns`: its statement, its path, who gets what. */
export function storyOf(entry: Entry, columns: number): string {
  const values = tellingOf(entry).filter(({ value }) => value !== '');
  const [first] = values;
  if (first === undefined) return '';
  const rest = values
    .slice(1)
    .filter(({ kind }) => kind !== 'other' && (kind !== 'text' || !ALONE.has(first.kind)));
  const unit = values.find(({ path }) => /^(?:currency(?:[_-]?code)?|units?)$/i.test(path.at(-1) ?? ''));
  let text = oneLine(first, columns, unit);
  for (const value of rest.slice(0, MOST_VALUES - 1)) {
    const longer = `${text} · ${oneLine(value, columns, unit)}`;
    if (cells(text) + 8 > columns) break;
    text = longer;
  }
  return fit(text, columns);
}

/** Of a long path the end tells more than its beginning. */
function oneLine({ path, kind, value }: Salient, columns: number, unit?: Salient): string {
  const text = label(value.slice(0, MOST_LETTERS).replace(/\s+/g, ' ').trim());
  if (kind === 'amount' && unit !== undefined) return `${text} ${label(unit.value.slice(0, 12))}`;
  const name = kind === 'other' || /^(?:true|\d{1,3})$/.test(text) ? `${label(path.at(-1) ?? '')} ` : '';
  if (kind !== 'path' || cells(text) <= columns) return `${name}${text}`;
  const parts = text.split('/');
  while (parts.length > 1 && cells(parts.join('/')) + 2 > columns) parts.shift();
  return `…/${parts.join('/')}`;
}

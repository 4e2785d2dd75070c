import { fit, type Row, wordRows } from '../../approvals/answering/wrap.ts';
import { label } from '../../text/visible.ts';
import { ALWAYS, permitted, TIMES } from '../state/permits.ts';
import type { Entry, Screen } from '../state/screen.ts';
import type { Content } from './content.ts';
import { EMPTY, ends, type Line, line, ofRow, type Part, quiet, rule, strong } from './line.ts';
import { askerOf, clocksOf, deedOf, harmPart, named, needsOf, timesOf } from './words.ts';

export interface Place {
  columns: number;
  /** Rows for the whole card. */
  height: number;
  now: number;
}

/** A card as it stands on the screen, and which of its rows those are. */
export interface Drawn {
  lines: Line[];
  /** Rows by which a page is turned, and how far it can be. */
  page: number;
  limit: number;
  /** Which rows of the call's text are on the screen; `to` is exclusive. */
  shown: { from: number; to: number };
}

/** How a fact is laid out. */
interface Spread {
  columns: number;
  most: number;
  look?: Part['look'];
}

interface Said {
  headline: Line;
  head: readonly Line[];
  foot: readonly Line[];
}

const LABEL = 7;
/** The text of a call keeps at least so many rows, whatever is said about it. */
const LEAST_TEXT = 3;

/** One labelled fact, over at most `most` rows. */
function fact(name: string, text: string, { columns, most, look }: Spread): Line[] {
  const rows = wordRows(text, Math.max(10, columns - LABEL));
  const kept = rows.slice(0, most);
  if (rows.length > most) kept[most - 1] = fit(rows.slice(most - 1).join(' '), columns - LABEL);
  return kept.map((row, at) => line(quiet((at === 0 ? name : '').padEnd(LABEL)), { text: row, look }));
}

/**
 * One call, always in this order: what it would do and how bad that is, why a person is asked, its text with the most
 * telling values first, what differs from the last approved one, how often that was, who asks, both clocks, and what
 * an approval takes.
 */
export function card(entry: Entry, content: Content, screen: Screen, place: Place): Drawn {
  const roomy = place.height >= 18;
  const [headline = EMPTY, ...head] = headOf(entry, content, place, roomy);
  const foot = [...permitLines(screen, place.columns, roomy), ...footOf(entry, content, place, roomy)];
  return laidOut(content, screen, { headline, head, foot }, place);
}

/** What the next approval permits besides this call, as its rule says it, and what that would have done so far. */
function permitLines(screen: Screen, columns: number, roomy: boolean): Line[] {
  const found = permitted(screen);
  if (found === undefined) return [];
  const { offer, permit, text } = found;
  const { words } = TIMES[permit.time] ?? { words: '' };
  const wider = found.wider ? 'g wider' : 'g none';
  const always = permit.time === ALWAYS;
  const long = always ? 'always, by a rule that is shown first' : `for ${words}`;
  const said = `with a, calls ${label(offer.words)} run unasked ${long} (w ${always ? 'session' : 'longer'}, ${wider}, Esc this call only)`;
  const trial = screen.trials.get(text);
  return [
    ...fact('permit', said, { columns, most: 2, look: 'warn' }),
    ...fact('rule', label(offer.item.when ?? 'whatever the arguments'), { columns, most: roomy ? 6 : 4 }),
    ...(trial === undefined ? [] : fact('so far', label(trial), { columns, most: 2 })),
  ];
}

/** What is said of a text above and below it; a row of the text counts as shown only where there is room for it. */
export function laidOut(content: Content, screen: Screen, said: Said, place: Place): Drawn {
  const { height } = place;
  const { headline, head, foot } = said;
  if (height < LOW) return scrolling(content, screen, said, place);
  const spare = height - 2 - LEAST_TEXT;
  const top = [headline, ...head.slice(0, Math.max(0, spare))];
  const bottom = foot.slice(0, Math.max(0, spare - head.length));
  const page = Math.max(1, height - top.length - bottom.length - 1);
  return withText(content, screen, { top, bottom, page }, place);
}

/** The whole card as text, for who reads it line by line; `columns` is where its sentences break. */
export function cardLines(entry: Entry, content: Content, columns: number, now: number): Line[] {
  const place = { columns, height: Number.POSITIVE_INFINITY, now };
  const rows = content.rows.map((row) => ({ parts: [{ text: '  ' }, ...ofRow(row).parts] }));
  const { hidden, masked } = content;
  const told = [
    hidden > 0 ? `${hidden} hidden characters spelled out` : '',
    masked > 0 ? `${masked} masked` : '',
  ].filter((one) => one !== '');
  const title = line(
    `${content.view.name === 'plain' ? 'arguments' : content.view.name}: ${told.join(', ')}`,
  );
  return [...headOf(entry, content, place, true), title, ...rows, ...footOf(entry, content, place, true)];
}

/** Below this height a card scrolls as a whole, but for its headline. */
const LOW = 12;

function scrolling(
  content: Content,
  screen: Screen,
  { headline, head, foot }: Said,
  { columns, height }: Place,
): Drawn {
  const { rows } = content;
  const title = rule(titleOf(content, screen, 0, rows.length), columns);
  const all = [...head, title, ...rows.map(ofRow), ...foot];
  const page = height - 1;
  const limit = Math.max(0, all.length - page);
  const at = Math.min(screen.scroll, limit);
  const from = at - head.length - 1;
  const shown = { from: Math.max(0, from), to: Math.max(0, Math.min(rows.length, from + page)) };
  return { lines: [headline, ...all.slice(at, at + page)], page, limit, shown };
}

function withText(
  content: Content,
  screen: Screen,
  { top, bottom, page }: { top: readonly Line[]; bottom: readonly Line[]; page: number },
  { columns }: Place,
): Drawn {
  const { rows } = content;
  const limit = Math.max(0, rows.length - page);
  const from = Math.min(screen.scroll, limit);
  const text = rows.slice(from, from + page).map(ofRow);
  const title = rule(titleOf(content, screen, from, page), columns);
  // What is said below stands right below the text, or at the end of the card.
  const gap = text.length < page && bottom.length > 0 ? [EMPTY] : [];
  const lines = [...top, title, ...text, ...gap, ...bottom];
  return { lines, page, limit, shown: { from, to: from + text.length } };
}

function headOf(entry: Entry, content: Content, { columns }: Place, roomy: boolean): Line[] {
  const { hold, session } = entry;
  const grave = content.view.warnings.some(({ tone }) => tone === 'danger');
  const badge = { ...harmPart(entry), strong: true, filled: true };
  const machine = session.machine === undefined ? '' : `, of the machine ${named(session.machine)}`;
  const where = [strong(` ${named(hold.tool)}`), { text: ` on ${named(hold.server)}${machine}` }];
  const headline = ends([{ ...badge, text: ` ${badge.text} ` }, ...where], [quiet(label(hold.id))], columns);
  return [
    { parts: headline },
    ...warningLines(content, columns, roomy ? 5 : 2),
    ...fact('does', deedOf(entry, { grave, changes: content.view.changes === true }), {
      columns,
      most: roomy ? 2 : 1,
    }),
    ...fact('why', `${label(hold.reason)} (${label(hold.rule)})`, { columns, most: roomy ? 4 : 2 }),
    ...(content.view.fellBack === undefined
      ? []
      : fact('', content.view.fellBack, { columns, most: 2, look: 'warn' })),
  ];
}

/** What is said before the text, the gravest first; and how much more there is no room for. */
export function warningLines({ view: { warnings } }: Content, columns: number, most: number): Line[] {
  const shown = warnings.slice(0, most).flatMap(({ text, tone }) => {
    const look = tone === 'note' ? 'quiet' : tone;
    return fact(tone === 'note' ? '' : '!', text, { columns, most: 2, look });
  });
  const grave = warnings.slice(most).filter(({ tone }) => tone !== 'note').length;
  if (grave === 0) return shown;
  const more = `and ${grave} ${grave === 1 ? 'warning' : 'warnings'} more${most < 5 ? ': enter shows more' : ''}`;
  return [...shown, ...fact('', more, { columns, most: 1, look: 'warn' })];
}

function footOf(entry: Entry, content: Content, { columns, now }: Place, roomy: boolean): Line[] {
  const needs = needsOf(entry);
  const session = label(entry.session.session);
  return [
    ...(needs === '' ? [] : fact('needs', needs, { columns, most: 2, look: 'warn' })),
    ...editedOf(entry, columns),
    ...differsOf(content, columns, roomy),
    ...fact('asks', `${askerOf(entry)} · ${timesOf(entry, content.earlier, now)} · session ${session}`, {
      columns,
      most: roomy ? 2 : 1,
    }),
    ...fact('clock', clocksOf(entry, now), { columns, most: roomy ? 2 : 1 }),
  ];
}

/** Who changed it: what follows compares it with what its agent asked for. */
function editedOf({ hold: { edited } }: Entry, columns: number): Line[] {
  if (edited === undefined) return [];
  const said = `by ${label(edited.by)}, and decided anew; it differs from what the agent asked for (${label(edited.hold)})`;
  return fact('edited', said, { columns, most: 2, look: 'warn' });
}

function differsOf({ differs }: Content, columns: number, roomy: boolean): Line[] {
  if (differs === undefined) return [];
  if (differs.length === 0)
    return fact('differs', 'nothing: it is the call that was approved last', { columns, most: 1 });
  const most = roomy ? 6 : 2;
  const shown: Row[] = differs.slice(0, differs.length > most ? most - 1 : most);
  const more = differs.length - shown.length;
  return [
    ...shown.map((row, at) => ({
      parts: [quiet((at === 0 ? 'differs' : '').padEnd(LABEL)), { text: ' ' }, ...ofRow(row).parts],
    })),
    ...(more > 0 ? [line(quiet(`${' '.repeat(LABEL)} and ${more} more rows of differences`))] : []),
  ];
}

function titleOf(content: Content, screen: Screen, from: number, page: number): Part[] {
  const { rows, view, hidden, masked, size } = content;
  const parts: Part[] = [
    strong(view.name === 'plain' ? 'arguments' : view.name),
    quiet(` ${placeOf(from, page, rows.length)}`),
  ];
  if (size > 2_000) parts.push(quiet(` · ${sizeOf(size)}`));
  if (hidden > 0)
    parts.push({
      text: ` · ${hidden} hidden ${hidden === 1 ? 'character' : 'characters'} spelled out`,
      look: 'hidden',
    });
  if (masked > 0) parts.push({ text: secretsOf(masked, screen.revealed !== undefined), look: 'warn' });
  if (view.name !== 'plain' && view.name !== 'together') parts.push(quiet(' · v plain'));
  else if (screen.plain !== undefined) parts.push(quiet(' · v back'));
  return parts;
}

function sizeOf(characters: number): string {
  if (characters < 1_000_000) return `${(characters / 1_000).toFixed(0)} kB`;
  return `${(characters / 1_000_000).toFixed(1)} MB`;
}

function secretsOf(masked: number, revealed: boolean): string {
  const count = masked === 1 ? '1 secret' : `${masked} secrets`;
  return revealed ? ` · ${count} shown, r hides` : ` · ${count} masked, r shows`;
}

function placeOf(from: number, page: number, total: number): string {
  if (total <= page) return `${total} ${total === 1 ? 'line' : 'lines'}`;
  const last = Math.min(total, from + page);
  return `lines ${from + 1}–${last} of ${total}${last < total ? ', space for more' : ''}`;
}

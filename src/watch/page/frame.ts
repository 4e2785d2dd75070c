import type { View } from '../state/answers.ts';
import { listRows, selectedGroup } from '../state/list-rows.ts';
import { type Looked, rowsSeen } from '../state/looked.ts';
import { type Screen, selectedEntry } from '../state/screen.ts';
import { card, type Drawn } from './card.ts';
import { footer, header, help, history, idle, notice, stoppedLine } from './chrome.ts';
import type { Content } from './content.ts';
import { draftPage } from './draft-page.ts';
import { groupCard } from './group-card.ts';
import { beside, cut, EMPTY, type Line, quiet, rule, widthOf } from './line.ts';
import { filterLine, list, windowOf } from './list.ts';
import { recordPage } from './record-page.ts';
import { toolsPage } from './tools-page.ts';

export interface Size {
  columns: number;
  rows: number;
}

/** Below this nothing can be judged. */
export const LEAST: Size = { columns: 40, rows: 10 };
/** From this width on the card stands beside the list, below this height on a page of its own. */
const WIDE = 150;
const LOW = 16;
const FOOTER = 2;
/** Fewer rows of what was decided tell nothing. */
const LEAST_PAST = 4;
/** What is typed then is about the card, so that is on the screen. */
const ANSWERING: ReadonlySet<Screen['mode']> = new Set(['typing', 'passphrase']);

/** How a screen of this size is divided. */
export interface Layout {
  /** `pages`: the list, or the card. */
  kind: 'stacked' | 'beside' | 'pages';
  /** Columns of the card. */
  card: number;
  /** Columns of the list. */
  list: number;
}

export function layoutFor({ columns, rows }: Size): Layout {
  if (rows < LOW) return { kind: 'pages', card: columns, list: columns };
  if (columns < WIDE) return { kind: 'stacked', card: columns, list: columns };
  const left = Math.min(88, Math.max(64, Math.floor(columns * 0.4)));
  return { kind: 'beside', list: left, card: columns - left - 3 };
}

/** All that is drawn, and what a key is judged by. */
export interface Frame {
  lines: Line[];
  view: View;
  /** The rows of the selected card that this frame shows. */
  looked: { card: Omit<Looked, 'shown'>; from: number; to: number } | undefined;
}

interface Given {
  size: Size;
  now: number;
  content: Content | undefined;
}

/** The whole screen, but for its last row, as lines of at most its width. */
export function frame(screen: Screen, given: Given): Frame {
  const { size, now } = given;
  const top = [header(screen, size.columns, now)];
  const stopped = stoppedLine(screen, size.columns);
  if (stopped !== undefined) top.push(stopped);
  const said = notice(screen, size.columns, now);
  if (said !== undefined && size.rows >= LOW) top.push(said);
  const filter = filterLine(screen, size.columns);
  if (filter !== undefined) top.push(filter);
  const height = Math.max(1, size.rows - 1 - top.length - FOOTER);
  const { lines, drawn, page } = body(screen, given, height);
  const filled = Array.from({ length: height }, (_, at) => lines[at] ?? EMPTY);
  return {
    lines: [...top, ...filled, ...footer(screen, size.columns)].map((one) => within(one, size.columns)),
    view: { ...viewOf(screen, given.content, drawn, lines.length - height), ...(page && { page }) },
    looked: lookedAt(given.content, drawn),
  };
}

/** Whatever a page is made of, no line of it pushes another off the screen. */
function within(one: Line, columns: number): Line {
  return widthOf(one.parts) <= columns ? one : { ...one, parts: cut(one.parts, columns) };
}

interface Body {
  lines: Line[];
  drawn: Drawn | undefined;
  /** Rows of a page of its own, where it is turned by them. */
  page?: number;
}

function body(screen: Screen, given: Given, height: number): Body {
  const { columns } = given.size;
  const page = (lines: Line[]): Body => ({ lines, drawn: undefined });
  if (screen.mode === 'help') return page(help(columns));
  if (screen.mode === 'history') return page(history(screen, columns).slice(screen.scroll));
  if (screen.mode === 'record')
    return { ...page(recordPage(screen, columns, height)), page: Math.max(1, height - 1) };
  if (screen.mode === 'rule' || screen.mode === 'sign')
    return page(draftPage(screen, columns).slice(screen.scroll));
  const entry = selectedEntry(screen);
  if (screen.mode === 'tools' && entry !== undefined)
    return page(toolsPage(entry, columns).slice(screen.scroll));
  if (screen.entries.length === 0) return page(idle(screen, columns, height));
  return desk(screen, given, height);
}

function desk(screen: Screen, given: Given, height: number): Body {
  const { size, now } = given;
  const layout = layoutFor(size);
  const rows = (count: number): Line[] => list(screen, { rows: count, columns: layout.list, now });
  if (screen.mode === 'detail') return whole(cardOf(screen, given, { columns: size.columns, height, now }));
  if (layout.kind === 'pages') {
    const answering = ANSWERING.has(screen.mode) && selectedEntry(screen) !== undefined;
    if (answering) return whole(cardOf(screen, given, { columns: size.columns, height, now }));
    return { lines: rows(height), drawn: undefined };
  }
  if (layout.kind === 'beside') {
    const drawn = cardOf(screen, given, { columns: layout.card, height, now });
    const filled = leftSide(screen, rows(height), layout.list, height);
    return { lines: beside(filled, drawn?.lines ?? [], layout.list), drawn };
  }
  const wanted = listRows(screen).rows.length;
  const listed = Math.min(wanted, Math.max(2, Math.floor(height / 3)));
  const drawn = cardOf(screen, given, { columns: size.columns, height: height - listed - 1, now });
  const divider = rule(wanted > listed ? [quiet(windowOf(screen, listed))] : [], size.columns);
  return { lines: [...rows(listed), divider, ...(drawn?.lines ?? [])], drawn };
}

/** Below the list what was decided last, where there is room for it. */
function leftSide(screen: Screen, listed: readonly Line[], columns: number, height: number): Line[] {
  const waiting = listRows(screen).rows.length;
  const room = height - Math.min(waiting, height) - 2;
  const upper = listed.slice(0, waiting);
  const past =
    room < LEAST_PAST ? [] : [EMPTY, rule([quiet('decided')], columns), ...history(screen, columns)];
  const lines = [...upper, ...past].slice(0, height);
  return Array.from({ length: height }, (_, at) => lines[at] ?? EMPTY);
}

const whole = (drawn: Drawn | undefined): Body => ({ lines: drawn?.lines ?? [], drawn });

function cardOf(
  screen: Screen,
  { content }: Given,
  place: { columns: number; height: number; now: number },
): Drawn | undefined {
  if (content === undefined) return undefined;
  const entry = selectedEntry(screen);
  const drawn =
    entry === undefined
      ? groupCard(selectedGroup(screen), content, screen, place)
      : card(entry, content, screen, place);
  return { ...drawn, lines: drawn.lines.map((one) => ({ ...one, parts: cut(one.parts, place.columns) })) };
}

function viewOf(screen: Screen, content: Content | undefined, drawn: Drawn | undefined, more: number): View {
  const { rows = [], masked = 0, mustReveal = false, as = '' } = content ?? {};
  const before = screen.looked.get(screen.selected ?? '');
  const seen = before?.as === as && before.rows.length === rows.length ? rowsSeen(before) : 0;
  const page = drawn?.page ?? 0;
  const limit = drawn?.limit ?? Math.max(0, more + screen.scroll);
  return { page, limit, masked, mustReveal, rows: rows.length, unseen: rows.length - seen };
}

function lookedAt(content: Content | undefined, drawn: Drawn | undefined): Frame['looked'] {
  if (content === undefined || drawn === undefined) return undefined;
  const { as, rows } = content;
  return { card: { as, rows }, ...drawn.shown };
}

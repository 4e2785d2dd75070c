import type { Row } from '../../approvals/answering/wrap.ts';
import type { Seen } from '../../approvals/holding/hold.ts';
import { sha256Hex } from '../../platform/digest.ts';
import { rowText, type Screen } from './screen.ts';

/** Of one card: the rows that it is judged by, and which of them have been on the screen. */
export interface Looked {
  /** What the rows are made from: with another width, view or content they are others. */
  as: string;
  rows: readonly Row[];
  /** From, to (exclusive); in order, with gaps between them. */
  shown: readonly (readonly [number, number])[];
}

/** So many cards are remembered, and of long ones none but the selected. */
const MOST_CARDS = 300;
const MOST_ROWS = 1_000;

/** Rows `from` to `to` (exclusive) of the selected card were on the screen. The same screen where that is nothing new. */
export function look(screen: Screen, card: Omit<Looked, 'shown'>, from: number, to: number): Screen {
  const key = screen.selected;
  if (key === undefined) return screen;
  const before = screen.looked.get(key);
  const same = before?.as === card.as && before.rows.length === card.rows.length;
  const shown = same ? before.shown : [];
  const end = Math.min(to, card.rows.length);
  const known = shown.some(([first, last]) => first <= from && end <= last);
  if (same && (known || end <= from)) return screen;
  const looked = new Map(screen.looked);
  looked.delete(key);
  looked.set(key, { ...card, shown: end > from ? merged([...shown, [from, end]]) : shown });
  return { ...screen, looked: pruned(looked, key) };
}

function pruned(looked: Map<string, Looked>, selected: string): Map<string, Looked> {
  for (const [key, { rows }] of looked) if (key !== selected && rows.length > MOST_ROWS) looked.delete(key);
  for (const key of looked.keys()) {
    if (looked.size <= MOST_CARDS) break;
    looked.delete(key);
  }
  return looked;
}

function merged(parts: readonly (readonly [number, number])[]): [number, number][] {
  const found: [number, number][] = [];
  for (const [from, to] of parts.toSorted((a, b) => a[0] - b[0])) {
    const last = found.at(-1);
    if (last !== undefined && from <= last[1]) last[1] = Math.max(last[1], to);
    else found.push([from, to]);
  }
  return found;
}

/** How many of its rows have been on the screen. */
export function rowsSeen(looked: Looked | undefined): number {
  return looked?.shown.reduce((sum, [from, to]) => sum + to - from, 0) ?? 0;
}

/** The rows that were on the screen, as they are signed for; all of none for a call that never was. */
export function seenOf(looked: Looked | undefined): Seen {
  const { rows = [], shown = [] } = looked ?? {};
  const text = shown.flatMap(([from, to]) => rows.slice(from, to).map(rowText));
  return { lines: text.length, of: rows.length, digest: sha256Hex(text.join('\n')) };
}

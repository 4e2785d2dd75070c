import { type Entry, type Screen, select } from './screen.ts';

/** A row of the list: a call, or several that are alike and are told as one. */
export type ListRow =
  | { kind: 'call'; key: string; entry: Entry; inGroup: boolean }
  | { kind: 'group'; key: string; members: readonly Entry[]; folded: boolean };

/** Two calls are read one by one. */
const FOLDS_FROM = 3;
/** Nobody looks at more calls than that for one answer. */
export const MOST_TOGETHER = 100;

interface Made {
  filter: string;
  unfolded: ReadonlySet<string>;
  rows: ListRow[];
  shown: number;
}

const made = new WeakMap<readonly Entry[], Made>();

/** What the list shows, in its order, and how many of the waiting calls that are. */
export function listRows({ entries, filter, unfolded }: Screen): { rows: readonly ListRow[]; shown: number } {
  const before = made.get(entries);
  if (before !== undefined && before.filter === filter && before.unfolded === unfolded) return before;
  const matching = filter === '' ? entries : entries.filter((entry) => matches(entry, filter.toLowerCase()));
  const next = { filter, unfolded, rows: grouped(matching, unfolded), shown: matching.length };
  made.set(entries, next);
  return next;
}

/** By all that a person can read of it, its arguments too. */
function matches({ hold }: Entry, wanted: string): boolean {
  const { id, server, tool, risk, caller, client, argumentsText } = hold;
  const named = `${id} ${server}/${tool} ${risk ?? 'unknown'} ${caller ?? client ?? ''}`;
  return named.toLowerCase().includes(wanted) || argumentsText.toLowerCase().includes(wanted);
}

function grouped(entries: readonly Entry[], unfolded: ReadonlySet<string>): ListRow[] {
  const groups = groupBy(entries);
  const rows: ListRow[] = [];
  for (const entry of entries) {
    const members = groups.get(entry.alike) ?? [];
    if (members.length < FOLDS_FROM) rows.push({ kind: 'call', key: entry.key, entry, inGroup: false });
    else if (members[0] === entry) {
      const folded = !unfolded.has(entry.alike);
      rows.push({ kind: 'group', key: entry.alike, members, folded });
      if (folded) continue;
      for (const one of members) rows.push({ kind: 'call', key: one.key, entry: one, inGroup: true });
    }
  }
  return rows;
}

/** Node 20 has no `Map.groupBy`. */
function groupBy(entries: readonly Entry[]): Map<string, Entry[]> {
  const groups = new Map<string, Entry[]>();
  for (const entry of entries) {
    const found = groups.get(entry.alike);
    if (found === undefined) groups.set(entry.alike, [entry]);
    else found.push(entry);
  }
  return groups;
}

export function selectedRow(screen: Screen): ListRow | undefined {
  return listRows(screen).rows.find(({ key }) => key === screen.selected);
}

/** The calls that a group's card is about; none where no group is selected. */
export function selectedGroup(screen: Screen): readonly Entry[] {
  const row = selectedRow(screen);
  return row?.kind === 'group' ? row.members : [];
}

export function moveBy(screen: Screen, by: number, now: number): Screen {
  const { rows } = listRows(screen);
  const at = rows.findIndex(({ key }) => key === screen.selected);
  const next = rows[Math.min(rows.length - 1, Math.max(0, at + by))];
  return next === undefined ? screen : select(screen, next.key, now);
}

/** Lists a group's calls one by one, or as one row again; a call of it that is selected gives way to the group. */
export function unfold(screen: Screen, open: boolean, now: number): Screen {
  const row = selectedRow(screen);
  const alike = row?.kind === 'group' ? row.key : row?.entry.alike;
  const isGroup = row?.kind === 'group' || (row?.kind === 'call' && row.inGroup);
  if (alike === undefined || !isGroup || screen.unfolded.has(alike) === open) return screen;
  const unfolded = new Set(screen.unfolded);
  if (open) unfolded.add(alike);
  else unfolded.delete(alike);
  const next = { ...screen, unfolded };
  return open || row?.kind === 'group' ? next : select(next, alike, now);
}

/** The filter hides nothing that is selected: then the first call that it shows is selected. */
export function withVisible(screen: Screen, now: number): Screen {
  const { rows } = listRows(screen);
  const { selected } = screen;
  if (selected !== undefined && rows.some(({ key }) => key === selected)) return screen;
  return select(screen, rows[0]?.key, now);
}

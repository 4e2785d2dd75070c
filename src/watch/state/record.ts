import type { Key } from './intent.ts';
import type { Screen } from './screen.ts';

/** A call of the record as a list shows it. Texts are foreign: shown by `label`. */
export interface Recorded {
  /** `SESSION/CALL`, as `audit show` takes it. */
  name: string;
  /** ISO 8601. */
  time: string;
  /** What became of it, in words: "ran", "denied", "approved by ada, ran", "rejected by ada". */
  fate: string;
  /** How good or bad that is to look at. */
  look: 'good' | 'bad' | 'quiet';
  tool: string;
  /** The rule that decided, or the arguments, whatever there is room for. */
  story: string;
}

/** The page of what was recorded, of all sessions. */
export interface RecordPage {
  /** Newest first; undefined until it was read. */
  calls: readonly Recorded[] | undefined;
  selected: number;
  /** What could not be read of the log: the list may lack calls. Foreign. */
  faults?: readonly string[];
  filter: string;
  /** The filter is being typed. */
  typing: boolean;
  /** One call as `audit show` tells it, or the numbers of the day; undefined: the list. */
  text: { title: string; lines: readonly string[] } | undefined;
}

/** What the store is to fetch for the page. */
export type Wanted = { want: 'show'; name: string } | { want: 'numbers' | 'grants' };

export const NOTHING_READ: RecordPage = {
  calls: undefined,
  selected: 0,
  filter: '',
  typing: false,
  text: undefined,
};

/** The calls that the filter leaves. */
export function listed({ calls = [], filter }: RecordPage): readonly Recorded[] {
  const wanted = filter.toLowerCase();
  if (wanted === '') return calls;
  return calls.filter((one) =>
    [one.name, one.tool, one.fate, one.story].some((text) => text.toLowerCase().includes(wanted)),
  );
}

/** Read anew: the call that was selected stays it, however many came above it. */
export function reread(
  record: RecordPage,
  calls: readonly Recorded[],
  faults: readonly string[],
): RecordPage {
  const name = listed(record)[record.selected]?.name;
  const next = { ...record, calls, faults };
  const all = listed(next);
  const at = name === undefined ? -1 : all.findIndex((one) => one.name === name);
  const selected = at === -1 ? Math.max(0, Math.min(record.selected, all.length - 1)) : at;
  return { ...next, selected };
}

interface Turned {
  screen: Screen;
  wanted?: Wanted;
}

const LONGEST_FILTER = 64;

/** A key on the page. `page`: rows that it shows; `limit`: how far a text may be scrolled. */
export function turn(screen: Screen, key: Key, { page, limit }: { page: number; limit: number }): Turned {
  const { record } = screen;
  const put = (more: Partial<RecordPage>, scroll = 0): Turned => ({
    screen: { ...screen, record: { ...record, ...more }, scroll },
  });
  if (record.typing) return typed(key, record, put);
  const by = stepOf(key, page);
  if (record.text !== undefined) {
    if (by === undefined) return put({ text: undefined });
    return { screen: { ...screen, scroll: Math.max(0, Math.min(screen.scroll + by, limit)) } };
  }
  const all = listed(record);
  if (by !== undefined) return put({ selected: Math.max(0, Math.min(all.length - 1, record.selected + by)) });
  if (key.return) {
    const name = all[record.selected]?.name;
    return name === undefined ? { screen } : { screen, wanted: { want: 'show', name } };
  }
  if (key.text === '/') return put({ typing: true });
  if (key.text === 'd') return { screen, wanted: { want: 'numbers' } };
  if (key.text === 'p') return { screen, wanted: { want: 'grants' } };
  if (key.escape === true && record.filter !== '') return put({ filter: '', selected: 0 });
  if (key.escape === true || key.text === 'l' || key.text === 'q')
    return { screen: { ...screen, mode: 'list', scroll: 0 } };
  return { screen };
}

function typed(key: Key, record: RecordPage, put: (more: Partial<RecordPage>) => Turned): Turned {
  if (key.return) return put({ typing: false });
  if (key.escape) return put({ typing: false, filter: '', selected: 0 });
  if (key.backspace) return put({ filter: [...record.filter].slice(0, -1).join(''), selected: 0 });
  const text = key.text.replace(/\p{C}/gu, '');
  return put({ filter: `${record.filter}${text}`.slice(0, LONGEST_FILTER), selected: 0 });
}

function stepOf(key: Key, rows: number): number | undefined {
  if (key.down || key.text === 'j') return 1;
  if (key.up || key.text === 'k') return -1;
  if (key.pageDown || key.text === ' ') return Math.max(1, rows);
  if (key.pageUp) return -Math.max(1, rows);
  if (key.home) return Number.NEGATIVE_INFINITY;
  return key.end || key.text === 'G' ? Number.MAX_SAFE_INTEGER : undefined;
}

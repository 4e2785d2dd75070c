import type { Row } from '../../approvals/answering/wrap.ts';
import type { HoldView, SessionView } from '../../approvals/channel/messages.ts';
import { NO_KEY, type Signing } from './key-ring.ts';

/** A hold on the screen. `key` names it across sessions. */
export interface Entry {
  key: string;
  session: SessionView;
  hold: HoldView;
}

export interface Intent {
  entry: Entry;
  verdict: 'approve' | 'reject';
  confirmation?: string;
  reason?: string;
  dwellMs: number;
  /** What is masked was shown. */
  revealed: boolean;
  looked: Looked | undefined;
}

export type Mode =
  | 'list'
  | 'detail'
  | 'help'
  | 'typing'
  | 'reason'
  | 'search'
  | 'unlock'
  /** The passphrase, for one approval. */
  | 'passphrase'
  /** What is typed was meant for a question that is gone: none of it may become a command or a reason. */
  | 'ignoring';

export interface Message {
  text: string;
  tone: 'good' | 'bad' | 'plain';
  until: number;
}

/** All that the terminal shows, as plain data. Times are ms of one monotonic clock. */
export interface Screen {
  sessions: SessionView[];
  /** Oldest call first: a new one goes last, so nothing moves under the person's eyes. */
  entries: Entry[];
  selected: string | undefined;
  /** Since when the selected card has been on the screen. */
  selectedSince: number;
  mode: Mode;
  scroll: number;
  typed: string;
  filter: string;
  message: Message | undefined;
  lastKey: number;
  /** Between the marks of a bracketed paste. */
  pasting: boolean;
  signing: Signing;
  /** The entry whose masked secrets are shown. */
  revealed: string | undefined;
  /** How far the selected call's rows have been on the screen. */
  looked: Looked | undefined;
  /** The entry whose person was told that not all of it was on the screen. */
  unseenTold: string | undefined;
  /** An approval that counts at that time, unless another key comes first. */
  approving: { intent: Intent; at: number } | undefined;
}

/** Of one call at one width: the rows from the first on that have been on the screen, without a gap. */
export interface Looked {
  key: string;
  rows: readonly Row[];
  upTo: number;
}

export const FIRST_SCREEN: Screen = {
  sessions: [],
  entries: [],
  selected: undefined,
  selectedSince: 0,
  mode: 'list',
  scroll: 0,
  typed: '',
  filter: '',
  message: undefined,
  lastKey: Number.NEGATIVE_INFINITY,
  pasting: false,
  signing: NO_KEY,
  revealed: undefined,
  looked: undefined,
  unseenTold: undefined,
  approving: undefined,
};

const MESSAGE_MS = 6_000;

export function entryKey(session: string, hold: string): string {
  return `${session}/${hold}`;
}

export function selectedEntry(screen: Screen): Entry | undefined {
  return screen.entries.find((entry) => entry.key === screen.selected);
}

/** What the list shows: those that wait, narrowed by the search; the selected one in any case. */
export function listed(screen: Screen): Entry[] {
  const wanted = screen.filter.toLowerCase();
  return screen.entries.filter(({ key, hold }) => {
    if (key === screen.selected) return true;
    return wanted === '' || `${hold.id} ${hold.server}/${hold.tool}`.toLowerCase().includes(wanted);
  });
}

export function waiting(screen: Screen): number {
  return screen.entries.length;
}

export function say(screen: Screen, text: string, tone: Message['tone'], now: number): Screen {
  return { ...screen, message: { text, tone, until: now + MESSAGE_MS } };
}

/** Selects a card: what it shows must be looked at anew before it can be approved. */
export function select(screen: Screen, key: string | undefined, now: number): Screen {
  if (key === screen.selected) return screen;
  const anew = { scroll: 0, typed: '', revealed: undefined, looked: undefined, unseenTold: undefined };
  return { ...screen, selected: key, selectedSince: now, ...anew };
}

/** Rows `from` to `to` (exclusive) of the selected call were on the screen. The same screen where that is nothing new. */
export function look(screen: Screen, rows: readonly Row[], from: number, to: number): Screen {
  const { selected: key, looked } = screen;
  if (key === undefined) return screen;
  const before = looked?.key === key && looked.rows === rows ? looked.upTo : 0;
  const end = Math.min(to, rows.length);
  if (looked?.key === key && looked.rows === rows && (from > before || end <= before)) return screen;
  return { ...screen, looked: { key, rows, upTo: from > before ? before : Math.max(before, end) } };
}

/** An answer that ended nothing leaves its card waiting: then the first that waits is shown again. */
export function withSelection(screen: Screen, now: number): Screen {
  if (screen.selected !== undefined) return screen;
  return select(screen, screen.entries[0]?.key, now);
}

/** What proxies tell. */
export type News =
  | { type: 'attached'; session: SessionView }
  | { type: 'detached'; session: string; why: string | undefined }
  | { type: 'hold'; session: string; hold: HoldView }
  | { type: 'closed'; session: string; hold: string; how: string; by: string | null }
  | { type: 'result'; ok: boolean; message: string };

/** The screen after a piece of news. The selection never moves by itself; only an empty one takes the first card. */
export function hear(screen: Screen, news: News, now: number): Screen {
  switch (news.type) {
    case 'attached':
      return { ...screen, sessions: [...screen.sessions, news.session] };
    case 'detached':
      return detached(screen, news.session, news.why, now);
    case 'hold':
      return heldOrChanged(screen, news.session, news.hold, now);
    case 'closed': {
      const by = news.by === null ? '' : ` by ${news.by}`;
      return end(screen, entryKey(news.session, news.hold), `${news.how}${by}`, now);
    }
    case 'result':
      return say(withSelection(screen, now), news.message, news.ok ? 'good' : 'bad', now);
  }
}

function heldOrChanged(screen: Screen, sessionId: string, hold: HoldView, now: number): Screen {
  const session = screen.sessions.find((one) => one.session === sessionId);
  if (session === undefined) return screen;
  const key = entryKey(sessionId, hold.id);
  const before = screen.entries.find((entry) => entry.key === key);
  const entry: Entry = { key, session, hold };
  if (before === undefined) {
    const after = screen.entries.findLastIndex((one) => one.hold.openedAt <= hold.openedAt);
    const next = { ...screen, entries: screen.entries.toSpliced(after + 1, 0, entry) };
    return screen.selected === undefined ? select(next, key, now) : next;
  }
  const entries = screen.entries.map((one) => (one.key === key ? entry : one));
  // A repeated call with the same content was read already; another content was not.
  const same = before.hold.callDigest === hold.callDigest;
  return { ...screen, entries, selectedSince: same || key !== screen.selected ? screen.selectedSince : now };
}

/** Modes in which something is typed about the selected call. */
const ANSWERING: readonly Mode[] = ['typing', 'reason', 'passphrase'];

function end(screen: Screen, key: string, how: string, now: number): Screen {
  const gone = screen.entries.find((entry) => entry.key === key);
  const entries = screen.entries.filter((entry) => entry.key !== key);
  if (gone === undefined || key !== screen.selected) return { ...screen, entries };
  const answering = ANSWERING.includes(screen.mode);
  const mode = answering ? 'ignoring' : screen.mode;
  const at = screen.entries.indexOf(gone);
  const next = entries[at] ?? entries.at(-1);
  const moved = select({ ...screen, entries, mode, typed: '' }, next?.key, now);
  // Half a passphrase must not become commands for the call that comes in its place.
  const typing = answering ? ' What you type is ignored until Enter or Esc.' : '';
  return say(moved, `${gone.hold.id} (${gone.hold.tool}) no longer waits: ${how}.${typing}`, 'plain', now);
}

const ENDED = 'its server ended; it will not be executed';
const NOT_ATTACHED = 'this terminal is not attached to its proxy any more';

function detached(screen: Screen, session: string, why: string | undefined, now: number): Screen {
  const gone = screen.sessions.find((one) => one.session === session);
  let next: Screen = { ...screen, sessions: screen.sessions.filter((one) => one.session !== session) };
  for (const entry of screen.entries) {
    if (entry.session.session === session)
      next = end(next, entry.key, why === undefined ? ENDED : NOT_ATTACHED, now);
  }
  return why === undefined || gone === undefined
    ? next
    : say(next, `Lost ${gone.server}: ${why}.`, 'bad', now);
}

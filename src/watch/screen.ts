import type { HoldView, SessionView } from '../approvals/wire.ts';
import { NO_KEY, type Signing } from './key-ring.ts';

/** A hold on the screen. `key` names it across sessions. */
export interface Entry {
  key: string;
  session: SessionView;
  hold: HoldView;
  /** Once it no longer waits: how it ended. The card stays until the person leaves it. */
  ended: string | undefined;
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
  | 'passphrase';

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
};

const MESSAGE_MS = 6_000;

export function entryKey(session: string, hold: string): string {
  return `${session}/${hold}`;
}

export function selectedEntry(screen: Screen): Entry | undefined {
  return screen.entries.find((entry) => entry.key === screen.selected);
}

/** What the list shows: those that wait, the selected one whatever became of it, narrowed by the search. */
export function listed(screen: Screen): Entry[] {
  const wanted = screen.filter.toLowerCase();
  return screen.entries.filter(({ key, hold, ended }) => {
    if (key === screen.selected) return true;
    if (ended !== undefined) return false;
    return wanted === '' || `${hold.id} ${hold.server}/${hold.tool}`.toLowerCase().includes(wanted);
  });
}

export function waiting(screen: Screen): number {
  return screen.entries.filter((entry) => entry.ended === undefined).length;
}

export function say(screen: Screen, text: string, tone: Message['tone'], now: number): Screen {
  return { ...screen, message: { text, tone, until: now + MESSAGE_MS } };
}

/** Selects a card: what it shows must be looked at anew before it can be approved. */
export function select(screen: Screen, key: string | undefined, now: number): Screen {
  if (key === screen.selected) return screen;
  const entries = screen.entries.filter((entry) => entry.ended === undefined || entry.key === key);
  return { ...screen, entries, selected: key, selectedSince: now, scroll: 0, typed: '', revealed: undefined };
}

/** An answer that ended nothing leaves its card waiting: then the first that waits is shown again. */
export function withSelection(screen: Screen, now: number): Screen {
  if (screen.selected !== undefined) return screen;
  return select(screen, screen.entries.find((entry) => entry.ended === undefined)?.key, now);
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
      return end(screen, entryKey(news.session, news.hold), `${news.how}${by}`);
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
  const entry: Entry = { key, session, hold, ended: undefined };
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

function end(screen: Screen, key: string, how: string): Screen {
  const answering = ANSWERING.includes(screen.mode) && key === screen.selected;
  const mode = answering ? 'list' : screen.mode;
  const ended = screen.entries.map((entry) =>
    entry.key === key ? { ...entry, ended: entry.ended ?? how } : entry,
  );
  return {
    ...screen,
    mode,
    // Half a passphrase must not stand there when the next question comes.
    typed: answering ? '' : screen.typed,
    entries: ended.filter((entry) => entry.ended === undefined || entry.key === screen.selected),
  };
}

function detached(screen: Screen, session: string, why: string | undefined, now: number): Screen {
  const gone = screen.sessions.find((one) => one.session === session);
  let next: Screen = { ...screen, sessions: screen.sessions.filter((one) => one.session !== session) };
  for (const entry of screen.entries) {
    if (entry.session.session === session)
      next = end(next, entry.key, 'its server ended; it will not be executed');
  }
  return why === undefined || gone === undefined
    ? next
    : say(next, `Lost ${gone.server}: ${why}.`, 'bad', now);
}

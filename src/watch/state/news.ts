import type { HoldView, SessionView } from '../../approvals/channel/messages.ts';
import { argumentNames } from '../../salience/salient.ts';
import { asked } from './answers.ts';
import { listRows, withVisible } from './list-rows.ts';
import { type Entry, entryKey, entryOf, type Mode, type Screen, say, select, withEntry } from './screen.ts';

/** What proxies tell. `at`: wall clock, ms. */
export type News =
  | { type: 'attached'; session: SessionView }
  | { type: 'detached'; session: string; why: string | undefined; at?: number }
  | { type: 'session'; session: SessionView; said: string }
  | { type: 'brake'; session: string; on: boolean; enrolled: boolean }
  | { type: 'hold'; session: string; hold: HoldView }
  | { type: 'closed'; session: string; hold: string; how: string; by: string | null; at?: number }
  | { type: 'result'; ok: boolean; message: string };

/** The screen after a piece of news. The selection never moves by itself; only an empty one takes the first card. */
export function hear(screen: Screen, news: News, now: number): Screen {
  switch (news.type) {
    case 'attached':
      return { ...screen, sessions: [...screen.sessions, news.session] };
    case 'detached':
      return detached(screen, news, now);
    case 'session':
      return changed(screen, news, now);
    case 'brake':
      return braked(screen, news, now);
    case 'hold':
      return heldOrChanged(screen, news.session, news.hold, now);
    case 'closed':
      return end(screen, entryKey(news.session, news.hold), news, now);
    case 'result':
      return say(withSelection(screen, now), news.message, news.ok ? 'good' : 'bad', now);
  }
}

/** What a session goes by has changed, or why it has not: its calls are shown by that. */
function changed(screen: Screen, { session, said }: Extract<News, { type: 'session' }>, now: number): Screen {
  const ours = (one: SessionView): boolean => one.session === session.session;
  const sessions = screen.sessions.map((one) => (ours(one) ? session : one));
  const entries = screen.entries.map((entry) => (ours(entry.session) ? { ...entry, session } : entry));
  const next = { ...screen, sessions, entries };
  return said === '' ? next : say(next, said, 'plain', now);
}

export const HASTE = 'Three approvals came faster than they can be read: the next one takes one step more.';

/** Every call of the session is then shown with one step more, or one less. */
function braked(
  screen: Screen,
  { session: id, on, enrolled }: Extract<News, { type: 'brake' }>,
  now: number,
): Screen {
  const before = screen.sessions.find(({ session }) => session === id);
  if (before === undefined || (before.brake === on && before.enrolled === enrolled)) return screen;
  const session = { ...before, brake: on, enrolled };
  const sessions = screen.sessions.map((one) => (one === before ? session : one));
  const entries = screen.entries.map((entry) => (entry.session === before ? { ...entry, session } : entry));
  const next = { ...screen, sessions, entries };
  if (!on || before.brake) return next;
  return say(next, HASTE, 'bad', now);
}

/** An answer that ended nothing leaves its card waiting: then the first that waits is shown again. */
export function withSelection(screen: Screen, now: number): Screen {
  return screen.selected === undefined ? withVisible(screen, now) : screen;
}

function entryFor(key: string, session: SessionView, hold: HoldView): Entry {
  const { server, tool, risk, caller, client, argumentsText, offers, edited } = hold;
  // With such a call tools are accepted, or it is what a person made of it: that is asked by itself.
  if (offers !== null || edited !== undefined) return { key, session, hold, alike: `alone:${key}` };
  const who = caller ?? `${client} (claimed)`;
  const alike = `group:${JSON.stringify([server, session.folder, tool, risk, who, argumentNames(argumentsText).toSorted()])}`;
  return { key, session, hold, alike };
}

function heldOrChanged(screen: Screen, sessionId: string, hold: HoldView, now: number): Screen {
  const session = screen.sessions.find((one) => one.session === sessionId);
  if (session === undefined) return screen;
  const key = entryKey(sessionId, hold.id);
  const before = entryOf(screen, key);
  const entry = entryFor(key, session, hold);
  if (before === undefined) {
    const next = { ...screen, entries: withEntry(screen, entry) };
    if (hold.edited !== undefined && entryKey(sessionId, hold.edited.hold) === screen.edited)
      return select({ ...next, filter: '', edited: undefined }, key, now);
    return screen.selected === undefined ? withVisible(next, now) : joined(next, entry, now);
  }
  const entries = screen.entries.map((one) => (one.key === key ? entry : one));
  // A repeated call with the same content was read already; another content was not.
  const same = before.hold.callDigest === hold.callDigest;
  if (same) return { ...screen, entries };
  const { dwelt, looked } = forgotten(screen, key);
  const next = joined({ ...screen, entries, dwelt, looked }, entry, now);
  if (key !== screen.selected) return next;
  // What is being typed was meant for what stood there before.
  const answering = ANSWERING.includes(screen.mode);
  const said = `${hold.id} (${hold.tool}) was repeated with another content.`;
  const mode = answering ? ('ignoring' as const) : screen.mode;
  const anew = { ...next, selectedSince: now, scroll: 0, mode, typed: answering ? '' : screen.typed };
  return say(anew, answering ? `${said} What you type is ignored until Enter or Esc.` : said, 'plain', now);
}

/** A group that forms around the selected call is listed one by one, and one that is on the screen is looked at anew. */
function joined(before: Screen, { alike }: Entry, now: number): Screen {
  const screen = before.dwelt.has(alike) ? { ...before, dwelt: without(before.dwelt, alike) } : before;
  if (screen.selected === alike) return { ...screen, selectedSince: now };
  const selected = screen.selected === undefined ? undefined : entryOf(screen, screen.selected);
  if (selected?.alike !== alike || screen.unfolded.has(alike)) return screen;
  return { ...screen, unfolded: new Set(screen.unfolded).add(alike) };
}

/** Modes in which something is typed about the selected call. */
const ANSWERING: readonly Mode[] = ['typing', 'reason', 'passphrase'];
const MOST_HISTORY = 500;

interface Ended {
  how: string;
  by: string | null;
  at?: number;
}

function end(screen: Screen, key: string, { how, by, at = 0 }: Ended, now: number): Screen {
  const gone = entryOf(screen, key);
  if (gone === undefined) return screen;
  const { rows } = listRows(screen);
  const place = rows.findIndex((row) => row.key === screen.selected);
  const history = [{ at, entry: gone, how, by }, ...screen.history].slice(0, MOST_HISTORY);
  const entries = screen.entries.filter((entry) => entry.key !== key);
  const outgoing = screen.outgoing.filter(({ intent }) => intent.entry.key !== key);
  const next = { ...screen, entries, history, outgoing, ...forgotten(screen, key) };
  const told = `${gone.hold.id} (${gone.hold.tool}) no longer waits: ${how}${by === null ? '' : ` by ${by}`}.`;
  const left = listRows(next).rows;
  const there = key !== screen.selected && left.some((row) => row.key === screen.selected);
  if (there || screen.selected === undefined) {
    const lost = outgoing.length < screen.outgoing.length;
    return lost ? say(next, `${told} Your answer was not sent.`, 'bad', now) : next;
  }
  const answering = ANSWERING.includes(screen.mode) && asked(next).length === 0;
  const mode = answering ? 'ignoring' : screen.mode;
  const moved = select(
    { ...next, mode, typed: answering ? '' : next.typed },
    (left[place] ?? left.at(-1))?.key,
    now,
  );
  // Half a passphrase must not become commands for the call that comes in its place.
  const typing = answering ? ' What you type is ignored until Enter or Esc.' : '';
  return say(moved, `${told}${typing}`, 'plain', now);
}

function forgotten(
  { marks, dwelt, looked }: Screen,
  key: string,
): Pick<Screen, 'marks' | 'dwelt' | 'looked'> {
  const marked = marks.has(key) ? new Set([...marks].filter((one) => one !== key)) : marks;
  return { marks: marked, dwelt: without(dwelt, key), looked: without(looked, key) };
}

function without<Value>(values: ReadonlyMap<string, Value>, key: string): ReadonlyMap<string, Value> {
  return values.has(key) ? new Map([...values].filter(([one]) => one !== key)) : values;
}

const ENDED = 'its server ended; it will not be executed';
const NOT_ATTACHED = 'this terminal is not attached to its proxy any more';

function detached(
  screen: Screen,
  { session, why, at }: Extract<News, { type: 'detached' }>,
  now: number,
): Screen {
  const gone = screen.sessions.find((one) => one.session === session);
  let next: Screen = { ...screen, sessions: screen.sessions.filter((one) => one.session !== session) };
  for (const entry of screen.entries) {
    const how = why === undefined ? ENDED : NOT_ATTACHED;
    if (entry.session.session === session)
      next = end(next, entry.key, { how, by: null, ...(at === undefined ? {} : { at }) }, now);
  }
  return why === undefined || gone === undefined
    ? next
    : say(next, `Lost ${gone.server}: ${why}.`, 'bad', now);
}

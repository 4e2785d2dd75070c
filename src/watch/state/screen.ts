import type { Row } from '../../approvals/answering/wrap.ts';
import type { HoldView, SessionView } from '../../approvals/channel/messages.ts';
import type { Signer } from '../../approvals/signing/approver-key.ts';
import type { Draft } from './drafts.ts';
import { NO_KEY, type Signing } from './key-ring.ts';
import type { Looked } from './looked.ts';
import type { Chosen, Permit } from './permits.ts';
import { NOTHING_READ, type RecordPage } from './record.ts';

/** A hold on the screen. `key` names it across sessions. */
export interface Entry {
  key: string;
  session: SessionView;
  hold: HoldView;
  /** The same for calls that are alike: one tool of one server, one class, one caller, arguments of the same names. */
  alike: string;
}

export interface Intent {
  entry: Entry;
  verdict: 'approve' | 'reject';
  confirmation?: string;
  reason?: string;
  dwellMs: number;
  /** What is to be remembered besides. */
  remember?: Chosen | undefined;
  /** The rule that is to be written into the policy once the call is approved, as its text. */
  always?: string | undefined;
  /** What is masked was shown. */
  revealed: boolean;
  /** The rows by which it was judged, and which of them were on the screen. */
  looked: Looked | undefined;
}

export type Mode =
  | 'list'
  | 'detail'
  | 'help'
  | 'history'
  /** What was recorded, of all sessions. */
  | 'record'
  /** The tools that an approval of the selected call accepts. */
  | 'tools'
  | 'typing'
  | 'reason'
  | 'search'
  /** Whether everything is to be stopped, and why. */
  | 'stop'
  | 'unlock'
  /** The passphrase, for one approval. */
  | 'passphrase'
  /** What a rule would change in the policy. */
  | 'rule'
  /** The passphrase, to put it into force. */
  | 'sign'
  /** What is typed was meant for a question that is gone: none of it may become a command or a reason. */
  | 'ignoring';

export interface Message {
  text: string;
  tone: 'good' | 'bad' | 'plain';
  until: number;
}

/** A call that waits no more. */
export interface Past {
  /** Wall clock, ms. */
  at: number;
  entry: Entry;
  how: string;
  by: string | null;
}

/** An answer that is sent at that time, unless it is taken back. */
export interface Outgoing {
  intent: Intent;
  at: number;
  /** Unlocked for this answer. */
  signer?: Signer | undefined;
}

/** All that the terminal shows, as plain data. Times are ms of one monotonic clock. */
export interface Screen {
  sessions: SessionView[];
  /** That every call is refused, and who said so; undefined: nothing is stopped. */
  stopped: string | undefined;
  /** What is to be known of the team's relay, as a sentence; undefined: nothing. */
  team: string | undefined;
  /** Oldest call first: a new one goes last, so nothing moves under the person's eyes. */
  entries: Entry[];
  /** The key of an entry, or of a group of entries that are alike. */
  selected: string | undefined;
  /** Since when the selected card has been on the screen. */
  selectedSince: number;
  mode: Mode;
  scroll: number;
  typed: string;
  filter: string;
  message: Message | undefined;
  lastKey: number;
  /** The terminal is the shell's for a while: nothing is drawn. */
  away: boolean;
  /** Between the marks of a bracketed paste. */
  pasting: boolean;
  signing: Signing;
  /** The entry whose masked secrets are shown. */
  revealed: string | undefined;
  /** The entry that is shown in its plain form. */
  plain: string | undefined;
  /** By key: which rows of it have been on the screen. */
  looked: ReadonlyMap<string, Looked>;
  /** By key: how long a card has been on the screen before it was selected last, in ms. */
  dwelt: ReadonlyMap<string, number>;
  /** The entry whose person was told that not all of it was on the screen. */
  unseenTold: string | undefined;
  /** Approvals that count at that time, unless another key comes first. */
  approving: { intents: readonly Intent[]; at: number } | undefined;
  /** Answers that can still be taken back, oldest first. */
  outgoing: readonly Outgoing[];
  marks: ReadonlySet<string>;
  /** Groups whose calls are listed one by one. */
  unfolded: ReadonlySet<string>;
  /** The calls that a rejection is being typed for. */
  about: readonly string[];
  /** What was typed of an approval for which the passphrase is asked too. */
  confirmed: string | undefined;
  /** What an approval of the selected call permits besides it. */
  permit: Permit | undefined;
  /** By a rule's text: what it would have done to the questions of the record, in words. */
  trials: ReadonlyMap<string, string>;
  /** Why no rule can be written from here, as the end of a sentence; undefined: one may be. */
  barred: string | undefined;
  /** Rules that are shown once the person is back at the calls, the first now. */
  drafts: readonly Draft[];
  record: RecordPage;
  /** The key of the call that was changed here last: what it becomes is shown in its place. */
  edited: string | undefined;
  /** Newest first. */
  history: readonly Past[];
}

export const FIRST_SCREEN: Screen = {
  sessions: [],
  stopped: undefined,
  team: undefined,
  entries: [],
  selected: undefined,
  selectedSince: 0,
  mode: 'list',
  scroll: 0,
  typed: '',
  filter: '',
  message: undefined,
  lastKey: Number.NEGATIVE_INFINITY,
  away: false,
  pasting: false,
  signing: NO_KEY,
  revealed: undefined,
  plain: undefined,
  looked: new Map(),
  dwelt: new Map(),
  unseenTold: undefined,
  approving: undefined,
  outgoing: [],
  marks: new Set(),
  unfolded: new Set(),
  about: [],
  confirmed: undefined,
  permit: undefined,
  trials: new Map(),
  barred: 'this terminal writes no rules.',
  drafts: [],
  record: NOTHING_READ,
  edited: undefined,
  history: [],
};

const MESSAGE_MS = 6_000;
/** A card must have been on the screen this long before it can be approved. */
export const VISIBLE_MS = 700;

export function entryKey(session: string, hold: string): string {
  return `${session}/${hold}`;
}

export function selectedEntry(screen: Screen): Entry | undefined {
  return screen.selected === undefined ? undefined : entryOf(screen, screen.selected);
}

const byKey = new WeakMap<readonly Entry[], Map<string, Entry>>();

function indexOf(entries: readonly Entry[]): Map<string, Entry> {
  let found = byKey.get(entries);
  if (found === undefined) {
    found = new Map(entries.map((entry) => [entry.key, entry]));
    byKey.set(entries, found);
  }
  return found;
}

export function entryOf({ entries }: Screen, key: string): Entry | undefined {
  return indexOf(entries).get(key);
}

/** The entries with a new one in its place. Their index goes on to the new list: of ten thousand calls it is made once. */
export function withEntry({ entries }: Screen, entry: Entry): Entry[] {
  const index = indexOf(entries).set(entry.key, entry);
  const after = entries.findLastIndex((one) => one.hold.openedAt <= entry.hold.openedAt);
  const next = entries.toSpliced(after + 1, 0, entry);
  byKey.delete(entries);
  byKey.set(next, index);
  return next;
}

export function waiting(screen: Screen): number {
  return screen.entries.length;
}

export function say(screen: Screen, text: string, tone: Message['tone'], now: number): Screen {
  return { ...screen, message: { text, tone, until: now + MESSAGE_MS } };
}

/** Selects a card. One that was never on the screen for long must be looked at before it can be approved. */
export function select(screen: Screen, key: string | undefined, now: number): Screen {
  if (key === screen.selected) return screen;
  const { selected: before } = screen;
  const dwelt =
    before === undefined ? screen.dwelt : new Map(screen.dwelt).set(before, dwellOf(screen, before, now));
  const anew = { scroll: 0, typed: '', revealed: undefined, plain: undefined, unseenTold: undefined };
  return { ...screen, dwelt, selected: key, selectedSince: now, ...anew };
}

/** How long a card has been on the screen, in all, in ms. */
export function dwellOf({ dwelt, selected, selectedSince }: Screen, key: string, now: number): number {
  return (dwelt.get(key) ?? 0) + (key === selected ? now - selectedSince : 0);
}

/** The rows of a text, as they are digested. */
export function rowText({ indent, segments }: Row): string {
  return ' '.repeat(indent) + segments.map((one) => one.text).join('');
}

/** Clocks that have less to run are told to the second. */
export const URGENT_MS = 120_000;

/** Whether a clock on the screen goes by seconds. `wall`: the wall clock, ms. */
export function isUrgent({ entries, outgoing }: Screen, wall: number): boolean {
  if (outgoing.length > 0) return true;
  return entries.some(({ hold: { answerBy, expiresAt, openedAt } }) => {
    const next = Date.parse(answerBy ?? expiresAt) - wall;
    return next < URGENT_MS || wall - Date.parse(openedAt) < URGENT_MS;
  });
}

import { readingMs } from '../../approvals/holding/brake.ts';
import { approversAt } from '../../policy/decide/approvers-at.ts';
import { demandsOf, mayJoin } from './demands.ts';
import { approving, intentOf, type Pressed } from './intent.ts';
import { MOST_TOGETHER, selectedGroup } from './list-rows.ts';
import { rowsSeen } from './looked.ts';
import { dwellOf, type Entry, entryOf, type Screen, say, selectedEntry, VISIBLE_MS } from './screen.ts';

/** What of the selected card is on the screen: rows that fit, and how far they can be scrolled. */
export interface View {
  page: number;
  limit: number;
  /** Secrets that are hidden in it. */
  masked: number;
  /** It must not be approved before they were shown. */
  mustReveal: boolean;
  /** Rows of it, and how many of them have not been on the screen. */
  rows: number;
  unseen: number;
}

/** The keyboard must have been quiet this long before a card can be approved. */
const QUIET_MS = 500;
/** Of a card that was looked at before. */
const AGAIN_MS = 200;

/** Milliseconds until the selected card may be approved; 0 when it is armed. */
export function armedIn(screen: Screen, now: number): number {
  const { selected, selectedSince, lastKey, dwelt } = screen;
  const before = (dwelt.get(selected ?? '') ?? 0) >= VISIBLE_MS;
  const visible = before ? AGAIN_MS : VISIBLE_MS;
  return Math.max(0, selectedSince + visible - now, lastKey + QUIET_MS - now);
}

/** The calls that an answer is for: those that are marked, those of the selected group, or the selected one. */
export function addressed(screen: Screen): readonly Entry[] {
  if (screen.marks.size > 0) return screen.entries.filter(({ key }) => screen.marks.has(key));
  const group = selectedGroup(screen);
  if (group.length > 0) return group;
  const entry = selectedEntry(screen);
  return entry === undefined ? [] : [entry];
}

export function approve(screen: Screen, now: number, view: View): Pressed {
  const entries = addressed(screen);
  const no = (text: string, tone: 'bad' | 'plain' = 'bad'): Pressed => ({
    screen: say(screen, text, tone, now),
  });
  const [entry] = entries;
  if (entry === undefined) return no('Nothing is selected.', 'plain');
  if (armedIn(screen, now) > 0) return no('Not yet: look first, then a again.', 'plain');
  if (entries.length > 1 || screen.marks.size > 0 || screen.selected !== entry.key)
    return together(screen, entries, now, view);
  return one(screen, entry, now, view);
}

const FIRST = 'This is the call: look at it for a moment, then press a.';

/** Where the list is a page of its own, what was never on the screen is opened, not approved. */
function one(screen: Screen, entry: Entry, now: number, view: View): Pressed {
  const no = (text: string): Pressed => ({ screen: say(screen, text, 'bad', now) });
  const { text, passphrase, never } = demandsOf(entry);
  if (screen.outgoing.some(({ intent }) => intent.entry.key === entry.key))
    return no('Your answer is on its way: z takes it back.');
  if (never !== undefined) return no(never);
  if (view.mustReveal) return no('Part of it is masked and must be seen first: press r.');
  if (view.page === 0 && view.unseen > 0)
    return {
      screen: say({ ...screen, mode: 'detail', scroll: 0, selectedSince: now }, FIRST, 'plain', now),
    };
  const unseen = unseenOf(screen, entry, view, now);
  if (unseen !== undefined) return { screen: unseen };
  const obstacle = signingObstacle(screen, entry);
  if (obstacle !== undefined) return no(obstacle);
  const ask = (mode: Screen['mode']): Pressed => ({
    screen: { ...screen, mode, typed: '', message: undefined, confirmed: undefined },
  });
  if (passphrase) return ask(text ? 'typing' : 'passphrase');
  if (entry.hold.obligations.sign && screen.signing.state === 'locked') return ask('unlock');
  if (text) return ask('typing');
  return approving(screen, [intentOf(screen, entry, 'approve', now)], now);
}

/** One key for several: each was on the screen in full, each is a small thing, and none that came since is among them. */
function together(screen: Screen, entries: readonly Entry[], now: number, view: View): Pressed {
  const no = (text: string): Pressed => ({ screen: say(screen, text, 'bad', now) });
  if (entries.length > MOST_TOGETHER)
    return no(
      `Nobody looks at ${entries.length} calls for one answer: mark ${MOST_TOGETHER} at most, or reject them.`,
    );
  const alone = entries.find((entry) => !mayJoin(entry));
  if (alone !== undefined) {
    const { id, risk, unsure } = alone.hold;
    const why = `${risk ?? 'unknown'}${unsure ? '?' : ''}`;
    return no(
      `Only plain reads and writes are approved together; ${id} (${why}) must be looked at by itself.`,
    );
  }
  if (screen.marks.size > 0) {
    const unread = entries.find(({ key }) => !wasRead(screen, key, now));
    if (unread !== undefined) return no(`${unread.hold.id} was not on the screen in full: look at it first.`);
  } else {
    if (view.mustReveal || view.masked > 0)
      return no('Something in them is masked: look at them one by one (→ lists them).');
    if (hasty(screen, entries, now)) return no('Not yet: look longer, then a again.');
    if (view.unseen > 0)
      return no(
        `${view.unseen} of ${view.rows} lines were not on the screen: space shows them, then a approves.`,
      );
  }
  const obstacle = entries.map((entry) => signingObstacle(screen, entry)).find((why) => why !== undefined);
  if (obstacle !== undefined) return no(obstacle);
  if (entries.some(({ hold }) => hold.obligations.sign) && screen.signing.state === 'locked')
    return { screen: { ...screen, mode: 'unlock', typed: '', message: undefined } };
  return approving(
    screen,
    entries.map((entry) => intentOf(screen, entry, 'approve', now)),
    now,
  );
}

function wasRead(screen: Screen, key: string, now: number): boolean {
  const card = screen.looked.get(key);
  const long = dwellOf(screen, key, now) >= VISIBLE_MS;
  return card !== undefined && long && rowsSeen(card) === card.rows.length;
}

/** Of a group, how long its longest call must be looked at at the least: the proxy takes less for haste. */
function hasty(screen: Screen, entries: readonly Entry[], now: number): boolean {
  const dwelt = dwellOf(screen, screen.selected ?? '', now);
  return entries.some(({ hold }) => dwelt < readingMs(hold));
}

/** What was not on the screen is not approved by one key; what does more than read and write, by none. */
function unseenOf(screen: Screen, entry: Entry, { rows, unseen }: View, now: number): Screen | undefined {
  if (unseen === 0) return undefined;
  const { key } = entry;
  const much = `${unseen} of its ${rows} lines ${unseen === 1 ? 'was' : 'were'} not on the screen`;
  if (demandsOf(entry).seen === 'all')
    return say(screen, `${much}: space shows them, then a approves.`, 'bad', now);
  if (screen.unseenTold === key) return undefined;
  return {
    ...say(screen, `${much}: space shows them; a once more approves it unseen.`, 'bad', now),
    unseenTold: key,
  };
}

/** Why this terminal's key cannot give the approval that the call needs; the proxy would say the same. */
function signingObstacle({ signing }: Screen, { hold, session }: Entry): string | undefined {
  const { sign, approvals } = hold.obligations;
  // Another machine's clock is another one: it says itself who may not yet.
  const waited =
    session.machine === undefined ? Date.now() - Date.parse(hold.openedAt) : Number.POSITIVE_INFINITY;
  const approvers = approversAt(hold.obligations, waited);
  if (!sign) return undefined;
  if (signing.state === 'none')
    return 'This call needs a signed approval, and there is no key here: holdpoint approver init.';
  if (approvers !== null && !approvers.includes(signing.name))
    return `Only ${approvers.join(', ') || 'nobody'} may approve this call, and this is the key of ${signing.name}.`;
  if (approvals > 1 && hold.approvedBy.includes(signing.name))
    return `${signing.name} has approved it already: another approver is needed.`;
  return undefined;
}

/** Rejecting asks for a reason, for one call or for several: those that are there now, whatever comes meanwhile. */
export function rejecting(screen: Screen, now: number): Pressed {
  const entries = addressed(screen);
  if (entries.length === 0) return { screen: say(screen, 'There is nothing here to reject.', 'plain', now) };
  const about = entries.map(({ key }) => key);
  // Who rejects a call means it at once, not after an approval that is still on its way.
  const outgoing = screen.outgoing.filter(({ intent }) => !about.includes(intent.entry.key));
  const asked: Screen = { ...screen, mode: 'reason', typed: '', message: undefined, about, outgoing };
  if (outgoing.length === screen.outgoing.length) return { screen: asked };
  return { screen: say(asked, 'Your answer that was on its way is taken back.', 'plain', now) };
}

/** The calls that the question at the bottom is about, as far as they still wait. */
export function asked(screen: Screen): readonly Entry[] {
  return screen.about.map((key) => entryOf(screen, key)).filter((entry) => entry !== undefined);
}

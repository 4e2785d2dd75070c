import { listRows } from './list-rows.ts';
import { alwaysRule, chosen } from './permits.ts';
import type { Wanted } from './record.ts';
import { dwellOf, type Entry, entryOf, type Intent, type Screen, say, select } from './screen.ts';

/** A key as the terminal gave it: `text` may hold several characters when they came in one read. */
export interface Key {
  text: string;
  up?: boolean;
  down?: boolean;
  left?: boolean;
  right?: boolean;
  pageUp?: boolean;
  pageDown?: boolean;
  home?: boolean;
  end?: boolean;
  return?: boolean;
  escape?: boolean;
  backspace?: boolean;
  tab?: boolean;
  ctrl?: boolean;
}

export interface Pressed {
  screen: Screen;
  /** What the person wants done; with `others` where one answer is for several calls. */
  intent?: Intent;
  others?: readonly Intent[];
  /** Typed to unlock the key: for the intent alone when there is one, else for all that follows. */
  passphrase?: string;
  /** What of the record is to be fetched. */
  wanted?: Wanted;
  /** Typed to sign the rule that is shown. */
  signs?: string;
  /** Everything is to be stopped, for this reason (which may be empty). */
  stop?: string;
  /** Its arguments go to an editor. */
  edit?: Entry;
  quit?: boolean;
  /** The terminal is given back to the shell for a while. */
  suspend?: boolean;
}

/** What the person wants done with a call, judged by the card on the screen, or by its own if that was looked at before. */
export function intentOf(screen: Screen, entry: Entry, verdict: Intent['verdict'], now: number): Intent {
  const { selected, revealed, looked } = screen;
  const key = selected === entry.alike ? entry.alike : entry.key;
  const dwellMs = dwellOf(screen, key, now);
  const permits = verdict === 'approve' && key === entry.key;
  const remember = permits ? chosen(screen) : undefined;
  const always = permits ? alwaysRule(screen) : undefined;
  const seen = { dwellMs, revealed: revealed === entry.key, looked: looked.get(key) };
  return { entry, verdict, ...seen, remember, ...(always !== undefined && { always }) };
}

/** Answers are given: the next call that waits comes onto the screen. */
export function decide(screen: Screen, intents: readonly Intent[], now: number): Pressed {
  const answered = new Set(intents.map(({ entry }) => entry.key));
  const { rows } = listRows(screen);
  const at = rows.findIndex(({ key }) => key === screen.selected);
  const open = (row: (typeof rows)[number]): boolean =>
    row.kind === 'call' ? !answered.has(row.key) : row.members.some(({ key }) => !answered.has(key));
  const others = rows.filter(({ key }) => key !== screen.selected);
  const next = others.slice(Math.max(0, at)).find(open) ?? others.findLast(open);
  const mode = screen.mode === 'detail' ? ('detail' as const) : ('list' as const);
  const marks = new Set([...screen.marks].filter((key) => !answered.has(key)));
  const moved = select({ ...screen, mode, typed: '', marks, about: [], permit: undefined }, next?.key, now);
  const [intent, ...rest] = intents;
  if (intent === undefined) return { screen: moved };
  return { screen: moved, intent, ...(rest.length > 0 && { others: rest }) };
}

/** A letter that follows sooner than this was typed with the one before it. */
const TYPING_MS = 300;

/** The key that approves was pressed: it counts unless another follows at once, as in a sentence for another window. */
export function approving(screen: Screen, intents: readonly Intent[], now: number): Pressed {
  const what = intents.length === 1 ? '' : ` ${intents.length} calls`;
  const shown = say(screen, `Approving${what}…`, 'plain', now);
  return { screen: { ...shown, approving: { intents, at: now + TYPING_MS } } };
}

/** No other key came: the approval is given, if its card is still on the screen, with the same content. */
export function settled(screen: Screen, now: number): Pressed {
  const { approving: waits } = screen;
  if (waits === undefined) return { screen };
  const quiet: Screen = { ...screen, approving: undefined, message: undefined };
  const { intents } = waits;
  const there = intents.filter(({ entry }) => entryOf(screen, entry.key) !== undefined);
  const [first] = intents;
  const onCard =
    intents.length > 1 ||
    [first?.entry.key, first?.entry.alike].includes(screen.selected) ||
    screen.marks.has(first?.entry.key ?? '');
  // That it is over was said already.
  if (there.length === 0 || !onCard) return { screen: { ...screen, approving: undefined } };
  const same = there.filter(({ entry }) => entryOf(screen, entry.key)?.hold.digest === entry.hold.digest);
  if (same.length < there.length)
    return { screen: say(quiet, 'The call was repeated meanwhile; nothing was approved.', 'bad', now) };
  return decide(quiet, same, now);
}

/** Another key came too soon: whatever it was, nothing is approved. */
export function interrupted(screen: Screen, now: number): Screen {
  const quiet = { ...screen, approving: undefined };
  return say(quiet, 'That looked like typing; nothing was approved.', 'bad', now);
}

import { type Entry, type Intent, listed, type Screen, say, select } from './screen.ts';

/** A key as the terminal gave it: `text` may hold several characters when they came in one read. */
export interface Key {
  text: string;
  up?: boolean;
  down?: boolean;
  pageUp?: boolean;
  pageDown?: boolean;
  return?: boolean;
  escape?: boolean;
  backspace?: boolean;
  tab?: boolean;
  ctrl?: boolean;
}

export interface Pressed {
  screen: Screen;
  intent?: Intent;
  /** Typed to unlock the key: for the intent alone when there is one, else for all that follows. */
  passphrase?: string;
  quit?: boolean;
}

/** What the person wants done with the call on the screen. */
export function intentOf(screen: Screen, entry: Entry, verdict: Intent['verdict'], now: number): Intent {
  const { selectedSince, revealed, looked } = screen;
  return { entry, verdict, dwellMs: now - selectedSince, revealed: revealed === entry.key, looked };
}

/** An answer is given: the next call that waits comes onto the screen. */
export function decide(screen: Screen, entry: Entry, intent: Intent, now: number): Pressed {
  const shown = listed(screen);
  const at = shown.findIndex((one) => one.key === entry.key);
  const next = shown[at + 1] ?? shown[at - 1];
  const on = {
    ...screen,
    mode: screen.mode === 'detail' ? ('detail' as const) : ('list' as const),
    typed: '',
  };
  return { screen: select(on, next?.key, now), intent };
}

/** A letter that follows sooner than this was typed with the one before it. */
const TYPING_MS = 300;

/** The key that approves was pressed: it counts unless another follows at once, as in a sentence for another window. */
export function approving(screen: Screen, intent: Intent, now: number): Pressed {
  const shown = say(screen, 'Approving…', 'plain', now);
  return { screen: { ...shown, approving: { intent, at: now + TYPING_MS } } };
}

/** No other key came: the approval is given, if its call is still the one on the screen, with the same content. */
export function settled(screen: Screen, now: number): Pressed {
  const { approving: waits, ...rest } = screen;
  if (waits === undefined) return { screen };
  const quiet: Screen = { ...rest, approving: undefined, message: undefined };
  const { intent } = waits;
  const entry = screen.entries.find(({ key }) => key === intent.entry.key);
  // That it is over was said already.
  if (entry === undefined || entry.key !== screen.selected)
    return { screen: { ...screen, approving: undefined } };
  if (entry.hold.digest !== intent.entry.hold.digest)
    return { screen: say(quiet, 'The call was repeated meanwhile; nothing was approved.', 'bad', now) };
  return decide(quiet, entry, intent, now);
}

/** Another key came too soon: whatever it was, nothing is approved. */
export function interrupted(screen: Screen, now: number): Screen {
  return say(
    { ...screen, approving: undefined },
    'That looked like typing; nothing was approved.',
    'bad',
    now,
  );
}

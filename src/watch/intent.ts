import { type Entry, type Looked, listed, type Screen, select } from './screen.ts';

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

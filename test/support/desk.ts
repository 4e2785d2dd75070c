import type { Before, HoldView } from '../../src/approvals/channel/messages.ts';
import type { Beside } from '../../src/approvals/showing/view.ts';
import { contentOf } from '../../src/watch/page/content.ts';
import { type Frame, frame, layoutFor } from '../../src/watch/page/frame.ts';
import { groupContentOf } from '../../src/watch/page/group-content.ts';
import type { Line } from '../../src/watch/page/line.ts';
import type { View } from '../../src/watch/state/answers.ts';
import { type Key, type Pressed, settled } from '../../src/watch/state/intent.ts';
import { press } from '../../src/watch/state/keys.ts';
import { selectedGroup } from '../../src/watch/state/list-rows.ts';
import { hear, type News } from '../../src/watch/state/news.ts';
import { FIRST_SCREEN, type Screen, selectedEntry } from '../../src/watch/state/screen.ts';
import { holdView, sessionView } from './held.ts';

const SESSION = sessionView({ client: 'claude-code' });
/** A card that is on the screen as a whole. */
export const WHOLE: View = { page: 10, limit: 0, masked: 0, mustReveal: false, rows: 4, unseen: 0 };

/** A plain read or write of one session. */
export const hold = (id: string, more: Partial<HoldView> = {}): HoldView =>
  holdView(id, { client: 'claude-code', risk: 'write', ...more });

export const held = (one: HoldView): News => ({ type: 'hold', session: 's1', hold: one });

export const closed = (id: string, how = 'approved', by: string | null = 'ada'): News => ({
  type: 'closed',
  session: 's1',
  hold: id,
  how,
  by,
});

/** A terminal with these calls waiting since `at`. */
export function screenWith(holds: readonly HoldView[], at = 0): Screen {
  const attached = hear(FIRST_SCREEN, { type: 'attached', session: SESSION }, at);
  return holds.reduce((screen, one) => hear(screen, held(one), at), attached);
}

/** Keys one after the other, `apart` ms; an approval settles when it was the last. */
export function pressing(
  screen: Screen,
  keys: readonly (string | Key)[],
  { from = 10_000, apart = 1_000, view = WHOLE }: { from?: number; apart?: number; view?: View } = {},
): Pressed {
  let pressed: Pressed = { screen };
  let now = from;
  for (const key of keys) {
    pressed = press(pressed.screen, typeof key === 'string' ? { text: key } : key, now, view);
    now += apart;
  }
  return pressed.screen.approving === undefined ? pressed : settled(pressed.screen, now);
}

export const DOWN: Key = { text: '', down: true };
export const UP: Key = { text: '', up: true };
export const RIGHT: Key = { text: '', right: true };
export const LEFT: Key = { text: '', left: true };
export const ENTER: Key = { text: '\r', return: true };
export const ESCAPE: Key = { text: '', escape: true };
export const TAB: Key = { text: '', tab: true };

const textOf = ({ parts }: Line): string => parts.map(({ text }) => text).join('');

/** The screen of a terminal as lines of text, and what a key would be judged by. */
export function drawn(
  screen: Screen,
  {
    columns = 80,
    rows = 24,
    now = Date.parse('2026-11-24T00:00:20.000Z'),
    file,
    earlier = null,
  }: Drawing = {},
): Frame & { texts: string[] } {
  const entry = selectedEntry(screen);
  const group = selectedGroup(screen);
  const size = { columns, rows };
  const width = screen.mode === 'detail' ? columns : layoutFor(size).card;
  const revealed = screen.revealed !== undefined;
  const plain = screen.plain !== undefined;
  const content =
    entry === undefined
      ? group.length === 0
        ? undefined
        : groupContentOf(group, width)
      : contentOf(entry, { columns: width, revealed, plain, file, earlier });
  const made = frame(screen, { size, now, content });
  return { ...made, texts: made.lines.map(textOf) };
}

export interface Drawing {
  columns?: number;
  rows?: number;
  /** Wall clock, ms. */
  now?: number;
  file?: Beside['file'];
  earlier?: Before | null;
}

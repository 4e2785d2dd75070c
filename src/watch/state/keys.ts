import { approving, intentOf, interrupted, type Key, type Pressed } from './intent.ts';
import { type Entry, listed, type Screen, say, select, selectedEntry } from './screen.ts';
import { edit, pasted } from './typing.ts';

/** What of the arguments is on the screen: rows that fit, and how far they can be scrolled. */
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

/** A card must have been on the screen this long, and the keyboard quiet this long, before it can be approved. */
const VISIBLE_MS = 700;
const QUIET_MS = 500;

/** Milliseconds until the selected card may be approved; 0 when it is armed. */
export function armedIn(screen: Screen, now: number): number {
  return Math.max(0, screen.selectedSince + VISIBLE_MS - now, screen.lastKey + QUIET_MS - now);
}

/** The screen after a key, and what the person wants done. */
export function press(screen: Screen, key: Key, now: number, view: View): Pressed {
  if (screen.approving !== undefined && !(key.ctrl && key.text === 'c')) {
    const still = interrupted(screen, now);
    return { screen: { ...(pasted(still, key) ?? still), lastKey: now } };
  }
  const paste = pasted(screen, key);
  if (paste !== undefined) return { screen: { ...paste, lastKey: now } };
  const pressed = dispatch(screen, key, now, view);
  return { ...pressed, screen: { ...pressed.screen, lastKey: now } };
}

function dispatch(screen: Screen, key: Key, now: number, view: View): Pressed {
  if (key.ctrl && key.text === 'c') return { screen, quit: true };
  switch (screen.mode) {
    case 'help':
      return { screen: { ...screen, mode: 'list' } };
    case 'typing':
    case 'reason':
    case 'search':
    case 'unlock':
    case 'passphrase':
      return edit(screen, key, now);
    case 'ignoring':
      return { screen: ignoring(screen, key, now, view) };
    default:
      return browse(screen, key, now, view);
  }
}

/** Nothing that is typed counts until the person ends it, but for `a` where that asks for the passphrase again. */
function ignoring(screen: Screen, key: Key, now: number, view: View): Screen {
  const list = { ...screen, mode: 'list' as const };
  if (key.return === true || key.escape === true || /[\r\n\u001b]/.test(key.text))
    return { ...list, message: undefined };
  const asked = key.text === 'a' ? approve(list, now, view) : undefined;
  const again = asked?.intent === undefined && SECRETS.has(asked?.screen.mode ?? 'list');
  return again && asked !== undefined ? asked.screen : screen;
}

const SECRETS: ReadonlySet<Screen['mode']> = new Set(['passphrase', 'unlock']);

/** A held-down key comes several at a time; moving about decides nothing. */
const MOVES = /^[jknp ]{2,}$/;

function browse(screen: Screen, key: Key, now: number, view: View): Pressed {
  // Several characters in one read were typed ahead or pasted without marks: they were not meant for this card.
  if (MOVES.test(key.text)) {
    return { screen: [...key.text].reduce((seen, text) => browse(seen, { text }, now, view).screen, screen) };
  }
  if (key.text.length > 1) return { screen: say(screen, 'Ignored what came in one burst.', 'plain', now) };
  const detail = screen.mode === 'detail';
  if (key.return) return { screen: { ...screen, mode: detail ? 'list' : 'detail', scroll: 0 } };
  if (key.escape) return { screen: { ...screen, mode: 'list', filter: '', message: undefined } };
  if (key.pageDown || key.text === ' ') return { screen: scrolled(screen, view.page, view) };
  if (key.pageUp) return { screen: scrolled(screen, -view.page, view) };
  if (key.down || key.text === 'j')
    return { screen: detail ? scrolled(screen, 1, view) : move(screen, 1, now) };
  if (key.up || key.text === 'k') {
    return { screen: detail ? scrolled(screen, -1, view) : move(screen, -1, now) };
  }
  switch (key.text) {
    case 'q':
      return { screen, quit: true };
    case '?':
      return { screen: { ...screen, mode: 'help' } };
    case '/':
      return { screen: { ...screen, mode: 'search', typed: screen.filter } };
    case 'n':
      return { screen: move(screen, 1, now) };
    case 'p':
      return { screen: move(screen, -1, now) };
    case 'a':
      return approve(screen, now, view);
    case 'r':
      return { screen: revealing(screen, view, now) };
    case 'u':
      return unlocking(screen, now);
    case 'x':
      return rejecting(screen, now);
    default:
      return { screen: unknownKey(screen, key, now) };
  }
}

/** A keyboard set to other letters, or to wide ones, would seem to be dead. */
function unknownKey(screen: Screen, { text }: Key, now: number): Screen {
  if (!/^[\p{L}\p{N}]$/u.test(text)) return screen;
  const latin = /^[a-z]$/.test(text)
    ? ''
    : ' The keys are small Latin letters: look at the keyboard layout and caps lock.';
  return say(screen, `Not a key here.${latin} ? shows the keys.`, 'plain', now);
}

function scrolled(screen: Screen, by: number, view: View): Screen {
  return { ...screen, scroll: Math.min(view.limit, Math.max(0, screen.scroll + by)) };
}

function move(screen: Screen, by: 1 | -1, now: number): Screen {
  const shown = listed(screen);
  const at = shown.findIndex((entry) => entry.key === screen.selected);
  const next = shown[Math.min(shown.length - 1, Math.max(0, at + by))];
  return next === undefined ? screen : select(screen, next.key, now);
}

function approve(screen: Screen, now: number, view: View): Pressed {
  const entry = selectedEntry(screen);
  if (entry === undefined) return { screen: say(screen, 'Nothing is selected.', 'plain', now) };
  if (armedIn(screen, now) > 0) {
    return { screen: say(screen, 'Not yet: look at it for a moment, then press a again.', 'plain', now) };
  }
  const { confirm, sign } = entry.hold.obligations;
  if (view.mustReveal) {
    return { screen: say(screen, 'Part of it is masked and must be seen first: press r.', 'bad', now) };
  }
  const unseen = unseenOf(screen, entry, view, now);
  if (unseen !== undefined) return { screen: unseen };
  const obstacle = signingObstacle(screen, entry);
  if (obstacle !== undefined) return { screen: say(screen, obstacle, 'bad', now) };
  const ask = (mode: Screen['mode']): Pressed => ({
    screen: { ...screen, mode, typed: '', message: undefined },
  });
  if (confirm === 'passphrase' || confirm === 'both') return ask('passphrase');
  if (sign && screen.signing.state === 'locked') return ask('unlock');
  if (confirm === 'type') return ask('typing');
  return approving(screen, intentOf(screen, entry, 'approve', now), now);
}

/** What was not on the screen is not approved by one key; what does more than read and write, by none. */
function unseenOf(
  screen: Screen,
  { key, hold }: Entry,
  { rows, unseen }: View,
  now: number,
): Screen | undefined {
  if (unseen === 0) return undefined;
  const much = `${unseen} of its ${rows} lines ${unseen === 1 ? 'was' : 'were'} not on the screen`;
  if (hold.obligations.seen === 'all')
    return say(screen, `${much}: space shows them, then a approves.`, 'bad', now);
  if (screen.unseenTold === key) return undefined;
  return {
    ...say(screen, `${much}: space shows them; a once more approves it unseen.`, 'bad', now),
    unseenTold: key,
  };
}

/** Why this terminal's key cannot give the approval that the call needs; the proxy would say the same. */
function signingObstacle({ signing }: Screen, { hold }: Entry): string | undefined {
  const { sign, approvers, approvals } = hold.obligations;
  if (!sign) return undefined;
  if (signing.state === 'none')
    return 'This call needs a signed approval, and there is no key here: holdpoint approver init.';
  if (approvers !== null && !approvers.includes(signing.name))
    return `Only ${approvers.join(', ') || 'nobody'} may approve this call, and this is the key of ${signing.name}.`;
  if (approvals > 1 && hold.approvedBy.includes(signing.name))
    return `${signing.name} has approved it already: another approver is needed.`;
  return undefined;
}

function rejecting(screen: Screen, now: number): Pressed {
  const entry = selectedEntry(screen);
  if (entry === undefined) {
    return { screen: say(screen, 'There is nothing here to reject.', 'plain', now) };
  }
  return { screen: { ...screen, mode: 'reason', typed: '', message: undefined } };
}

/** Shows or hides the secrets of the selected call; whoever looks over a shoulder sees them only then. */
function revealing(screen: Screen, { masked }: View, now: number): Screen {
  if (screen.revealed !== undefined) return { ...screen, revealed: undefined };
  if (masked === 0 || screen.selected === undefined)
    return say(screen, 'Nothing is masked here.', 'plain', now);
  return { ...screen, revealed: screen.selected };
}

function unlocking(screen: Screen, now: number): Pressed {
  const { state, name } = screen.signing;
  if (state === 'none') {
    const said =
      'There is no approver key here: holdpoint approver init. What you type is ignored until Enter or Esc.';
    return { screen: { ...say(screen, said, 'bad', now), mode: 'ignoring' } };
  }
  if (state === 'unlocked') {
    return { screen: say(screen, `Answers are signed with the key of ${name}.`, 'good', now) };
  }
  return { screen: { ...screen, mode: 'unlock', typed: '', message: undefined } };
}

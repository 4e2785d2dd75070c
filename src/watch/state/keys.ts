import { approve, rejecting, type View } from './answers.ts';
import { onDraft } from './drafts.ts';
import { editing } from './editing.ts';
import { interrupted, type Key, type Pressed } from './intent.ts';
import { moveBy, selectedRow, unfold, withVisible } from './list-rows.ts';
import { lasting, permitting } from './permits.ts';
import { NOTHING_READ, turn } from './record.ts';
import { type Screen, say, select } from './screen.ts';
import { edit, pasted } from './typing.ts';

/** A turn of the mouse's wheel, as a terminal reports it (SGR 1006): 64 up, 65 down. */
const MOUSE = /^(?:\u001b?\[<\d+;\d+;\d+[Mm])+$/;
const WHEEL = /<(6[45]);\d+;\d+M/g;
const WHEEL_ROWS = 3;

/** The screen after a key, and what the person wants done. */
export function press(screen: Screen, key: Key, now: number, view: View): Pressed {
  // A wheel is no typing: it neither decides nor keeps anything from being decided.
  if (MOUSE.test(key.text)) return { screen: wheeled(screen, key.text, now, view) };
  if (screen.approving !== undefined && !(key.ctrl && key.text === 'c')) {
    const still = interrupted(screen, now);
    return { screen: { ...(pasted(still, key) ?? still), lastKey: now } };
  }
  const paste = pasted(screen, key);
  if (paste !== undefined) return { screen: { ...paste, lastKey: now } };
  const pressed = dispatch(screen, key, now, view);
  return { ...pressed, screen: { ...pressed.screen, lastKey: now } };
}

function wheeled(screen: Screen, text: string, now: number, view: View): Screen {
  const turns = [...text.matchAll(WHEEL)].reduce((sum, [, way]) => sum + (way === '65' ? 1 : -1), 0);
  if (turns === 0) return screen;
  if (screen.mode === 'record') {
    const one = turns > 0 ? { text: '', down: true } : { text: '', up: true };
    const steps = Array.from({ length: WHEEL_ROWS * Math.abs(turns) }, () => one);
    return steps.reduce((seen: Screen, key) => turn(seen, key, view).screen, screen);
  }
  if (view.page > 0 || PAGES.has(screen.mode)) return scrolled(screen, turns * WHEEL_ROWS, view);
  return screen.mode === 'list' ? moveBy(screen, turns, now) : screen;
}

function dispatch(screen: Screen, key: Key, now: number, view: View): Pressed {
  if (key.ctrl && key.text === 'c') return { screen, quit: true };
  if (key.ctrl && key.text === 'z') return { screen, suspend: true };
  switch (screen.mode) {
    case 'help':
      return { screen: { ...screen, mode: 'list', scroll: 0 } };
    case 'history':
    case 'tools':
      return { screen: inPage(screen, key, view) };
    case 'record':
      return turn(screen, key, view);
    case 'rule':
      return { screen: onDraft(screen, { key, by: pageStep(key, view) }, view, now) };
    case 'sign':
    case 'typing':
    case 'reason':
    case 'search':
    case 'stop':
    case 'unlock':
    case 'passphrase':
      return edit(screen, key, now);
    case 'ignoring':
      return { screen: ignoring(screen, key, now, view) };
    default:
      return browse(screen, key, now, view);
  }
}

const PAGES: ReadonlySet<Screen['mode']> = new Set(['history', 'tools', 'rule']);
/** No page of its own is lower. */
const PAGE_ROWS = 5;

/** A page of its own is scrolled; any other key leaves it. */
function inPage(screen: Screen, key: Key, view: View): Screen {
  const by = pageStep(key, view);
  return by === undefined ? { ...screen, mode: 'list', scroll: 0 } : scrolled(screen, by, view);
}

function pageStep(key: Key, view: View): number | undefined {
  const step = key.text === 'j' || key.down ? 1 : key.text === 'k' || key.up ? -1 : undefined;
  return scrollOf(key, { ...view, page: PAGE_ROWS }) ?? step;
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
  if (key.escape) return { screen: withVisible(back(screen), now) };
  const by = scrollOf(key, view);
  if (by !== undefined) return { screen: scrolled(screen, by, view) };
  const step = key.down || key.text === 'j' ? 1 : key.up || key.text === 'k' ? -1 : undefined;
  if (step !== undefined)
    return { screen: detail ? scrolled(screen, step, view) : moveBy(screen, step, now) };
  if (key.right || key.left) return { screen: unfold(screen, key.right === true, now) };
  return COMMANDS[key.text]?.(screen, now, view) ?? { screen: unknownKey(screen, key, now) };
}

/** Escape leaves the details, then takes marks away, then the filter. */
function back(screen: Screen): Screen {
  if (screen.permit !== undefined) return { ...screen, permit: undefined, message: undefined };
  const quiet: Screen = { ...screen, mode: 'list', message: undefined };
  if (screen.mode === 'detail') return { ...quiet, scroll: 0 };
  if (screen.marks.size > 0) return { ...quiet, marks: new Set() };
  return { ...quiet, filter: '' };
}

const COMMANDS: Readonly<Record<string, (screen: Screen, now: number, view: View) => Pressed>> = {
  q: (screen) => ({ screen, quit: true }),
  '?': (screen) => ({ screen: { ...screen, mode: 'help' } }),
  '/': (screen) => ({ screen: { ...screen, mode: 'search', typed: '' } }),
  n: (screen, now) => ({ screen: moveBy(screen, 1, now) }),
  p: (screen, now) => ({ screen: moveBy(screen, -1, now) }),
  a: approve,
  x: rejecting,
  r: (screen, now, view) => ({ screen: revealing(screen, view, now) }),
  u: (screen, now) => unlocking(screen, now),
  v: (screen) => ({ screen: plainOrNot(screen) }),
  m: (screen, now) => ({ screen: marking(screen, now) }),
  z: (screen, now) => ({ screen: takenBack(screen, now) }),
  g: (screen, now) => ({ screen: permitting(screen, now) }),
  e: editing,
  w: (screen, now) => ({ screen: lasting(screen, now) }),
  l: (screen) => ({ screen: { ...screen, mode: 'record', scroll: 0, record: NOTHING_READ } }),
  h: (screen) => ({ screen: { ...screen, mode: 'history', scroll: 0 } }),
  t: (screen, now) => ({ screen: toTools(screen, now) }),
  '!': (screen, now) => ({ screen: stopping(screen, now) }),
  G: (screen, _, view) => ({ screen: scrolled(screen, view.limit, view) }),
};

/** Rows that a key scrolls by; undefined for a key that does not scroll. */
function scrollOf(key: Key, { page, limit }: View): number | undefined {
  if (key.pageDown || key.text === ' ') return Math.max(1, page);
  if (key.pageUp) return -Math.max(1, page);
  if (key.end) return limit;
  return key.home ? -limit : undefined;
}

const SCRIPTS = ['Cyrillic', 'Greek', 'Hebrew', 'Arabic', 'Hangul', 'Hiragana', 'Katakana', 'Han', 'Thai'];

/** A keyboard set to other letters, or to wide ones, would seem to be dead. */
function unknownKey(screen: Screen, { text }: Key, now: number): Screen {
  if (!/^[\p{L}\p{N}]$/u.test(text)) return screen;
  const script = SCRIPTS.find((name) => new RegExp(`\\p{Script=${name}}`, 'u').test(text));
  const layout =
    script === undefined
      ? ' The keys are small Latin letters: look at caps lock and the keyboard layout.'
      : ` That is a ${script} letter, and the keys are small Latin letters: switch the keyboard layout.`;
  return say(screen, `Not a key here.${/^[a-z]$/.test(text) ? '' : layout} ? shows the keys.`, 'plain', now);
}

function scrolled(screen: Screen, by: number, view: View): Screen {
  return { ...screen, scroll: Math.min(view.limit, Math.max(0, screen.scroll + by)) };
}

function plainOrNot(screen: Screen): Screen {
  return { ...screen, plain: screen.plain === undefined ? screen.selected : undefined, scroll: 0 };
}

/** Marks the selected call, and goes on to the next. */
function marking(screen: Screen, now: number): Screen {
  const row = selectedRow(screen);
  if (row === undefined) return say(screen, 'There is nothing here to mark.', 'plain', now);
  const keys = row.kind === 'group' ? row.members.map(({ key }) => key) : [row.key];
  const marks = new Set(screen.marks);
  const all = keys.every((key) => marks.has(key));
  for (const key of keys) all ? marks.delete(key) : marks.add(key);
  return moveBy({ ...screen, marks }, 1, now);
}

/** The last answer that was not sent yet. */
function takenBack(screen: Screen, now: number): Screen {
  const last = screen.outgoing.at(-1);
  if (last === undefined) return say(screen, 'There is no answer to take back: it was sent.', 'plain', now);
  const { verdict, entry } = last.intent;
  const outgoing = screen.outgoing.slice(0, -1);
  const said = `Taken back: ${entry.hold.id} (${entry.hold.tool}) waits, it was not ${verdict === 'approve' ? 'approved' : 'rejected'}.`;
  return say(select({ ...screen, outgoing }, entry.key, now), said, 'good', now);
}

/** Asked before it is done; where it is done already, what ends it is not a key. */
function stopping(screen: Screen, now: number): Screen {
  if (screen.stopped !== undefined)
    return say(
      screen,
      'Everything is stopped. To go on: holdpoint resume, in a shell of yours.',
      'plain',
      now,
    );
  return { ...screen, mode: 'stop', typed: '', message: undefined };
}

function toTools(screen: Screen, now: number): Screen {
  const row = selectedRow(screen);
  const offers = row?.kind === 'call' ? row.entry.hold.offers : null;
  if (offers === null) return say(screen, 'No tools are accepted with this call.', 'plain', now);
  return { ...screen, mode: 'tools', scroll: 0 };
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

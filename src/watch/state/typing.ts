import { asked } from './answers.ts';
import { demandsOf } from './demands.ts';
import { decide, intentOf, type Key, type Pressed } from './intent.ts';
import { withVisible } from './list-rows.ts';
import { type Intent, type Screen, say, selectedEntry } from './screen.ts';

const LONGEST_INPUT = 1_024;

/** Pasted text never decides anything: with bracketed paste on, it comes between two marks. */
export function pasted(screen: Screen, key: Key): Screen | undefined {
  if (SECRET.includes(screen.mode) && (screen.pasting || /\[20[01]~/.test(key.text))) {
    return pastedSecret(screen, key.text);
  }
  if (key.text.includes('[200~')) return { ...screen, pasting: !key.text.includes('[201~') };
  if (screen.pasting) return { ...screen, pasting: !key.text.includes('[201~') };
  if (key.text.includes('[201~')) return screen;
  return undefined;
}

/** A passphrase may come from a password manager: pasting it decides nothing. */
const SECRET: readonly Screen['mode'][] = ['unlock', 'passphrase', 'sign'];
const NOT_TYPED = /\p{Cc}/gu;

function pastedSecret(screen: Screen, text: string): Screen {
  const pasting = text.includes('[200~')
    ? !text.includes('[201~')
    : !text.includes('[201~') && screen.pasting;
  const typed = screen.typed + text.replace(/\u001b?\[20[01]~/g, '').replace(NOT_TYPED, '');
  return { ...screen, pasting, typed: typed.slice(0, LONGEST_INPUT) };
}

/** A passphrase and the key after it may come in one read. */
function editSecret(screen: Screen, text: string, now: number): Pressed {
  const end = text.search(/[\r\n\t]/);
  const typed = screen.typed + (end === -1 ? text : text.slice(0, end)).replace(NOT_TYPED, '');
  const next = { ...screen, typed: typed.slice(0, LONGEST_INPUT) };
  if (end === -1) return { screen: next };
  return text[end] === '\t' && next.mode === 'passphrase' ? proven(next, now) : entered(next, now);
}

/** A key while something is typed: a name, a reason, a search, a passphrase. */
export function edit(screen: Screen, key: Key, now: number): Pressed {
  if (SECRET.includes(screen.mode) && key.text.length > 1) return editSecret(screen, key.text, now);
  if (key.escape) return { screen: left(screen, now) };
  if (key.return) return entered(screen, now);
  if (key.tab && screen.mode === 'typing') return confirmed(screen, now);
  if (key.tab && screen.mode === 'passphrase') return proven(screen, now);
  if (key.backspace) return { screen: typedOn(screen, [...screen.typed].slice(0, -1).join(''), now) };
  const several = [...key.text].length > 1;
  if (several && screen.mode === 'typing') {
    return { screen: say(screen, 'Type it letter by letter: pasted text does not count.', 'plain', now) };
  }
  if (key.ctrl || key.text === '' || screen.typed.length + key.text.length > LONGEST_INPUT) return { screen };
  return { screen: typedOn(screen, screen.typed + key.text, now) };
}

/** A search is followed letter by letter. */
function typedOn(screen: Screen, typed: string, now: number): Screen {
  if (screen.mode !== 'search') return { ...screen, typed };
  return { ...withVisible({ ...screen, filter: typed }, now), typed };
}

/** Escape gives up what was being typed, and a search with it. */
function left(screen: Screen, now: number): Screen {
  if (screen.mode === 'sign') return { ...screen, mode: 'rule', typed: '' };
  const list = { ...screen, mode: 'list' as const, typed: '', about: [], confirmed: undefined };
  return screen.mode === 'search' ? withVisible({ ...list, filter: '' }, now) : list;
}

/** Enter ends a search and sends a rejection; it never approves. */
function entered(screen: Screen, now: number): Pressed {
  const never = (way: string): Pressed => ({
    screen: say(screen, `Enter never approves: press Tab ${way}.`, 'plain', now),
  });
  switch (screen.mode) {
    case 'unlock': {
      const list = { ...screen, mode: 'list' as const, typed: '' };
      return screen.typed === '' ? { screen: list } : { screen: list, passphrase: screen.typed };
    }
    case 'sign':
      return screen.typed === '' ? { screen } : { screen: { ...screen, typed: '' }, signs: screen.typed };
    case 'passphrase':
      return never('after the passphrase');
    case 'typing':
      return never('once the text stands there');
    case 'stop':
      return { screen: { ...screen, mode: 'list', typed: '' }, stop: screen.typed.trim() };
    case 'search':
      return { screen: { ...screen, mode: 'list', filter: screen.typed, typed: '' } };
    default:
      return rejected(screen, now);
  }
}

function rejected(screen: Screen, now: number): Pressed {
  const entries = asked(screen);
  const list = { ...screen, mode: 'list' as const, about: [] };
  const reason = screen.typed.trim();
  const said = reason === '' ? {} : { reason };
  if (entries.length === 0) return { screen: { ...list, typed: '' } };
  return decide(
    list,
    entries.map((entry): Intent => ({ ...intentOf(screen, entry, 'reject', now), ...said })),
    now,
  );
}

function proven(screen: Screen, now: number): Pressed {
  const entry = selectedEntry(screen);
  const list = { ...screen, mode: 'list' as const, typed: '', confirmed: undefined };
  if (entry === undefined) return { screen: list };
  const passphrase = screen.typed;
  if (passphrase === '') return { screen };
  const { confirmed } = screen;
  const said = confirmed === undefined ? {} : { confirmation: confirmed };
  // The call stays on the screen until it is known whether the passphrase was right.
  return { screen: list, intent: { ...intentOf(screen, entry, 'approve', now), ...said }, passphrase };
}

function confirmed(screen: Screen, now: number): Pressed {
  const entry = selectedEntry(screen);
  if (entry === undefined) return { screen: { ...screen, mode: 'list' } };
  const { passphrase, expected } = demandsOf(entry);
  const { typed } = screen;
  if (typed !== expected) {
    return { screen: say(screen, 'What is typed is not what stands in the question.', 'bad', now) };
  }
  if (passphrase)
    return { screen: { ...screen, mode: 'passphrase', typed: '', confirmed: typed, message: undefined } };
  const intent: Intent = { ...intentOf(screen, entry, 'approve', now), confirmation: typed };
  return decide({ ...screen, mode: 'list' }, [intent], now);
}

import { decide, intentOf, type Key, type Pressed } from './intent.ts';
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
const SECRET: readonly Screen['mode'][] = ['unlock', 'passphrase'];
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
  if (key.escape) return { screen: { ...screen, mode: 'list', typed: '' } };
  if (key.return) return entered(screen, now);
  if (key.tab && screen.mode === 'typing') return confirmed(screen, now);
  if (key.tab && screen.mode === 'passphrase') return proven(screen, now);
  if (key.backspace) return { screen: { ...screen, typed: [...screen.typed].slice(0, -1).join('') } };
  const several = [...key.text].length > 1;
  if (several && screen.mode === 'typing') {
    return { screen: say(screen, 'Type it letter by letter: pasted text does not count.', 'plain', now) };
  }
  if (key.ctrl || key.text === '' || screen.typed.length + key.text.length > LONGEST_INPUT) return { screen };
  const typed = screen.typed + key.text;
  return { screen: screen.mode === 'search' ? { ...screen, typed, filter: typed } : { ...screen, typed } };
}

/** Enter ends a search and sends a rejection; it never approves. */
function entered(screen: Screen, now: number): Pressed {
  if (screen.mode === 'unlock') {
    const list = { ...screen, mode: 'list' as const, typed: '' };
    return screen.typed === '' ? { screen: list } : { screen: list, passphrase: screen.typed };
  }
  if (screen.mode === 'passphrase') {
    return { screen: say(screen, 'Enter never approves: press Tab after the passphrase.', 'plain', now) };
  }
  if (screen.mode === 'search')
    return { screen: { ...screen, mode: 'list', filter: screen.typed, typed: '' } };
  if (screen.mode === 'typing') {
    return {
      screen: say(screen, 'Enter never approves: press Tab once the text stands there.', 'plain', now),
    };
  }
  const entry = selectedEntry(screen);
  if (entry === undefined) return { screen: { ...screen, mode: 'list' } };
  const reason = screen.typed.trim();
  const intent: Intent = {
    ...intentOf(screen, entry, 'reject', now),
    ...(reason === '' ? {} : { reason }),
  };
  return decide({ ...screen, mode: 'list' }, entry, intent, now);
}

function proven(screen: Screen, now: number): Pressed {
  const entry = selectedEntry(screen);
  const list = { ...screen, mode: 'list' as const, typed: '' };
  if (entry === undefined) return { screen: list };
  const passphrase = screen.typed;
  if (passphrase === '') return { screen };
  // The call stays on the screen until it is known whether the passphrase was right.
  return { screen: list, intent: intentOf(screen, entry, 'approve', now), passphrase };
}

function confirmed(screen: Screen, now: number): Pressed {
  const entry = selectedEntry(screen);
  if (entry === undefined) return { screen: { ...screen, mode: 'list' } };
  if (screen.typed !== entry.hold.obligations.expected) {
    return { screen: say(screen, 'What is typed is not the text that is asked for.', 'bad', now) };
  }
  const intent: Intent = { ...intentOf(screen, entry, 'approve', now), confirmation: screen.typed };
  return decide({ ...screen, mode: 'list' }, entry, intent, now);
}

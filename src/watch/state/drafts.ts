import type { Signer } from '../../approvals/signing/approver-key.ts';
import type { View } from './answers.ts';
import type { Key } from './intent.ts';
import { type Screen, say } from './screen.ts';

/** A rule that goes into the policy once the person signs it, or what became of one. Lines are safe to show. */
export interface Draft {
  /** As its text. */
  rule: string;
  title: string;
  /** What would change in the policy, marked `-` and `+`. */
  lines: readonly string[];
  /** It is over, and only told. */
  over?: true;
}

/** Writes rules into the user's policy. */
export interface Rules {
  /** Why none can be written from here, as the end of a sentence; undefined: one may be. Never throws. */
  barred(): string | undefined;
  /** What a rule, as its text, would change. Rejects with a sentence. */
  draft(rule: string): Promise<Draft>;
  /** Writes what was shown of a rule, and puts it into force. Rejects with a sentence. */
  write(rule: string, signer: Signer): Promise<Written>;
}

export interface Written {
  /** As a sentence. */
  done: string;
  /** What sessions say that do not go by it yet. */
  but: readonly string[];
}

/** Nobody is interrupted: a rule is shown once the person is back at the calls. */
export function withDraft(screen: Screen): Screen {
  const free = (screen.mode === 'list' || screen.mode === 'detail') && !screen.pasting;
  if (screen.drafts.length === 0 || !free || screen.approving !== undefined) return screen;
  return { ...screen, mode: 'rule', scroll: 0, typed: '' };
}

/** A key while a rule is shown. `by`: the rows that it scrolls by, if it does. */
export function onDraft(
  screen: Screen,
  { key, by }: { key: Key; by: number | undefined },
  view: View,
  now: number,
): Screen {
  const [draft] = screen.drafts;
  const rest: Screen = { ...screen, mode: 'list', scroll: 0, drafts: screen.drafts.slice(1) };
  if (by !== undefined) return { ...screen, scroll: Math.min(view.limit, Math.max(0, screen.scroll + by)) };
  const enter = key.return === true || key.text === 'y';
  if (draft === undefined || (draft.over === true && (enter || key.escape === true))) return rest;
  if (key.escape === true)
    return say(rest, 'Nothing was written; the call alone was approved.', 'plain', now);
  if (!enter || draft.over === true) return screen;
  // What was not on the screen nobody signs.
  if (screen.scroll < view.limit) return say(screen, 'There is more of it: space shows it.', 'bad', now);
  return { ...screen, mode: 'sign', typed: '', message: undefined };
}

/** What is told of a rule that was not written, or not by all. */
export const told = (title: string, lines: readonly string[]): Draft => ({
  rule: '',
  title,
  lines,
  over: true,
});

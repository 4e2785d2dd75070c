import { shownHold } from '../../approvals/answering/masked-view.ts';
import { LONGEST_EDIT } from '../../approvals/channel/messages.ts';
import { compact, isObject, laidOut } from '../../protocol/edited/layout.ts';
import { addressed } from './answers.ts';
import type { Pressed } from './intent.ts';
import { type Entry, type Screen, say } from './screen.ts';

/** Longer reasons are not taken by a proxy. */
const MOST_REASON = 4_000;

/** `e` was pressed: the arguments go to an editor, unless something speaks against it. */
export function editing(screen: Screen, now: number): Pressed {
  const [entry, ...more] = addressed(screen);
  const no = (text: string): Pressed => ({ screen: say(screen, text, 'plain', now) });
  if (entry === undefined) return no('Nothing is selected.');
  if (more.length > 0 || screen.selected !== entry.key)
    return no('One call is changed at a time: select it.');
  const why = notEditable(entry);
  if (why !== undefined) return no(why);
  if (screen.revealed !== entry.key && shownHold(entry.hold, entry.session, false).masked > 0)
    return no('Part of it is masked: r shows it, then e changes the call.');
  return { screen: { ...screen, message: undefined }, edit: entry };
}

function notEditable({ hold }: Entry): string | undefined {
  const { argumentsText, task, input, offers, state } = hold;
  if (offers !== null) return 'It asks about the tools of its server: accept those first.';
  if (argumentsText.length > LONGEST_EDIT)
    return 'Its arguments are too long to be changed by hand. Reject it with what is to change (x).';
  if (state === 'detached') return undefined;
  if (task !== undefined) return 'It runs as a task, whose answer could not say that it was changed.';
  if (input !== undefined)
    return 'It goes on with a call that ran in part, so its arguments are those of that call.';
  return undefined;
}

/** The arguments as an editor gets them. */
export function textOf({ hold }: Entry): string {
  return laidOut(hold.argumentsText);
}

/** What came of an editor; `fault`: a sentence. */
export type EditorText = { text: string } | { unchanged: true } | { fault: string };

/** What becomes of a text that a person wrote. */
export type Written =
  /** Other arguments, in one line. */
  | { argumentsText: string }
  /** The call's client waits no more: a rejection that proposes them. */
  | { reason: string }
  | { unchanged: true }
  /** A sentence; the text is kept. */
  | { fault: string };

/** Reads what a person wrote in the place of a call's arguments, strictly. Never throws. */
export function written({ hold }: Entry, text: string): Written {
  let now: string;
  try {
    if (!isObject(text)) return { fault: `Arguments are one JSON object, and this is none. ${KEPT}` };
    now = compact(text);
  } catch (error) {
    return { fault: `No clean JSON${lineOf(error, text)}: ${plain(error)}. ${KEPT}` };
  }
  if (now === compact(laidOut(hold.argumentsText))) return { unchanged: true };
  if (now.length > LONGEST_EDIT) return { fault: `More than 256 KiB are not changed by hand. ${KEPT}` };
  if (hold.state === 'live') return { argumentsText: now };
  const reason = `Call it again with these arguments instead: ${now}`;
  if (reason.length <= MOST_REASON) return { reason };
  return { fault: `Too long for a rejection to propose it. ${KEPT}` };
}

const KEPT = 'e goes on with your text.';

/** Without the byte: editors count lines. */
function plain(error: unknown): string {
  return (error as Error).message.replace(/ \(at byte \d+\)$/, '');
}

/** Where in the text a problem is. */
function lineOf(error: unknown, text: string): string {
  const at = (error as { offset?: unknown }).offset;
  if (typeof at !== 'number') return '';
  const before = Buffer.from(text).subarray(0, at).toString();
  return ` in line ${before.split('\n').length}`;
}

import { confirmNow } from '../../approvals/holding/brake.ts';
import { MOST_LINES } from '../../approvals/holding/objections.ts';
import { needsPassphrase, needsText } from '../../policy/decide/ladder.ts';
import type { Entry } from './screen.ts';

/** What an approval of a call takes, as its proxy says, and one step more while the person is in haste. */
export interface Demands {
  /** A text is typed; which one. */
  text: boolean;
  expected: string;
  passphrase: boolean;
  /** Every row must have been on the screen. */
  seen: 'all' | 'told';
  level: 'low' | 'high' | 'critical';
  /** Why it cannot be approved at all, as a sentence. */
  never: string | undefined;
}

export function demandsOf({ hold, session }: Entry): Demands {
  const { expected, seen, level } = hold.obligations;
  const confirm = confirmNow(hold.obligations.confirm, session);
  const [text, passphrase] = [needsText(confirm), needsPassphrase(confirm)];
  return { text, passphrase, expected, seen, level, never: tooLarge(hold) };
}

function tooLarge({ lines, obligations }: Entry['hold']): string | undefined {
  if (lines <= MOST_LINES || obligations.level === 'low' || obligations.large) return undefined;
  return `It has ${lines} lines, more than anybody reads: it can only be rejected (x), for one with the reason "split it".`;
}

/** Several may be approved by one key only where each is a small thing, and its class is no guess. */
export function mayJoin(entry: Entry): boolean {
  const { text, passphrase, level, never } = demandsOf(entry);
  const { risk, unsure, obligations } = entry.hold;
  // What is accepted with it is a page of its own.
  if (entry.hold.offers !== null) return false;
  const mild = (risk === 'read' || risk === 'write') && !unsure;
  return (
    mild && level === 'low' && !text && !passphrase && obligations.approvals === 1 && never === undefined
  );
}

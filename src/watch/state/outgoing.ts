import { demandsOf } from './demands.ts';
import { entryOf, type Intent, type Outgoing, type Screen, say } from './screen.ts';

/** So long an answer can be taken back before it is sent. */
export const BACK_MS = 2_000;
/** A client that will be answered sooner is not kept waiting for second thoughts. */
const LEAST_LEFT_MS = 5_000;

/** Whether an answer to the call waits a moment before it is sent. `wall`: the wall clock, ms. */
export function mayTakeBack({ entry }: Intent, wall: number): boolean {
  const { answerBy, expiresAt } = entry.hold;
  const until = Math.min(
    Date.parse(expiresAt),
    answerBy === null ? Number.POSITIVE_INFINITY : Date.parse(answerBy),
  );
  return demandsOf(entry).level !== 'low' && until - wall >= LEAST_LEFT_MS;
}

/** An answer is given that can be taken back. */
export function held(screen: Screen, answer: Omit<Outgoing, 'at'>, now: number): Screen {
  const { verdict, entry } = answer.intent;
  const said = `${verdict === 'approve' ? 'Approving' : 'Rejecting'} ${entry.hold.id} (${entry.hold.tool}) in 2 s: z takes it back.`;
  return say(
    { ...screen, outgoing: [...screen.outgoing, { ...answer, at: now + BACK_MS }] },
    said,
    'plain',
    now,
  );
}

/** What is sent now. A call that changed meanwhile is not what was judged: that is said, and nothing is sent. */
export function due(screen: Screen, now: number): { screen: Screen; send: readonly Outgoing[] } {
  const ripe = screen.outgoing.filter(({ at }) => at <= now);
  if (ripe.length === 0) return { screen, send: [] };
  const left: Screen = { ...screen, outgoing: screen.outgoing.filter(({ at }) => at > now) };
  const same = ripe.filter(
    ({ intent: { entry } }) => entryOf(screen, entry.key)?.hold.digest === entry.hold.digest,
  );
  const changed = ripe.length > same.length;
  return {
    screen: changed
      ? say(left, 'The call was repeated meanwhile; your answer was not sent.', 'bad', now)
      : left,
    send: same,
  };
}

/** What is said of answers that were never sent. */
export function unsent(outgoing: readonly Outgoing[]): string | undefined {
  if (outgoing.length === 0) return undefined;
  const calls = outgoing.map(({ intent: { entry } }) => `${entry.hold.id} (${entry.hold.tool})`).join(', ');
  return `Not sent, for you left within 2 seconds: your answer to ${calls}. Nothing of it ran; it still waits.`;
}

import { offeringOf, type Remember, SESSION_END } from '../../approvals/holding/grant.ts';
import { type Offer, offersFor, offerText, whyNoOffer } from '../../policy/offers/offers.ts';
import { type Entry, type Screen, say, selectedEntry } from './screen.ts';

/** What an approval of the selected call permits besides it. */
export interface Permit {
  /** The entry that it was chosen for: it is nobody else's. */
  key: string;
  /** Which of the offers. */
  scope: number;
  /** Which of `TIMES`. */
  time: number;
}

/** How long; the first is chosen to begin with. `ms` undefined: as long as its session runs. */
export const TIMES: readonly { words: string; ms: number | undefined }[] = [
  { words: 'this session', ms: undefined },
  { words: '1 hour', ms: 3_600_000 },
  { words: '8 hours', ms: 8 * 3_600_000 },
  { words: '7 days', ms: 7 * 86_400_000 },
];

/** What may be remembered for how long, in milliseconds; `undefined`: to the session's end. */
export interface Chosen {
  scope: Remember['scope'];
  rule?: string;
  ms: number | undefined;
}

export const offersOf = ({ hold }: Entry): Offer[] => offersFor(offeringOf(hold));

/** The permit of the selected call, with the offer that it stands for; undefined: none was chosen. */
export function permitted(
  screen: Screen,
): { permit: Permit; offer: Offer; wider: boolean; text: string } | undefined {
  const { permit } = screen;
  const entry = selectedEntry(screen);
  if (permit === undefined || entry === undefined || permit.key !== entry.key) return undefined;
  const offers = offersOf(entry);
  const offer = offers[permit.scope];
  if (offer === undefined) return undefined;
  return { permit, offer, wider: permit.scope + 1 < offers.length, text: offerText(offer) };
}

/** `g`: the narrowest of what is offered, then the next wider, then none again. */
export function permitting(screen: Screen, now: number): Screen {
  const entry = selectedEntry(screen);
  if (entry === undefined)
    return say(screen, 'Select one call: what is permitted is permitted by its example.', 'plain', now);
  const offers = offersOf(entry);
  if (offers.length === 0) {
    const why = whyNoOffer(offeringOf(entry.hold)) ?? 'Nothing of it can be written as a rule.';
    return say(screen, `No more than this call can be permitted. ${why}`, 'plain', now);
  }
  const { permit } = screen;
  const scope = permit?.key === entry.key ? permit.scope + 1 : 0;
  if (scope >= offers.length)
    return say({ ...screen, permit: undefined }, 'This call alone, as before.', 'plain', now);
  const time = permit?.key === entry.key ? permit.time : 0;
  return { ...screen, permit: { key: entry.key, scope, time }, message: undefined };
}

/** `w`: how long. Without a key nothing outlives its session. */
export function lasting(screen: Screen, now: number): Screen {
  const { permit, signing } = screen;
  if (permitted(screen) === undefined || permit === undefined)
    return say(screen, 'First what: g permits calls like this one; then w says how long.', 'plain', now);
  if (signing.state === 'none')
    return say(
      screen,
      'Without an approver key it ends with the session (holdpoint approver init makes one).',
      'plain',
      now,
    );
  return { ...screen, permit: { ...permit, time: (permit.time + 1) % TIMES.length }, message: undefined };
}

/** What an approval of the selected call asks to be remembered. */
export function chosen(screen: Screen): Chosen | undefined {
  const found = permitted(screen);
  if (found === undefined) return undefined;
  const { offer, permit } = found;
  const { ms } = TIMES[permit.time] ?? { ms: undefined };
  if (offer.scope === 'exact') return { scope: 'call', ms };
  return offer.scope === 'tool' ? { scope: 'tool', ms } : { scope: 'rule', rule: found.text, ms };
}

/** The same as it is sent; `wall` in milliseconds since 1970. */
export function remembering({ ms, ...what }: Chosen, wall: number): Remember {
  return { ...what, until: ms === undefined ? SESSION_END : new Date(wall + ms).toISOString() };
}

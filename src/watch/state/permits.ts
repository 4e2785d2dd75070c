import { shownOffers, whyNoneShown } from '../../approvals/answering/shown-offers.ts';
import { type Remember, SESSION_END } from '../../approvals/holding/grant.ts';
import { type Offer, offerText } from '../../policy/offers/offers.ts';
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

/** How long; the first is chosen to begin with. `ms` undefined: as long as its session runs; or always, by a rule. */
export const TIMES: readonly { words: string; ms: number | undefined }[] = [
  { words: 'this session', ms: undefined },
  { words: '1 hour', ms: 3_600_000 },
  { words: '8 hours', ms: 8 * 3_600_000 },
  { words: '7 days', ms: 7 * 86_400_000 },
  { words: 'always', ms: undefined },
];

/** Of these the last: no grant, but a rule of the policy. */
export const ALWAYS = TIMES.length - 1;

/** What may be remembered for how long, in milliseconds; `undefined`: to the session's end. */
export interface Chosen {
  scope: Remember['scope'];
  rule?: string;
  ms: number | undefined;
}

export const offersOf = ({ hold, session }: Entry): Offer[] => shownOffers(hold, session);

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

/** Why the permit of a call cannot become a rule of the policy, as the end of a sentence; undefined: it can. */
function whyNotAlways(
  { barred }: Screen,
  { hold, session }: Entry,
  offer: Offer | undefined,
): string | undefined {
  if (offer === undefined || offer.scope === 'tool') return 'a whole tool is wide, write that rule yourself.';
  if (hold.rule !== 'default') return `${hold.rule} asks, and no allow rule takes that back.`;
  return session.enrolled ? barred : 'its session knows of no approver.';
}

/** `g`: the narrowest of what is offered, then the next wider, then none again. */
export function permitting(screen: Screen, now: number): Screen {
  const entry = selectedEntry(screen);
  if (entry === undefined)
    return say(screen, 'Select one call: what is permitted is permitted by its example.', 'plain', now);
  const offers = offersOf(entry);
  if (offers.length === 0) {
    const why = whyNoneShown(entry.hold, entry.session) ?? 'Nothing of it can be written as a rule.';
    return say(screen, `No more than this call can be permitted. ${why}`, 'plain', now);
  }
  const { permit } = screen;
  const scope = permit?.key === entry.key ? permit.scope + 1 : 0;
  if (scope >= offers.length)
    return say({ ...screen, permit: undefined }, 'This call alone, as before.', 'plain', now);
  const before = permit?.key === entry.key ? permit.time : 0;
  const always = before === ALWAYS && whyNotAlways(screen, entry, offers[scope]) === undefined;
  const time = before === ALWAYS && !always ? 0 : before;
  return { ...screen, permit: { key: entry.key, scope, time }, message: undefined };
}

/** `w`: how long. Without a key nothing outlives its session. */
export function lasting(screen: Screen, now: number): Screen {
  const { permit, signing } = screen;
  const found = permitted(screen);
  const entry = selectedEntry(screen);
  if (found === undefined || permit === undefined || entry === undefined)
    return say(screen, 'First what: g permits calls like this one; then w says how long.', 'plain', now);
  if (signing.state === 'none')
    return say(
      screen,
      'Without a key it ends with the session: no time, no "always" (approver init).',
      'plain',
      now,
    );
  const time = (permit.time + 1) % TIMES.length;
  const why = time === ALWAYS ? whyNotAlways(screen, entry, found.offer) : undefined;
  if (why === undefined) return { ...screen, permit: { ...permit, time }, message: undefined };
  return say({ ...screen, permit: { ...permit, time: 0 } }, `No "always": ${why}`, 'plain', now);
}

/** What an approval of the selected call asks to be remembered. */
export function chosen(screen: Screen): Chosen | undefined {
  const found = permitted(screen);
  if (found === undefined) return undefined;
  const { offer, permit } = found;
  if (permit.time === ALWAYS) return undefined;
  const { ms } = TIMES[permit.time] ?? { ms: undefined };
  if (offer.scope === 'exact') return { scope: 'call', ms };
  return offer.scope === 'tool' ? { scope: 'tool', ms } : { scope: 'rule', rule: found.text, ms };
}

/** The rule, as its text, that is to be written into the policy once the selected call is approved. */
export function alwaysRule(screen: Screen): string | undefined {
  const found = permitted(screen);
  return found?.permit.time === ALWAYS ? found.text : undefined;
}

/** What a grant is asked for, as it is sent; `wall` in milliseconds since 1970. */
export function remembering({ ms, ...what }: Chosen, wall: number): Remember {
  return { ...what, until: ms === undefined ? SESSION_END : new Date(wall + ms).toISOString() };
}

import { type Offer, offersFor, offerText, whyNoOffer } from '../../policy/offers/offers.ts';
import type { HoldView, SessionView } from '../channel/messages.ts';
import { offeringOf } from '../holding/grant.ts';
import { shownHold } from './masked-view.ts';

const known = new WeakMap<HoldView, Offer[]>();

/**
 * What may be permitted besides a call. A rule is shown, recorded, given to other processes and written into policies,
 * so none is made that names what is masked: those alone are left that the masked call would have too.
 */
export function shownOffers(hold: HoldView, session: Pick<SessionView, 'redact'>): Offer[] {
  const before = known.get(hold);
  if (before !== undefined) return before;
  const { hold: shown, masked } = shownHold(hold, session, false);
  const all = offersFor(offeringOf(hold));
  const open = masked === 0 ? undefined : new Set(offersFor(offeringOf(shown)).map(offerText));
  const offers = open === undefined ? all : all.filter((offer) => open.has(offerText(offer)));
  known.set(hold, offers);
  return offers;
}

/** Why nothing is, as a sentence; undefined: nothing of it can be written. */
export function whyNoneShown(hold: HoldView, session: Pick<SessionView, 'redact'>): string | undefined {
  const offering = offeringOf(hold);
  const why = whyNoOffer(offering);
  if (why !== undefined || offersFor(offering).length === 0) return why;
  return shownOffers(hold, session).length > 0
    ? undefined
    : 'A rule would name what is masked in it, and no rule is made of a secret.';
}

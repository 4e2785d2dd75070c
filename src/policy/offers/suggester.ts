import { type Offer, type Offering, offersFor, offerText } from './offers.ts';

/** A call that was a question, and its answer. */
export interface Answered {
  call: Offering;
  approved: boolean;
}

/** Whether a rule lets a call run, as the policy would decide it. */
export type Covers = (offer: Offer, call: Offering) => Promise<boolean>;

/** So many alike approvals before a rule is offered. */
export const ALIKE = 3;
/** Of each server's past so much is kept. */
const MOST_REJECTED = 2_000;

interface Counted {
  offer: Offer;
  approvals: number;
}

/**
 * Offers a rule after three alike approvals and no rejection that it would cover; each once.
 */
export class Suggester {
  private readonly covers: (offer: Offer, call: Offering) => Promise<boolean>;
  private readonly counts = new Map<string, Counted>();
  private readonly offered = new Set<string>();
  private readonly rejected: Offering[] = [];

  constructor(covers: Covers) {
    this.covers = covers;
  }

  /** The answers in their order; gives what is to be offered now. */
  async take({ call, approved }: Answered): Promise<Offer | undefined> {
    if (!approved) {
      if (this.rejected.length < MOST_REJECTED) this.rejected.push(call);
      return undefined;
    }
    let found: Offer | undefined;
    for (const offer of offersFor(call)) {
      if (offer.scope === 'tool') continue;
      const text = offerText(offer);
      const counted = this.counts.get(text) ?? { offer, approvals: 0 };
      counted.approvals += 1;
      this.counts.set(text, counted);
      if (found !== undefined || counted.approvals < ALIKE || this.offered.has(text)) continue;
      if (await this.coversRejected(offer)) continue;
      this.offered.add(text);
      found = offer;
    }
    return found;
  }

  private async coversRejected(offer: Offer): Promise<boolean> {
    for (const one of this.rejected) if (await this.covers(offer, one)) return true;
    return false;
  }
}

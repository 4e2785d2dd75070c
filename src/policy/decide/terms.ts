import type { RiskClass } from '../../risk/classes/risk-class.ts';
import type { ShownFacts } from './call-facts.ts';
import type { Obligations } from './types.ts';

/** What a person was asked to approve: the items that asked, the tool as it was, and what they asked for. */
export interface Terms extends Pick<ShownFacts, 'definition'> {
  matched: string[];
  obligations: Obligations;
}

/** A tool that is accepted with an approval. */
export interface Offered {
  name: string;
  /** `unknown` where nothing is known of it. */
  risk: RiskClass;
  /** The class is a guess. */
  unsure: boolean;
}

/** What a person is asked, but for the call itself. */
export interface Question extends Terms, ShownFacts {
  rule: string;
  reason: string;
  /** Digest over the tools that are accepted with an approval; null when none are. */
  accepts: string | null;
  /** Those tools, at most 500 of them; null when none are accepted. */
  offers: readonly Offered[] | null;
}

/** Whether an answer to one is an answer to the other: a pass, a detached hold and a repetition hold by this. */
export function sameTerms(a: Terms, b: Terms): boolean {
  return sameGround(a, b) && ordered(a.obligations) === ordered(b.obligations);
}

/** The same but for what was asked for, which may be less now: a grant holds by this. */
export function sameGround(a: Terms, b: Terms): boolean {
  return a.definition === b.definition && JSON.stringify(a.matched) === JSON.stringify(b.matched);
}

/** What is typed is of the call itself, so of equal calls it need not be compared. */
function ordered({ expected: _, ...obligations }: Obligations): string {
  const keys = [...Object.keys(obligations), 'afterMs'];
  return JSON.stringify(obligations, keys.sort());
}

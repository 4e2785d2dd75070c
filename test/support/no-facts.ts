import type { ShownFacts } from '../../src/policy/decide/call-facts.ts';

/** A call of which nothing is known. */
export const NO_FACTS: ShownFacts = { definition: null, risk: null };

import { decide } from '../../src/policy/decide/decide.ts';
import type { Facts, Policy } from '../../src/policy/decide/types.ts';
import type { Offer, Offering } from '../../src/policy/offers/offers.ts';
import type { RiskClass } from '../../src/risk/classes/risk-class.ts';
import { compiled, FACTS } from './policy.ts';

const NOTHING_KNOWN = {
  annotations: new Map(),
  sure: true,
  plainRead: false,
  change: undefined,
  firstUse: undefined,
};

export function factsAt(risk: RiskClass, now: number): Facts {
  return { ...FACTS, tool: { ...NOTHING_KNOWN, risk }, now };
}

const known = new Map<string, Policy>();

/** The policy that a rule makes by itself: what it does not let run is a question. */
async function policyOf(offer: Offer): Promise<Policy> {
  const key = JSON.stringify(offer.item);
  const policy = known.get(key) ?? (await compiled({ allow: [offer.item] }));
  known.set(key, policy);
  return policy;
}

/** Whether a rule lets a call run, decided by the policy that it makes by itself. */
export async function covers(offer: Offer, call: Offering): Promise<boolean> {
  const policy = await policyOf(offer);
  const asked = { ...call, caller: undefined, client: undefined };
  return decide(asked, policy, factsAt(call.risk, FACTS.now)).effect === 'allow';
}

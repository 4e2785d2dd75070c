import { assumedTool } from '../../policy/decide/assumed-tool.ts';
import { decide } from '../../policy/decide/decide.ts';
import { ZERO } from '../../policy/decide/decimal.ts';
import type { Policy } from '../../policy/decide/types.ts';
import type { Offer } from '../../policy/offers/offers.ts';
import type { Covers } from '../../policy/offers/suggester.ts';
import type { OwnPlaces } from '../../policy/paths/own-places.ts';
import { compilePolicy } from '../../policy/source/compile.ts';

/** Decides by the policy that a rule makes alone, so that what is said of it is what it does. */
export function ruleCovers(places: OwnPlaces): Covers {
  const policies = new Map<string, Policy>();
  return async (offer, { risk, ...call }) => {
    const asked = { ...call, caller: undefined, client: undefined };
    const facts = { tool: { ...assumedTool(risk), plainRead: false }, places, now: 0, spent: () => ZERO };
    return decide(asked, await policyOf(offer, policies), facts).effect === 'allow';
  };
}

async function policyOf({ item }: Offer, policies: Map<string, Policy>): Promise<Policy> {
  const text = JSON.stringify({ version: 1, allow: [item] });
  const known = policies.get(text);
  if (known !== undefined) return known;
  const { policy, problems } = await compilePolicy(text);
  if (policy === undefined)
    throw new Error(`an offered rule does not compile: ${problems[0]?.message ?? ''}`);
  policies.set(text, policy);
  return policy;
}

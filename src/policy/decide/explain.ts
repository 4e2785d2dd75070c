import { decide, itemMatches } from './decide.ts';
import type { Call, Decision, Effect, Facts, Policy } from './types.ts';

export interface TraceLine {
  list: Effect;
  id: string;
  /** How the item reads in the file. */
  source: string;
  matches: boolean;
}

export interface Explanation {
  decision: Decision;
  /** Every item of the policy, in the order in which the lists win. */
  trace: TraceLine[];
}

const LISTS: readonly Effect[] = ['deny', 'escalate', 'allow'];
const BUILT_IN: Record<string, { list: Effect; source: string }> = {
  'builtin:holdpoint-home': { list: 'deny', source: "any path inside holdpoint's own home" },
  'builtin:client-config': { list: 'escalate', source: "any MCP client's configuration, any .policyrc" },
};

/** The decision with the trace that led to it. Pure. */
export function explain(call: Call, policy: Policy, facts: Facts): Explanation {
  const decision = decide(call, policy, facts);
  const trace = LISTS.flatMap((list) => [
    ...Object.entries(BUILT_IN)
      .filter(([, item]) => item.list === list)
      .map(([id, { source }]) => ({ list, id, source, matches: decision.matched.includes(id) })),
    ...policy[list].map((item) => ({
      list,
      id: item.id,
      source: item.source,
      matches: itemMatches(item, call, list),
    })),
  ]);
  return { decision, trace };
}

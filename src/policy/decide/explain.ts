import { CallValues } from './condition.ts';
import { decide } from './decide.ts';
import { namesTool } from './item-index.ts';
import { type ItemMatch, matchItem } from './item-match.ts';
import type { Call, Decision, Effect, Facts, Item, Policy } from './types.ts';

export interface TraceLine {
  list: Effect;
  id: string;
  /** How the item reads in the file. */
  source: string;
  /** Whether it counts for the call. */
  matches: boolean;
  /** Which of its keys says no; `unevaluated`: it cannot be evaluated, see the diagnostic. */
  because?: 'tool' | 'unevaluated' | ItemMatch['because'];
  diagnostic?: string | undefined;
}

export interface Explanation {
  decision: Decision;
  /** Every item of the policy, in the order in which the lists win. */
  trace: TraceLine[];
}

const LISTS: readonly Effect[] = ['deny', 'escalate', 'allow'];
const BUILT_IN: Record<string, { list: Effect; source: string }> = {
  'builtin:holdpoint-home': { list: 'deny', source: "any path inside holdpoint's own home or program" },
  'builtin:new-tool': {
    list: 'escalate',
    source: 'any tool that its server did not have when it was accepted',
  },
  'builtin:changed-tool': { list: 'escalate', source: 'any tool that changed since it was accepted' },
  'builtin:client-config': { list: 'escalate', source: "any MCP client's configuration, any .policyrc" },
  'builtin:holdpoint-above': {
    list: 'escalate',
    source: "a folder that holds holdpoint's home, as an argument",
  },
  'builtin:unclear-path': { list: 'escalate', source: 'any open file by its number' },
};

/** The decision with the trace that led to it. Pure. */
export function explain(call: Call, policy: Policy, facts: Facts): Explanation {
  const decision = decide(call, policy, facts);
  const values = new CallValues(call, facts);
  const line = (list: Effect, item: Item): TraceLine => {
    const { id, source } = item;
    if (!namesTool(item, call.server, call.tool))
      return { list, id, source, matches: false, because: 'tool' };
    const { covers, because, diagnostic } = matchItem(item, list, values, facts);
    const unevaluated = covers === 'unevaluated' || covers === 'lost';
    const matches = covers === 'yes' || (unevaluated && list !== 'allow');
    return { list, id, source, matches, because: unevaluated ? 'unevaluated' : because, diagnostic };
  };
  const trace = LISTS.flatMap((list) => [
    ...Object.entries(BUILT_IN)
      .filter(([, item]) => item.list === list)
      .map(([id, { source }]): TraceLine => {
        return { list, id, source, matches: decision.matched.includes(id) };
      }),
    ...policy[list].map((item) => line(list, item)),
  ]);
  return { decision, trace };
}

import { CallValues } from './condition.ts';
import { decide } from './decide.ts';
import { candidates } from './item-index.ts';
import { matchItem } from './item-match.ts';
import type { Call, Decision, Effect, Facts, Policy } from './types.ts';

/** What a policy would do with a recorded call. */
export interface Replayed {
  /** More than one when it depends on what the record does not hold. */
  effects: Effect[];
  /** As far as the record goes. */
  decision: Decision;
  /** What the record does not hold, per item that asks for it. */
  lost: string[];
}

/** Of each list: whether an item surely covers the call, and whether one may that asks for something lost. */
interface Standing {
  sure: boolean;
  unevaluated: boolean;
  lost: string[];
}

function standing(call: Call, policy: Policy, list: Effect, facts: Facts): Standing {
  const values = new CallValues(call, facts);
  const found: Standing = { sure: false, unevaluated: false, lost: [] };
  for (const item of candidates(policy[list], call.server, call.tool)) {
    const { covers, diagnostic } = matchItem(item, list, values, facts);
    if (covers === 'yes') found.sure = true;
    if (covers === 'unevaluated') found.unevaluated = true;
    if (covers === 'lost') found.lost.push(diagnostic ?? item.id);
  }
  return found;
}

/** Every effect that the call itself could have had, whatever the lost values were. Pure. */
export function possibleEffects(call: Call, policy: Policy, facts: Facts): Replayed {
  const decision = decide(call, policy, facts);
  const deny = standing(call, policy, 'deny', facts);
  const escalate = standing(call, policy, 'escalate', facts);
  const allow = standing(call, policy, 'allow', facts);
  const lost = [...deny.lost, ...escalate.lost, ...allow.lost];
  if (lost.length === 0 || decision.rule.startsWith('builtin:'))
    return { effects: [decision.effect], decision, lost: [] };
  const either = (known: boolean, open: boolean): boolean[] => (known || !open ? [known] : [false, true]);
  // A lost value may also have been one that cannot be evaluated.
  const unsure = either(
    deny.unevaluated || escalate.unevaluated,
    deny.lost.length > 0 || escalate.lost.length > 0,
  );
  const cases = either(deny.sure, deny.lost.length > 0).flatMap((denied) =>
    either(escalate.sure, escalate.lost.length > 0).flatMap((escalated) =>
      either(allow.sure, allow.lost.length > 0).flatMap((allowed) =>
        unsure.map((open) => ({ denied, escalated, allowed, unsure: open })),
      ),
    ),
  );
  const effects = [...new Set(cases.map((one) => effectOf(one, policy.default)))];
  return { effects, decision, lost };
}

interface Case {
  denied: boolean;
  escalated: boolean;
  allowed: boolean;
  /** An item that tightens cannot be evaluated. */
  unsure: boolean;
}

function effectOf({ denied, escalated, allowed, unsure }: Case, fallback: Policy['default']): Effect {
  if (denied || (unsure && fallback === 'deny')) return 'deny';
  if (escalated || unsure) return 'escalate';
  return allowed ? 'allow' : fallback;
}

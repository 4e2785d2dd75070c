import type { Home } from '../platform/home.ts';
import { type LoadOptions, loadPolicy } from './applied-policy.ts';
import type { InForce } from './in-force.ts';
import type { KeptPolicies } from './kept-policy.ts';
import { type PolicyContext, policySources } from './policy-sources.ts';

export interface Loading {
  load: LoadOptions;
  /** Where it is kept, asked for once the policy is loaded; undefined: nowhere. */
  kept(): KeptPolicies | undefined;
}

/** Loads the policy in force for a start, and keeps it for the next one. Rejects as `loadPolicy` does, or as `kept` throws. */
export async function loadAndKeep(
  home: Home,
  context: PolicyContext,
  { load, kept }: Loading,
): Promise<InForce> {
  const { workingFolder, administrator } = context;
  const before = policySources(home, context);
  const inForce = await loadPolicy(home, context.named, { ...load, workingFolder, administrator });
  const keeper = kept();
  // What this start itself put into force lies there only now.
  if (keeper?.keep(context, before, inForce) === false) await keepAgain(home, keeper, context);
  return inForce;
}

/** Keeps what the next start would come to. Never rejects. */
async function keepAgain(home: Home, kept: KeptPolicies, context: PolicyContext): Promise<void> {
  try {
    const { workingFolder, administrator } = context;
    const before = policySources(home, context);
    const options = { firstSeen: 'leave' as const, workingFolder, administrator };
    kept.keep(context, before, await loadPolicy(home, context.named, options));
  } catch {
    // A policy that cannot be used is told of by whoever loads it in order to use it.
  }
}

/** Compiles anew, after something was applied, for every way to look for a policy that was kept for, and this one. */
export async function keepAll(home: Home, kept: KeptPolicies, context: PolicyContext): Promise<void> {
  const all = new Map([context, ...kept.contexts()].map((one) => [JSON.stringify(one), one]));
  for (const one of all.values()) await keepAgain(home, kept, one);
}

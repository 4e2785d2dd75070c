import { MOST_NAME } from './decide.ts';
import { candidates } from './item-index.ts';
import type { Effect, Item, Policy } from './types.ts';

const LISTS: readonly Effect[] = ['deny', 'escalate', 'allow'];

/** Whether any condition of a policy may have to be loaded before it can be evaluated. */
export function mayAwait(policy: Policy): boolean {
  return LISTS.some((list) =>
    policy[list].some(({ when, unless }) => (when?.awaits ?? unless?.awaits) !== undefined),
  );
}

/** What must be loaded before a call of this tool can be decided by all that the policy says; undefined: nothing. */
export function awaitedBy(policy: Policy, server: string, tool: string): Promise<void> | undefined {
  if (tool.length > MOST_NAME) return undefined;
  for (const list of LISTS) {
    for (const item of candidates(policy[list], server, tool)) {
      const awaited = awaits(item);
      if (awaited !== undefined) return awaited;
    }
  }
  return undefined;
}

function awaits({ when, unless }: Item): Promise<void> | undefined {
  return when?.awaits?.() ?? unless?.awaits?.();
}

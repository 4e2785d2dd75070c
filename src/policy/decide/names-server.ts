import { anyGlob, globMatches } from './glob.ts';
import type { Item, Policy } from './types.ts';

function concernsServer(item: Item, server: string): boolean {
  const targets = item.tool.length === 0 || item.tool.some((target) => globMatches(target.server, server));
  return targets && anyGlob(item.server, server);
}

/** Whether a policy has items, but none that could ever match a call to this server: a mistyped name, perhaps. */
export function namesOtherServersOnly(policy: Policy, server: string): boolean {
  const items = [...policy.deny, ...policy.escalate, ...policy.allow];
  return items.length > 0 && !items.some((item) => concernsServer(item, server));
}

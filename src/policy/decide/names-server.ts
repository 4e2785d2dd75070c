import { anyGlob, globMatches } from './glob.ts';
import { type Item, PLAIN_READ, type Policy } from './types.ts';

function concernsServer(item: Item, server: string): boolean {
  const targets = item.tool.length === 0 || item.tool.some((target) => globMatches(target.server, server));
  return targets && anyGlob(item.server, server);
}

/** Whether a policy has items, but none that could ever match a call to this server: a mistyped name, perhaps. */
export function namesOtherServersOnly(policy: Policy, server: string): boolean {
  const items = [...policy.deny, ...policy.escalate, ...policy.allow];
  return items.length > 0 && !items.some((item) => concernsServer(item, server));
}

/**
 * Whether a person accepts the tools of a server that is new, at its first call: where nobody wrote a policy, and where
 * a policy lets nothing of the server run but plain reads.
 */
export function asksFirst({ builtIn, default: otherwise, mode, allow }: Policy, server: string): boolean {
  if (builtIn) return true;
  if (otherwise === 'deny' || mode === 'observe') return false;
  const items = allow.filter((item) => concernsServer(item, server));
  return (
    items.length > 0 && items.every(({ risk }) => risk.length > 0 && risk.every((one) => one === PLAIN_READ))
  );
}

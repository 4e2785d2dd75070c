import { namesTool } from '../policy/decide/item-index.ts';
import { asksFirst } from '../policy/decide/names-server.ts';
import type { Policy } from '../policy/decide/types.ts';
import type { Hidden } from '../protocol/hidden-tools.ts';
import { pinEntry } from '../tools/pin-record.ts';
import { SessionTools } from '../tools/session-tools.ts';
import { recordCommand } from './command-record.ts';
import type { DecisionLog } from './decision-log.ts';
import type { HomeState } from './from-home.ts';
import type { RulesParts } from './policy-session.ts';

/** What a session knows of its server's tools, by the policy in force. `now`: ms since 1970. */
export function openTools(
  parts: Pick<RulesParts, 'identity' | 'home' | 'trustFirst' | 'tools'> & { now(): number },
  { inForce: { policy }, pins, sealed }: HomeState,
  recorder: DecisionLog,
): SessionTools {
  const { identity, home, trustFirst, tools } = parts;
  const { server, commandDigest, address } = identity;
  return new SessionTools(
    {
      server,
      command: commandDigest,
      address,
      pins,
      sealed,
      asks: asksFirst(policy, server),
      trustFirst,
      trusted: policy.trusted.includes(server),
      now: () => new Date(parts.now()).toISOString(),
      ms: () => parts.now(),
      record: (event, set, by) => {
        const entry = pinEntry(event, { set, server, by });
        // What is accepted outlives this session's file, so it has a file of its own, as a policy has.
        if (event === 'changed') recorder.pins(entry);
        else recordCommand(home, entry);
      },
    },
    tools,
  );
}

/** The tools that the policy takes out of a server's list; undefined: none. Who observes hides nothing. */
export function hiddenTools({ deny, mode }: Policy, server: string): Hidden | undefined {
  const items = deny.filter((item) => item.hide);
  if (items.length === 0 || mode === 'observe') return undefined;
  return (tool) => items.some((item) => namesTool(item, server, tool));
}

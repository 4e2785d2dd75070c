import { isDeceptive } from '../../protocol/look-alike.ts';
import { anyGlob, targetMatches } from './glob.ts';
import { obligationsOf } from './obligations.ts';
import { namesClientConfig, namesOwnHome } from './own-files.ts';
import type { Call, Decision, Effect, Facts, Item, Policy } from './types.ts';

/** An item that matched, or a built-in one in its place. */
interface Match {
  id: string;
  reason: string;
  item: Item | undefined;
}

const OWN_HOME: Match = {
  id: 'builtin:holdpoint-home',
  reason: "The arguments name holdpoint's own files, which no agent may touch",
  item: undefined,
};
const CLIENT_CONFIG: Match = {
  id: 'builtin:client-config',
  reason: 'The arguments name a file that decides which servers run guarded',
  item: undefined,
};

const DECEPTIVE_NAME: Match = {
  id: 'builtin:deceptive-name',
  reason:
    "The tool's name holds characters that are not seen or stand for others, so no allow rule counts for it",
  item: undefined,
};

/**
 * The policy decision point: pure, total, deterministic. Deny beats escalate beats allow beats the default; any
 * match counts, order and specificity never do. The built-in items stand first in their lists.
 */
export function decide(call: Call, policy: Policy, facts: Facts): Decision {
  const denied = matches(call, policy.deny, 'deny');
  const given = call.inputResponses === undefined ? [call.arguments] : [call.arguments, call.inputResponses];
  if (given.some((source) => namesOwnHome(source, facts.places))) denied.unshift(OWN_HOME);
  if (denied.length > 0) return decision('deny', denied, policy);
  const escalated = matches(call, policy.escalate, 'escalate');
  if (given.some(namesClientConfig)) escalated.unshift(CLIENT_CONFIG);
  if (escalated.length > 0) return decision('escalate', escalated, policy);
  const allowed = matches(call, policy.allow, 'allow');
  if (allowed.length > 0 && isDeceptive(call.tool)) return decision(policy.default, [DECEPTIVE_NAME], policy);
  if (allowed.length > 0) return decision('allow', allowed, policy);
  const fallback = {
    id: 'default',
    reason: `No rule matches, and the default is ${policy.default}`,
    item: undefined,
  };
  return decision(policy.default, [fallback], policy);
}

function matches(call: Call, items: readonly Item[], list: Effect): Match[] {
  return items
    .filter((item) => itemMatches(item, call, list))
    .map((item) => ({ id: item.id, reason: item.reason ?? `Matches ${item.source}`, item }));
}

/** Whether an item of this list covers the call. */
export function itemMatches(item: Item, call: Call, list: Effect): boolean {
  const { server, tool } = call;
  if (item.tool.length > 0 && !item.tool.some((target) => targetMatches(target, server, tool))) return false;
  if (item.except.some((target) => targetMatches(target, server, tool))) return false;
  if (!anyGlob(item.server, server)) return false;
  return whoMatches(item, call, list);
}

/** In `allow` only what the person wrote (`--as`) counts; what a client claims may only ever tighten. */
function whoMatches(item: Item, call: Call, list: Effect): boolean {
  const names = [call.caller, ...(list === 'allow' ? [] : [call.client])].filter(
    (name) => name !== undefined,
  );
  if (item.caller.length > 0 && !names.some((name) => anyGlob(item.caller, name))) return false;
  return item.client.length === 0 || (call.client !== undefined && anyGlob(item.client, call.client));
}

function decision(effect: Effect, found: readonly Match[], policy: Policy): Decision {
  const [first] = found;
  return {
    effect,
    rule: first?.id ?? 'default',
    reason: first?.reason ?? '',
    matched: found.map((match) => match.id),
    obligations:
      effect === 'escalate'
        ? obligationsOf(
            found.flatMap((match) => match.item ?? []),
            policy.approvals,
          )
        : undefined,
    diagnostics: [],
  };
}

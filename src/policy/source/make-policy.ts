import { DEFAULT_APPROVALS, DEFAULT_AUDIT } from '../decide/default-policy.ts';
import { expandBraces, targetOf } from '../decide/glob.ts';
import type { Effect, Item, Policy } from '../decide/types.ts';
import type { ItemSource, PolicySource } from './schema.ts';

/** An object item on one line for people: `tool: fs/write_file, timeout: 5m`. */
export function inWords(item: object): string {
  const parts = Object.entries(item).filter(([key]) => key !== 'reason' && key !== 'id');
  return parts.map(([key, value]) => `${key}: ${Array.isArray(value) ? value.join(' ') : value}`).join(', ');
}

/** An item as the decision uses it: braces expanded, patterns cut into server and tool. */
export function makeItem(id: string, source: string, item: ItemSource): Item {
  const targets = (globs: string[] | undefined) =>
    (globs ?? []).flatMap((one) => expandBraces(one) ?? []).map(targetOf);
  const names = (globs: string[] | undefined) => (globs ?? []).flatMap((one) => expandBraces(one) ?? []);
  return {
    id,
    source: source.length > 200 ? `${source.slice(0, 200)}…` : source,
    tool: targets(item.tool),
    except: targets(item.except),
    server: names(item.server),
    caller: names(item.caller),
    client: names(item.client),
    reason: item.reason,
    timeoutMs: item.timeout,
    confirm: item.confirm,
    show: item.show ?? [],
    approvals: item.approvals,
    approvers: item.approvers ?? [],
    remember: item.remember ?? true,
  };
}

/** Everything of a policy but its lists, with the defaults filled in. */
export function settings(source: PolicySource): Omit<Policy, Effect> {
  const { audit } = source;
  const { timeout, answerWithin, passFor, ...plain } = source.approvals;
  const given = Object.fromEntries(Object.entries(plain).filter(([, value]) => value !== undefined));
  return {
    default: source.default,
    approvals: {
      ...DEFAULT_APPROVALS,
      ...given,
      ...(timeout === undefined ? {} : { timeoutMs: timeout }),
      ...(answerWithin === undefined ? {} : { answerWithinMs: answerWithin }),
      ...(passFor === undefined ? {} : { passForMs: passFor }),
    },
    audit: {
      durability: audit.durability ?? DEFAULT_AUDIT.durability,
      checkpoint: audit.checkpoint,
      arguments: audit.arguments ?? DEFAULT_AUDIT.arguments,
      redact: audit.redact ?? [],
      keepDays: audit.keepDays ?? DEFAULT_AUDIT.keepDays,
    },
  };
}

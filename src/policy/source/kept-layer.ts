import { decimalOf, decimalText } from '../decide/decimal.ts';
import type { Over } from '../decide/over.ts';
import type { Effect, Item } from '../decide/types.ts';
import type { PolicyLayer } from './compile.ts';
import type { KeptConditions } from './kept-conditions.ts';

/** Another shape of what is kept, or another result of compiling the same text, is another version of it. */
export const KEPT_VERSION = 3;

/** A limit whose numbers are text: JSON has none as exact. */
type KeptOver = Omit<Over, 'limit'> & { limit: string };
/** An item with its conditions as they are written. */
type KeptItem = Omit<Item, 'when' | 'unless' | 'over'> & { when?: string; unless?: string; over?: KeptOver };
type KeptLists = Record<Effect, KeptItem[]>;

/** A compiled layer as one line of JSON: the same for the same policy text, whoever compiles it. Pure. */
export function keptText({ settings, lists: { deny, escalate, allow } }: PolicyLayer): string {
  const lists = { deny: deny.map(keptItem), escalate: escalate.map(keptItem), allow: allow.map(keptItem) };
  const { default: otherwise, mode, servers, approvals, audit, team } = settings;
  // Named one by one: what was read holds the lists as they were written besides.
  return JSON.stringify({ settings: { default: otherwise, mode, servers, approvals, audit, team }, lists });
}

function keptItem({ when, unless, over, ...plain }: Item): object {
  return {
    ...plain,
    when: when?.source,
    unless: unless?.source,
    over: over && { ...over, limit: decimalText(over.limit) },
  };
}

/** The layer that a line was made of. The line must be one of ours: nothing in it is checked again. */
export function layerOfKept(text: string, conditions: KeptConditions): PolicyLayer {
  const { settings, lists } = JSON.parse(text) as { settings: PolicyLayer['settings']; lists: KeptLists };
  const items = (list: Effect): Item[] => lists[list].map((item) => itemOfKept(item, list, conditions));
  return {
    settings,
    lists: { deny: items('deny'), escalate: items('escalate'), allow: items('allow') },
  };
}

function itemOfKept(item: KeptItem, list: Effect, conditions: KeptConditions): Item {
  const condition = (source: string | undefined): Item['when'] =>
    source === undefined ? undefined : conditions.of(source, list);
  return {
    ...item,
    when: condition(item.when),
    unless: condition(item.unless),
    over: item.over && overOfKept(item.over),
    // JSON leaves out what is not there.
    reason: item.reason,
    timeoutMs: item.timeoutMs,
    confirm: item.confirm,
    confirmAtLeast: item.confirmAtLeast,
    large: item.large,
    approvals: item.approvals,
  };
}

function overOfKept(over: KeptOver): Over {
  const limit = decimalOf(over.limit);
  if (limit === undefined) throw new TypeError('a kept limit is no number');
  return { ...over, sum: over.sum, limit };
}

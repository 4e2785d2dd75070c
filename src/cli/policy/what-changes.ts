import { CallValues } from '../../policy/decide/condition.ts';
import { ZERO } from '../../policy/decide/decimal.ts';
import { candidates } from '../../policy/decide/item-index.ts';
import { matchItem } from '../../policy/decide/item-match.ts';
import type { Call, Effect, Facts, Item, Policy } from '../../policy/decide/types.ts';
import { JsonSource } from '../../protocol/json/json-source.ts';
import type { StartingTool } from './known-servers.ts';
import type { PlannedServer } from './planned-server.ts';

/** What a policy does with a tool: more than one effect where it depends on the call. */
export interface Standing {
  effects: Effect[];
  /** Why, in words: the items that deny or ask, else those that allow. */
  why: string[];
}

export interface ToolChange {
  server: string;
  tool: string;
  /** So many others change alike: of a server whose tools are guessed from its pack. */
  others: number;
  before: Effect[];
  after: Effect[];
  why: string;
}

export interface Changes {
  rows: ToolChange[];
  tools: number;
}

/** Which tools are decided otherwise. A server without known tools counts with those of its pack. Pure. */
export function whatChanges(
  servers: readonly PlannedServer[],
  policies: { before: Policy; after: Policy },
  places: Facts['places'],
): Changes {
  const changes: Changes = { rows: [], tools: 0 };
  for (const one of servers) {
    const { server, match } = one;
    const tools = new Map((server.tools ?? match?.pack.tools ?? []).map((tool) => [tool.name, tool]));
    changes.tools += tools.size;
    const rows = [...tools.values()].flatMap((tool) => changeOf(one, tool, policies, places));
    changes.rows.push(...(server.tools === undefined && match?.how === 'cautious' ? alike(rows) : rows));
  }
  return changes;
}

function changeOf(
  { server: { name }, match }: PlannedServer,
  tool: StartingTool,
  policies: { before: Policy; after: Policy },
  places: Facts['places'],
): ToolChange[] {
  const before = standing(policies.before, { server: name, tool }, places);
  const after = standing(policies.after, { server: name, tool }, places);
  if (before.effects.join() === after.effects.join()) return [];
  const why = after.why.join('; ') || unsaid(after.effects, match?.pack.name);
  return [{ server: name, tool: tool.name, others: 0, before: before.effects, after: after.effects, why }];
}

/** Of tools that are only guessed, one stands for those that change alike. */
function alike(rows: readonly ToolChange[]): ToolChange[] {
  const found = new Map<string, ToolChange>();
  for (const row of rows) {
    const key = JSON.stringify([row.before, row.after, row.why]);
    const first = found.get(key);
    if (first === undefined) found.set(key, { ...row });
    else first.others += 1;
  }
  return [...found.values()];
}

function unsaid(effects: readonly Effect[], pack: string | undefined): string {
  if (pack === undefined) return 'No item covers it';
  if (!effects.includes('allow')) return `The pack ${pack} leaves it to a person`;
  return effects.length === 1
    ? `The pack ${pack} lets it run`
    : `The pack ${pack} lets it run for some arguments`;
}

/** What items make of a tool, whatever it is called with. */
export function standing(
  policy: Policy,
  { server, tool }: { server: string; tool: StartingTool },
  places: Facts['places'],
): Standing {
  const call: Call = {
    server,
    tool: tool.name,
    arguments: NO_ARGUMENTS,
    caller: undefined,
    client: undefined,
  };
  const facts: Facts = { places, now: 0, spent: () => ZERO, tool: tool.facts };
  const values = new CallValues(call, facts);
  const of = (list: Effect): Covering =>
    covering(candidates(policy[list], server, tool.name), list, values, facts);
  const deny = of('deny');
  const escalate = of('escalate');
  const allow = of('allow');
  if (deny.always) return { effects: ['deny'], why: deny.reasons };
  const fallback: Effect = policy.builtIn && tool.facts?.plainRead === true ? 'allow' : policy.default;
  const runs: Effect[] = allow.always ? ['allow'] : allow.sometimes ? ['allow', fallback] : [fallback];
  const effects = new Set<Effect>(escalate.always ? ['escalate'] : runs);
  if (escalate.sometimes) effects.add('escalate');
  if (deny.sometimes) effects.add('deny');
  const stricter = [...deny.reasons, ...escalate.reasons];
  return {
    effects: ORDER.filter((one) => effects.has(one)),
    why: stricter.length > 0 ? stricter : allow.reasons,
  };
}

const ORDER: readonly Effect[] = ['allow', 'escalate', 'deny'];
const NO_ARGUMENTS = JsonSource.of('{}');

/** How a list stands to a tool: whether an item covers every call of it, or those of some arguments. */
interface Covering {
  always: boolean;
  sometimes: boolean;
  reasons: string[];
}

function covering(items: readonly Item[], list: Effect, values: CallValues, facts: Facts): Covering {
  const found: Covering = { always: false, sometimes: false, reasons: [] };
  for (const item of items) {
    const { when, unless, over } = item;
    const free = when === undefined && unless === undefined && over === undefined;
    const named = free ? item : { ...item, when: undefined, unless: undefined, over: undefined };
    const { covers } = matchItem(named, list, values, facts);
    // Nothing is known of the tool: what tightens counts, what loosens does not.
    if (covers === 'no' || (covers !== 'yes' && list === 'allow')) continue;
    if (free) found.always = true;
    else found.sometimes = true;
    const { reason } = item;
    if (reason !== undefined && !found.reasons.includes(reason)) found.reasons.push(reason);
  }
  return found;
}

import type { CallValues, Condition } from './condition.ts';
import { isGreater, plus } from './decimal.ts';
import { anyGlob } from './glob.ts';
import type { NotEvaluable } from './json-values.ts';
import { amountOf, type Counted, countedBy, type Over } from './over.ts';
import { type Call, type Effect, type Facts, type Item, PLAIN_READ } from './types.ts';

/** How an item stands to a call whose tool its patterns cover. */
export interface ItemMatch {
  /**
   * `unevaluated`: nobody can say, so whoever tightens counts it and whoever loosens does not. `lost`: the call could
   * say, and its record cannot.
   */
  covers: 'yes' | 'no' | 'unevaluated' | 'lost';
  /** What could not be evaluated, and why. */
  diagnostic?: string | undefined;
  /** What the call uses up of the item's limit, covered or not. */
  counted?: Counted | undefined;
  /** Why it does not cover the call: which of its keys says so. */
  because?: 'caller' | 'client' | 'risk' | 'when' | 'unless' | 'over' | undefined;
}

const YES: ItemMatch = { covers: 'yes' };

/** Everything of an item but its patterns of tools, against one call. Never throws. */
export function matchItem(item: Item, list: Effect, values: CallValues, facts: Facts): ItemMatch {
  const stranger = whoDiffers(item, values.call, list);
  if (stranger !== undefined) return { covers: 'no', because: stranger };
  const { when, unless, over, risk } = item;
  if (when === undefined && unless === undefined && over === undefined && risk.length === 0) return YES;
  const classed = riskOf(item, list, values, facts);
  if (classed !== undefined) return classed;
  const exempt = tested(item.unless, 'unless', item, values);
  if (exempt.value === true) return { covers: 'no', because: 'unless' };
  const meant = tested(item.when, 'when', item, values);
  if (meant.value === false) return { covers: 'no', because: 'when' };
  const diagnostic = meant.diagnostic ?? exempt.diagnostic;
  if (meant.lost || exempt.lost) return { covers: 'lost', diagnostic };
  if (meant.diagnostic !== undefined) return { covers: 'unevaluated', diagnostic };
  if (item.over === undefined) return { covers: 'yes', diagnostic };
  const limited = overLimit(item.over, item, values, facts);
  return { ...limited, diagnostic: limited.diagnostic ?? diagnostic };
}

/** In `allow` only what the person wrote (`--as`) counts; what a client claims may only ever tighten. */
function whoDiffers(item: Item, call: Call, list: Effect): 'caller' | 'client' | undefined {
  const names = [call.caller, ...(list === 'allow' ? [] : [call.client])].filter(
    (name) => name !== undefined,
  );
  if (item.caller.length > 0 && !names.some((name) => anyGlob(item.caller, name))) return 'caller';
  const claimed =
    item.client.length === 0 || (call.client !== undefined && anyGlob(item.client, call.client));
  return claimed ? undefined : 'client';
}

/** Undefined when the tool's class is one of the item's. */
function riskOf(
  { id, risk }: Item,
  list: Effect,
  values: CallValues,
  { tool }: Facts,
): ItemMatch | undefined {
  if (risk.length === 0) return undefined;
  // Nothing of a server runs as a plain read before somebody accepted its tools.
  if (risk.includes(PLAIN_READ) && tool?.plainRead === true && tool.firstUse === undefined) return undefined;
  try {
    const { risk: found, sure } = values.definition;
    // Doubt goes up: what may be more than a read is not allowed as one.
    const doubtful = list === 'allow' && found === 'read' && !sure;
    return risk.includes(found) && !doubtful ? undefined : { covers: 'no', because: 'risk' };
  } catch (error) {
    const { message, lost } = error as NotEvaluable;
    const diagnostic = `${id}: "risk" cannot be evaluated: ${message}`;
    return { covers: lost ? 'lost' : 'unevaluated', diagnostic };
  }
}

interface Tested {
  value: boolean | undefined;
  diagnostic?: string;
  lost?: boolean;
}

function tested(
  condition: Condition | undefined,
  key: 'when' | 'unless',
  item: Item,
  values: CallValues,
): Tested {
  if (condition === undefined) return { value: undefined };
  const value = condition.test(values);
  if (typeof value === 'boolean') return { value };
  const diagnostic = `${item.id}: "${key}" cannot be evaluated: ${value.why}`;
  return { value: undefined, diagnostic, lost: value.lost === true };
}

/** What goes beyond the limit is covered, and so is what cannot be counted. */
function overLimit(over: Over, item: Item, values: CallValues, facts: Facts): ItemMatch {
  const said = (what: string): string => `${item.id}: "over" cannot be counted: ${what}`;
  const amount = amountOf(over, values.call);
  if (amount === undefined) {
    if (values.lacks(over.sum ?? []))
      return { covers: 'lost', diagnostic: said('the record does not hold it') };
    const name = `args.${over.sum?.join('.') ?? ''}`;
    return { covers: 'yes', diagnostic: said(`${name} is missing, negative or no plain number`) };
  }
  const counted = countedBy(over, amount);
  try {
    if (isGreater(plus(facts.spent(over), amount), over.limit)) return { covers: 'yes', counted };
    return { covers: 'no', because: 'over', counted };
  } catch (error) {
    return { covers: 'unevaluated', diagnostic: said((error as Error).message), counted };
  }
}

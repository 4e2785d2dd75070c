import { type JsonNode, scanJson } from '../../protocol/json/json-scan.ts';
import type { ListedPath } from '../../protocol/json/listed-path.ts';
import { type Decimal, decimalOf, decimalText } from './decimal.ts';
import type { Call } from './types.ts';

/** A limit: what goes beyond it within a sliding window is covered by its item. */
export interface Over {
  /** Names the limit in the records: the item's id, else made from what the item says. */
  key: string;
  /** As it stands in the policy, for people. */
  source: string;
  /** The argument that is added up; undefined: calls are counted. */
  sum: ListedPath | undefined;
  limit: Decimal;
  windowMs: number;
}

/** What one call uses up of a limit. The amount is decimal text. */
export interface Counted {
  item: string;
  amount: string;
}

/** What was used up of a limit within the window that ends now. May throw: then the limit cannot be kept. */
export type Spent = (over: Over) => Decimal;

const ONE: Decimal = { digits: 1n, exponent: 0 };

/** What the call would use up; undefined when the argument is missing, negative or no plain number. */
export function amountOf({ sum }: Over, call: Call): Decimal | undefined {
  if (sum === undefined) return ONE;
  const source = call.arguments;
  let node: JsonNode | undefined = scanJson(source, () => true);
  for (const step of sum) node = node?.members?.find(({ key }) => key === step)?.value;
  const amount = node?.kind === 'number' ? decimalOf(source.slice(node.start, node.end)) : undefined;
  return amount === undefined || amount.digits < 0n ? undefined : amount;
}

export function countedBy(over: Over, amount: Decimal): Counted {
  return { item: over.key, amount: decimalText(amount) };
}

/** The longest window of these items' limits, ms; 0 when none has a limit. */
export function longestWindow(items: readonly { over: Over | undefined }[]): number {
  return items.reduce((longest, { over }) => Math.max(longest, over?.windowMs ?? 0), 0);
}

import type { JsonNode } from '../protocol/json/json-scan.ts';
import type { JsonSource } from '../protocol/json/json-source.ts';
import { nameKind } from './names/secret-names.ts';

/** What a list of lists is: a table whose first row names the columns, or pairs of names and values. */
export interface Rows {
  columns: readonly string[] | undefined;
  paired: boolean;
}

const MOST_COLUMNS = 64;

function textsOf(node: JsonNode | undefined, source: JsonSource): string[] | undefined {
  const items = node?.items;
  if (items === undefined || items.length < 2 || items.length > MOST_COLUMNS) return undefined;
  return items.every(({ kind, items: inner, members }) => kind === 'string' && !inner && !members)
    ? items.map(({ start, end }) => source.string(start, end))
    : undefined;
}

/** Of items of a list; undefined where they are no lists of one length. */
export function rowsIn(items: readonly JsonNode[], source: JsonSource): Rows | undefined {
  const length = items[0]?.items?.length;
  if (length === undefined || items.length < 2 || !items.every((item) => item.items?.length === length))
    return undefined;
  const heads = textsOf(items[0], source);
  if (heads === undefined) return undefined;
  // In ["password", "…"] the first is a name and the second is none; in ["user", "password"] any may be one.
  const paired = length === 2;
  const named = heads
    .slice(paired ? 1 : 0)
    .some((head) => /^[\p{L}\p{M}\p{N}_. -]{2,40}$/u.test(head) && nameKind(head) !== undefined);
  return named ? { columns: heads, paired: false } : { columns: undefined, paired };
}

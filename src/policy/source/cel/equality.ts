import { NotEvaluable } from '../../decide/json-values.ts';

type Kind = 'null' | 'bool' | 'number' | 'text' | 'list' | 'object' | 'time' | 'other value';

function kindOf(value: unknown): Kind {
  if (value === null || value === undefined) return 'null';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'number' || typeof value === 'bigint') return 'number';
  if (typeof value === 'string') return 'text';
  if (Array.isArray(value) || value instanceof Set) return 'list';
  if (value instanceof Date) return 'time';
  if (value instanceof Map || Object.getPrototypeOf(value) === Object.prototype) return 'object';
  return isUnsigned(value) ? 'number' : 'other value';
}

const isUnsigned = (value: unknown): value is { value: bigint } =>
  typeof (value as { value?: unknown } | null)?.value === 'bigint';

const entriesOf = (value: unknown): [unknown, unknown][] =>
  value instanceof Map ? [...value] : Object.entries(value as object);

/**
 * Whether two values are equal. Of different kinds nobody can say: many servers take `["prod"]` or a number for the
 * text that it spells. Throws a NotEvaluable then. Numbers are one kind, however they are written.
 */
export function equals(one: unknown, other: unknown): boolean {
  const [kind, otherKind] = [kindOf(one), kindOf(other)];
  if (kind !== otherKind) throw new NotEvaluable(`it compares ${named(kind)} with ${named(otherKind)}`);
  switch (kind) {
    case 'null':
      return true;
    case 'number':
      // Exact between a bigint and a double: no rounding comes between them.
      return numberOf(one) <= numberOf(other) && numberOf(one) >= numberOf(other);
    case 'list':
      return sameItems([...(one as Iterable<unknown>)], [...(other as Iterable<unknown>)]);
    case 'object':
      return sameMembers(entriesOf(one), new Map(entriesOf(other)));
    case 'time':
      return (one as Date).getTime() === (other as Date).getTime();
    case 'other value':
      return String(one) === String(other);
    default:
      return one === other;
  }
}

const named = (kind: Kind): string =>
  kind === 'null' ? 'null' : kind === 'object' ? 'an object' : `a ${kind}`;

function numberOf(value: unknown): number | bigint {
  return isUnsigned(value) ? value.value : (value as number | bigint);
}

function sameItems(one: readonly unknown[], other: readonly unknown[]): boolean {
  return one.length === other.length && one.every((item, index) => equals(item, other[index]));
}

function sameMembers(one: readonly [unknown, unknown][], other: ReadonlyMap<unknown, unknown>): boolean {
  return (
    one.length === other.size && one.every(([key, value]) => other.has(key) && equals(value, other.get(key)))
  );
}

/** Whether a list holds a value, or an object a name. Throws a NotEvaluable where a value of another kind might be meant. */
export function isIn(value: unknown, holder: unknown): boolean {
  const kind = kindOf(holder);
  if (kind === 'object') {
    if (typeof value !== 'string') throw new NotEvaluable(`it looks for ${named(kindOf(value))} among names`);
    return holder instanceof Map ? holder.has(value) : Object.hasOwn(holder as object, value);
  }
  if (kind !== 'list') throw new NotEvaluable(`it looks into ${named(kind)} as if it were a list`);
  let odd: NotEvaluable | undefined;
  for (const item of holder as Iterable<unknown>) {
    try {
      if (equals(value, item)) return true;
    } catch (error) {
      if (!(error instanceof NotEvaluable)) throw error;
      odd = error;
    }
  }
  if (odd !== undefined) throw odd;
  return false;
}

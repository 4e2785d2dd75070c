import type { Value } from '../../policy/decide/json-values.ts';
import { MASK } from '../writing/redact.ts';

const KINDS: ReadonlySet<unknown> = new Set(['string', 'number', 'true', 'false', 'null']);

/** How long a value was that was cut or masked when it was recorded; undefined for one that is there. */
export function lengthLost(value: string | Map<string, Value>): number | undefined {
  if (typeof value === 'string') {
    const mask = MASK.exec(value);
    return mask === null ? undefined : Number(mask[2]);
  }
  const length = value.get('length');
  if (value.get('cut') !== true || !value.has('digest') || length === undefined) return undefined;
  return typeof length === 'number' ? length : 0;
}

/** Whether recorded arguments may be nothing but the kinds of their values (`audit.arguments: "keys"`). */
export function areKindsOnly(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return KINDS.has(value);
  return Object.values(value).every(areKindsOnly);
}

/** Whether recorded arguments are all there: nothing of them was cut or masked. */
export function isWhole(value: unknown): boolean {
  if (typeof value === 'string') return !MASK.test(value);
  if (typeof value !== 'object' || value === null) return true;
  if ('cut' in value && 'digest' in value && 'length' in value) return false;
  return Object.entries(value).every(([name, inner]) => !MASK.test(name) && isWhole(inner));
}

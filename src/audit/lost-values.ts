import type { Value } from '../policy/decide/json-values.ts';

const MASK = /\[masked [\w .-]+, [0-9]+ characters?, [0-9a-f]+\]/;
const KINDS: ReadonlySet<unknown> = new Set(['string', 'number', 'true', 'false', 'null']);

/** Whether a recorded value stands for one that was cut or masked (DESIGN 7). */
export function isLost(value: string | Map<string, Value>): boolean {
  if (typeof value === 'string') return MASK.test(value);
  return value.get('cut') === true && value.has('digest') && value.has('length');
}

/** Whether recorded arguments may be nothing but the kinds of their values (`audit.arguments: "keys"`). */
export function areKindsOnly(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return KINDS.has(value);
  return Object.values(value).every(areKindsOnly);
}

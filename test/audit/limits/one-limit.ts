import type { Over } from '../../../src/policy/decide/over.ts';

/** One call in so many milliseconds. */
export function oneCallIn(windowMs: number): Over {
  return { key: 'k', source: '', sum: undefined, limit: { digits: 1n, exponent: 0 }, windowMs };
}

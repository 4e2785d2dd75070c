import { loadPolicy } from '../config/applied-policy.ts';
import type { Home } from '../platform/home.ts';
import type { Policy } from '../policy/decide/types.ts';
import { sealCheckOf } from './seal-check.ts';

/**
 * The policy in force, as a command reads it: nothing is applied by that. `named`: by `--policy`. Rejects with a
 * PlainError where none can be read.
 */
export async function policyNow(home: Home, named?: string): Promise<Policy> {
  return (await loadPolicy(home, named, { firstSeen: 'leave', sealed: sealCheckOf(home) })).policy;
}

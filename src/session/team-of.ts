import { loadPolicy } from '../config/applied-policy.ts';
import type { Home } from '../platform/home.ts';
import type { TeamSettings } from '../policy/decide/types.ts';
import { sealCheckOf } from './seal-check.ts';

/** The team that the policy in force names; undefined without one. Rejects with a PlainError where none can be read. */
export async function teamOf(home: Home): Promise<TeamSettings | undefined> {
  const sealed = sealCheckOf(home);
  return (await loadPolicy(home, undefined, { firstSeen: 'leave', sealed })).policy.team;
}

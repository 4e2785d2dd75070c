import { loadPolicy } from '../config/applied-policy.ts';
import type { Home } from '../config/home.ts';

/** Where the policy in force copies the log's ends to; undefined without one, or without a policy that can be read. */
export function checkpointFile(home: Home): string | undefined {
  try {
    return loadPolicy(home, undefined, { firstSeen: 'leave' }).policy.audit.checkpoint;
  } catch {
    return undefined;
  }
}

import type { Home } from '../platform/home.ts';
import { sealCheckOf } from './seal-check.ts';

/** Where the policy in force copies the log's ends to; undefined without one, or without a policy that can be read. */
export async function checkpointFile(home: Home): Promise<string | undefined> {
  try {
    const { loadPolicy } = await import('../config/applied-policy.ts');
    return (await loadPolicy(home, undefined, { firstSeen: 'leave', sealed: sealCheckOf(home) })).policy.audit
      .checkpoint;
  } catch {
    return undefined;
  }
}

import type { Home } from '../platform/home.ts';

/** Where the policy in force copies the log's ends to; undefined without one, or without a policy that can be read. */
export async function checkpointFile(home: Home): Promise<string | undefined> {
  try {
    const { policyNow } = await import('./policy-now.ts');
    return (await policyNow(home)).audit.checkpoint;
  } catch {
    return undefined;
  }
}

import type { ClientLimits } from '../approvals/holding/client-limits.ts';
import type { Enrolment } from '../approvals/signing/enrolment.ts';
import { enrolmentOf } from '../approvals/signing/enrolment-of.ts';
import { GrantsFile } from '../approvals/signing/kept-grants.ts';
import type { UsageLog } from '../audit/limits/usage.ts';
import type { InForce } from '../config/in-force.ts';
import type { SealCheck } from '../config/seals.ts';
import type { Home } from '../platform/home.ts';
import { longestWindow } from '../policy/decide/over.ts';
import { PinsFile } from '../tools/pins-file.ts';
import { clientLimits } from './client-limits-file.ts';
import { policyInForce } from './policy-in-force.ts';
import type { RunOptions } from './run-options.ts';
import { sealCheckOf } from './seal-check.ts';

/** All that a session takes from its home. */
export interface HomeState {
  inForce: InForce;
  limits: ClientLimits;
  /** Who may approve now. Throws a PlainError when the list cannot be relied on. */
  enrolment(): Enrolment;
  /** The key under which secrets are masked. */
  maskKey: Uint8Array;
  /** Signed grants, read afresh: whatever was revoked counts no more. */
  grants: GrantsFile;
  pins: PinsFile;
  /** While somebody is enrolled: what is in force stands under their signature. */
  sealed: SealCheck | undefined;
  /** Loaded only for a policy that has a limit. */
  usageLog: typeof UsageLog | undefined;
}

/** Rejects with a PlainError when the session cannot do without what is missing or damaged. */
export async function loadHome(
  home: Home,
  { policy, clientWaitsMs }: Pick<RunOptions, 'policy' | 'clientWaitsMs'>,
  say: (sentence: string) => void,
  firstSeen: 'apply' | 'leave' = 'apply',
): Promise<HomeState> {
  const grants = new GrantsFile(home);
  const pins = new PinsFile(home);
  const sealed = sealCheckOf(home);
  for (const damage of [grants.heal(), pins.heal()]) if (damage !== undefined) say(damage);
  const { inForce, maskKey } = await policyInForce(home, policy, sealed, firstSeen);
  if (inForce.policy.team?.policyRequired === true) {
    const { assertPublished } = await import('./published-policies.ts');
    assertPublished(home);
  }
  const limited = longestWindow([...inForce.policy.deny, ...inForce.policy.escalate]) > 0;
  return {
    usageLog: limited ? (await import('../audit/limits/usage.ts')).UsageLog : undefined,
    grants,
    pins,
    sealed,
    inForce,
    limits: clientLimits(home, say, clientWaitsMs),
    enrolment: () => enrolmentOf(home),
    maskKey,
  };
}

import { knownRedactionKey, redactionKey } from '../audit/writing/redaction-key.ts';
import type { InForce } from '../config/in-force.ts';
import { KeptPolicies } from '../config/kept-policy.ts';
import type { PolicyChange } from '../config/layer-in-force.ts';
import { contextOf, policySources } from '../config/policy-sources.ts';
import type { SealCheck } from '../config/seals.ts';
import type { Home } from '../platform/home.ts';
import { PlainError } from '../platform/plain-error.ts';
import { recordCommand } from './command-record.ts';

/** What is in force, and the key under which this home masks secrets and keeps policies. */
export interface Known {
  inForce: InForce;
  maskKey: Uint8Array;
}

/**
 * The policy for a start: as it was compiled at an earlier one, if nothing that it depends on has changed, else
 * compiled anew, and kept. `leave`: a file that nobody applied yet is not applied by this. The readers of policies are loaded only for that. Rejects with a PlainError.
 */
export async function policyInForce(
  home: Home,
  policyFile: string | undefined,
  sealed: SealCheck | undefined,
  firstSeen: 'apply' | 'leave' = 'apply',
): Promise<Known> {
  const context = contextOf(policyFile, process.cwd());
  const known = knownKey(home);
  if (known !== undefined) {
    const inForce = keptPolicies(home, known, sealed)?.read(context, policySources(home, context));
    if (inForce !== undefined) return { inForce, maskKey: known };
  }
  const { loadAndKeep } = await import('../config/compile-and-keep.ts');
  const notices: string[] = [];
  let maskKey: Uint8Array = new Uint8Array();
  const inForce = await loadAndKeep(home, context, {
    load: { firstSeen, record: (change) => recorded(home, change), sealed },
    kept: () => {
      maskKey = redactionKey(home, (notice) => notices.push(notice));
      return keptPolicies(home, maskKey, sealed);
    },
  });
  inForce.notices.push(...notices);
  return { inForce, maskKey };
}

/**
 * The policies that this home keeps; undefined where none may be believed: while somebody is enrolled what counts
 * stands under their signature, and the home's key, which every program of its user can read, is less than that.
 */
export function keptPolicies(
  home: Home,
  key: Uint8Array,
  sealed: SealCheck | undefined,
): KeptPolicies | undefined {
  return sealed === undefined ? new KeptPolicies(home, key) : undefined;
}

/** Of one that is damaged whoever loads a policy is told. */
function knownKey(home: Home): Uint8Array | undefined {
  try {
    return knownRedactionKey(home);
  } catch {
    return undefined;
  }
}

/** In a file of its own: the session has none before its first call, and the policy is in force from now on. */
function recorded(home: Home, change: PolicyChange): void {
  try {
    recordCommand(home, { type: 'policy', ...change, by: { name: 'first start' } });
  } catch (error) {
    throw new PlainError(
      `The policy cannot be put into force without a record of it. ${(error as Error).message}`,
    );
  }
}

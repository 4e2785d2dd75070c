import { keyId, type Signer } from '../../approvals/signing/approver-key.ts';
import type { Enrolment } from '../../approvals/signing/enrolment.ts';
import { isSealed, sealOf } from '../../approvals/signing/loosening.ts';
import { policyDigest } from '../../config/applied-state.ts';
import { type PublishedPolicy, publishedSlot } from '../../config/published-policy.ts';

/** Where it lies in the space's bucket. */
export const POLICY_KEY = 'current';

/** `at`: ISO 8601. */
export function publish(
  space: string,
  version: number,
  text: string,
  by: { signer: Signer; at: string },
): PublishedPolicy {
  const thing = { what: 'policy' as const, of: publishedSlot(space, version), digest: policyDigest(text) };
  return { space, version, text, at: by.at, seal: sealOf(thing, by.at, by.signer) };
}

/** Undefined for anything else than a published policy of this space. */
export function readPublished(text: string, space: string): PublishedPolicy | undefined {
  try {
    const value = JSON.parse(text) as Partial<PublishedPolicy>;
    const { version, text: policy, at, seal } = value;
    const fine =
      value.space === space &&
      Number.isSafeInteger(version) &&
      Number(version) > 0 &&
      typeof policy === 'string' &&
      typeof at === 'string' &&
      typeof seal?.statement === 'string' &&
      typeof seal.value === 'string';
    return fine ? (value as PublishedPolicy) : undefined;
  } catch {
    return undefined;
  }
}

/** Who signed it, where that is the key that a member pinned when it joined; undefined: it counts for nothing. */
export function publisherOf(
  policy: PublishedPolicy,
  { approvers }: Enrolment,
  root: string,
): string | undefined {
  const { space, version, text, seal } = policy;
  const pinned = approvers.get(root);
  if (pinned === undefined || keyId(pinned.publicKey) !== root) return undefined;
  const thing = { what: 'policy' as const, of: publishedSlot(space, version), digest: policyDigest(text) };
  return isSealed(seal, thing, { approvers: new Map([[root, pinned]]) }) ? pinned.name : undefined;
}

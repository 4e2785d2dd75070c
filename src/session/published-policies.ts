import type { Enrolment } from '../approvals/signing/enrolment.ts';
import { policyDigest } from '../config/applied-state.ts';
import { loosens } from '../config/loosens.ts';
import { compileOrExplain } from '../config/policy-text.ts';
import { PublishedFile, type PublishedPolicy, publishedSlot } from '../config/published-policy.ts';
import type { Home } from '../platform/home.ts';
import { PlainError } from '../platform/plain-error.ts';
import { publisherOf } from '../team/policy/published.ts';
import { MembershipFile } from '../team/trust/membership.ts';
import { commandBy, recordCommand } from './command-record.ts';

export interface Judging {
  /** The id of the key that this home pinned when it joined. */
  root: string;
  enrolment: Enrolment;
  /** A person here looked at it: it may loosen. */
  person: boolean;
}

/**
 * Takes a published policy over where it may be: signed by the pinned key, newer than what there is, and, without a
 * person here, in no way looser. Recorded before it counts. Rejects with a PlainError for one that is not to be trusted
 * or does not compile.
 */
export async function takePublished(
  home: Home,
  policy: PublishedPolicy,
  { root, enrolment, person }: Judging,
): Promise<'taken' | 'offered' | 'known'> {
  const { space, version, text } = policy;
  const slot = publishedSlot(space, version);
  const file = new PublishedFile(home);
  const { taken, offered } = file.read();
  const members = new MembershipFile(home);
  if (version < members.policyVersion || (taken !== null && version < taken.version))
    throw new PlainError(
      `The relay shows version ${version} of the team's policy, and this machine has had version ${Math.max(members.policyVersion, taken?.version ?? 0)}: it does not go back.`,
    );
  if (version === taken?.version) return 'known';
  const name = publisherOf(policy, enrolment, root);
  if (name === undefined)
    throw new PlainError(
      `The policy that the relay shows (${slot}) is not signed by the key that the team began with, and is not taken.`,
    );
  const layer = await compileOrExplain(text, slot);
  const before =
    taken === null ? undefined : await compileOrExplain(taken.text, publishedSlot(space, taken.version));
  const why = person ? undefined : loosens(before, layer);
  if (why !== undefined) {
    if (offered?.version !== version) file.offer(policy);
    return 'offered';
  }
  const digest = policyDigest(text);
  const previousDigest = taken === null ? policyDigest('') : policyDigest(taken.text);
  const by = person ? { ...commandBy(), signer: name, key: root } : { name, key: root, method: 'team' };
  file.take(policy, () => {
    recordCommand(home, { type: 'policy', event: 'applied', file: slot, digest, previousDigest, by });
    members.policySeen(version);
  });
  return 'taken';
}

/** Throws a PlainError (exit 3) where a policy of the team must be in force here, and is not. */
export function assertPublished(home: Home): void {
  const members = new MembershipFile(home);
  const version = members.policyVersion;
  const { taken } = new PublishedFile(home).read();
  if (version === 0 || (taken !== null && taken.version >= version)) return;
  throw new PlainError(
    `This machine had version ${version} of its team's policy, which is gone, and the policy says that nothing starts without it ("policyRequired"). Take it over again: holdpoint team policy take.`,
    3,
  );
}

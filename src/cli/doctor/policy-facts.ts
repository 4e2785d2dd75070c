import { loadPolicy } from '../../config/applied-policy.ts';
import { findPolicy } from '../../config/find-policy.ts';
import { pendingChanges } from '../../config/pending-change.ts';
import type { PolicyFact } from '../../doctor/policy-findings.ts';
import type { Home } from '../../platform/home.ts';
import { PlainError } from '../../platform/plain-error.ts';
import { DEFAULT_APPROVALS } from '../../policy/decide/default-policy.ts';
import { namesOtherServersOnly } from '../../policy/decide/names-server.ts';
import { sealCheckOf } from '../../session/seal-check.ts';
import { visible } from '../../text/visible.ts';
import { policyProblems } from '../policy/policy-check.ts';
import { acceptedTools } from '../tools/saved-lists.ts';

export interface PolicyHere {
  fact: PolicyFact;
  /** The digest of what is in force; undefined where nothing can be loaded. */
  digest: string | undefined;
  /** In seconds, how long a question may wait. */
  holdSeconds: number;
}

const NOTHING: PolicyFact = {
  fault: undefined,
  file: undefined,
  mode: 'enforce',
  problems: [],
  unapplied: [],
  fresh: [],
  leftAside: [],
  unnamed: [],
};

/** The policy in force here, and what is not as its writer means. `servers`: names that are used. */
export async function policyFacts(home: Home, servers: readonly string[]): Promise<PolicyHere> {
  const usual = DEFAULT_APPROVALS.timeoutMs / 1000;
  try {
    const sealed = sealCheckOf(home);
    const { policy, digest } = await loadPolicy(home, undefined, { firstSeen: 'leave', sealed });
    const found = findPolicy(home, undefined);
    const changes = found === null ? [] : await pendingChanges(home, undefined, sealed);
    const items = [...policy.deny, ...policy.escalate, ...policy.allow];
    const unread = found?.unread ?? found?.untrusted;
    const pending = changes.filter(
      ({ before, after, leftAside, sealed: whole }) =>
        leftAside === undefined && (before !== after || !whole),
    );
    const fact: PolicyFact = {
      ...NOTHING,
      file: found === null ? undefined : visible(found.path),
      mode: policy.mode,
      problems:
        found === null || unread !== undefined
          ? []
          : await policyProblems(home, found, acceptedTools(home, [])),
      unapplied: pending.filter(({ before }) => before !== null).map(({ file }) => visible(file)),
      fresh: pending.filter(({ before }) => before === null).map(({ file }) => visible(file)),
      leftAside: [
        ...(unread === undefined ? [] : [unread]),
        ...changes.flatMap((one) => one.leftAside ?? []),
      ].map(visible),
      unnamed: servers
        .filter((server) => items.length > 0 && namesOtherServersOnly(policy, server))
        .map(visible),
    };
    return { fact, digest, holdSeconds: policy.approvals.timeoutMs / 1000 };
  } catch (error) {
    if (!(error instanceof PlainError)) throw error;
    return { fact: { ...NOTHING, fault: visible(error.message) }, digest: undefined, holdSeconds: usual };
  }
}

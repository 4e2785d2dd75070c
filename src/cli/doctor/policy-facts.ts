import { loadPolicy } from '../../config/applied-policy.ts';
import { findPolicy } from '../../config/find-policy.ts';
import { changesHere } from '../../config/pending-change.ts';
import type { PolicyFact } from '../../doctor/policy-findings.ts';
import type { Home } from '../../platform/home.ts';
import { PlainError } from '../../platform/plain-error.ts';
import { DEFAULT_APPROVALS } from '../../policy/decide/default-policy.ts';
import { namesOtherServersOnly } from '../../policy/decide/names-server.ts';
import { sealCheckOf } from '../../session/seal-check.ts';
import { visible } from '../../text/visible.ts';
import { policyProblems } from '../policy/policy-check.ts';
import { acceptedTools } from '../tools/saved-lists.ts';
import { notifierFault } from './notifier-fault.ts';

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
  gone: [],
  leftAside: [],
  unnamed: [],
  notifier: undefined,
};

/** The policy in force here, and what is not as its writer means. `servers`: names that are used. */
export async function policyFacts(home: Home, servers: readonly string[]): Promise<PolicyHere> {
  const usual = DEFAULT_APPROVALS.timeoutMs / 1000;
  try {
    const sealed = sealCheckOf(home);
    const { policy, digest } = await loadPolicy(home, undefined, { firstSeen: 'leave', sealed });
    const found = findPolicy(home, undefined);
    const changes = await changesHere(home, sealed);
    const items = [...policy.deny, ...policy.escalate, ...policy.allow];
    const unread = found?.unread ?? found?.untrusted;
    const gone = changes.filter(({ before, after }) => before !== null && after === null);
    const pending = changes.filter(
      (one) =>
        one.leftAside === undefined && !gone.includes(one) && (one.before !== one.after || !one.sealed),
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
      gone: gone.map(({ file }) => visible(file)),
      leftAside: [
        ...(unread === undefined ? [] : [unread]),
        ...changes.flatMap((one) => one.leftAside ?? []),
      ].map(visible),
      unnamed: servers
        .filter((server) => items.length > 0 && namesOtherServersOnly(policy, server))
        .map(visible),
      notifier: notifierFault(policy.approvals.notify),
    };
    return { fact, digest, holdSeconds: policy.approvals.timeoutMs / 1000 };
  } catch (error) {
    if (!(error instanceof PlainError)) throw error;
    return { fact: { ...NOTHING, fault: visible(error.message) }, digest: undefined, holdSeconds: usual };
  }
}

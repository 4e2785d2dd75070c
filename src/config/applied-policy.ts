import { DEFAULT_APPROVALS, DEFAULT_AUDIT, DEFAULT_POLICY } from '../policy/decide/default-policy.ts';
import type { Policy } from '../policy/decide/types.ts';
import { compilePolicy } from '../policy/source/compile.ts';
import { describe } from '../policy/source/problems.ts';
import { PlainError } from '../protocol/plain-error.ts';
import { type Applied, AppliedState, policyDigest, USER_SLOT } from './applied-state.ts';
import { findPolicy, type PolicyFile } from './find-policy.ts';
import type { Home } from './home.ts';

export const POLICY_INVALID = 3;

/** The policy that is in force, and what a person should know about it. */
export interface InForce {
  policy: Policy;
  file: string | null;
  /** SHA-256 of the text, lower-case hex; of the empty text for the built-in default. */
  digest: string;
  notices: string[];
  /** Set when this very start applied the first file ever seen, or left one aside. */
  change: PolicyChange | undefined;
}

export interface PolicyChange {
  event: 'applied' | 'ignored';
  file: string;
  digest: string;
  previousDigest?: string;
}

export interface LoadOptions {
  /** `leave`: reading alone applies nothing and sets nothing aside. */
  firstSeen: 'apply' | 'leave';
  /** Called before the first file ever seen comes into force; a throw keeps it from that. */
  record?(change: PolicyChange): void;
}

/** Compiles a text or throws a PlainError (exit 3) with every problem, one a line. */
export function compileOrExplain(text: string, file: string): Policy {
  const { policy, problems } = compilePolicy(text);
  if (policy !== undefined) return policy;
  const lines = problems.map((problem) => describe(problem, file));
  const count = lines.length === 1 ? 'a problem' : `${lines.length} problems`;
  throw new PlainError(`The policy ${file} has ${count}:\n${lines.join('\n')}`, POLICY_INVALID);
}

/**
 * The policy in force for a start: the applied text, not the file's. The first file ever seen is applied; a file of
 * other content stays aside until a person applies it. Throws a PlainError (exit 3) when there is no usable one.
 */
export function loadPolicy(
  home: Home,
  named: string | undefined,
  options: LoadOptions = { firstSeen: 'apply' },
): InForce {
  const found = findPolicy(home, named);
  const slot = named === undefined ? USER_SLOT : (found?.path ?? named);
  const state = new AppliedState(home);
  const damage = options.firstSeen === 'apply' ? state.heal() : state.damage;
  const applied = damage === undefined ? state.of(slot) : undefined;
  const inForce = applied === undefined ? unapplied(state, slot, found, options) : inForceAs(applied, found);
  return damage === undefined ? inForce : { ...inForce, notices: [damage, ...inForce.notices] };
}

function inForceAs(applied: Applied, found: PolicyFile | null): InForce {
  const policy = compileOrExplain(applied.text, `${applied.file} (as applied)`);
  const base = { policy, file: applied.file, digest: applied.digest };
  if (found === null) {
    const notice = `The policy ${applied.file} is gone; what was applied of it stays in force. Run "holdpoint policy apply" to go back to the built-in default.`;
    const change = { event: 'ignored' as const, file: applied.file, digest: policyDigest('') };
    return { ...base, notices: [notice], change };
  }
  const digest = policyDigest(found.text);
  if (digest === applied.digest) return { ...base, notices: [], change: undefined };
  const notice = `The policy ${found.path} has changed since it was applied; the earlier text stays in force. Run "holdpoint policy apply" to see the difference and apply it.`;
  const change = { event: 'ignored' as const, file: found.path, digest, previousDigest: applied.digest };
  return { ...base, notices: [found.untrusted ?? notice], change };
}

function builtIn(notices: string[]): InForce {
  return { policy: DEFAULT_POLICY, file: null, digest: policyDigest(''), notices, change: undefined };
}

/** Nothing of this slot was ever applied, or what was is lost. */
function unapplied(
  state: AppliedState,
  slot: string,
  found: PolicyFile | null,
  { firstSeen, record }: LoadOptions,
): InForce {
  const applies = firstSeen === 'apply';
  if (found === null) {
    if (applies) state.ranWithout(slot);
    return builtIn([]);
  }
  if (found.untrusted !== undefined) {
    // A named policy was meant to be there: without it nothing can be decided as its user wants.
    if (slot !== USER_SLOT) throw new PlainError(found.untrusted, POLICY_INVALID);
    return builtIn([found.untrusted]);
  }
  const policy = compileOrExplain(found.text, found.path);
  if (!state.mayBeFirst(slot)) return restricted(policy, found);
  const change = { event: 'applied' as const, file: found.path, digest: policyDigest(found.text) };
  if (applies) {
    record?.(change);
    state.put(slot, found);
  }
  return { policy, file: found.path, digest: change.digest, notices: [], change };
}

/** What a file may do that nobody applied: ask and refuse, never allow, never change how people are asked. */
function restricted(policy: Policy, { path, text }: PolicyFile): InForce {
  const notice = `The policy ${path} was not applied by anybody yet: its deny and escalate lists count, nothing else of it does. Run "holdpoint policy apply" to put it into force.`;
  const digest = policyDigest(text);
  return {
    policy: {
      ...policy,
      allow: [],
      approvals: { ...DEFAULT_APPROVALS, sign: policy.approvals.sign },
      audit: { ...DEFAULT_AUDIT, redact: policy.audit.redact },
    },
    file: path,
    digest: unappliedDigest(digest),
    notices: [notice],
    change: { event: 'ignored', file: path, digest },
  };
}

/** Names what counts of a text that nobody applied. `digest` is that of the text. */
export function unappliedDigest(digest: string): string {
  return policyDigest(`unapplied ${digest}`);
}

import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { DEFAULT_POLICY } from '../policy/decide/default-policy.ts';
import type { Policy } from '../policy/decide/types.ts';
import { compilePolicy } from '../policy/source/compile.ts';
import { describe } from '../policy/source/problems.ts';
import { PlainError } from '../protocol/plain-error.ts';
import { findPolicy, type PolicyFile } from './find-policy.ts';
import type { Home } from './home.ts';
import { StateFile } from './state-file.ts';

export const POLICY_INVALID = 3;

/** A policy text that a person applied, or the first ever seen. */
export interface Applied {
  file: string;
  digest: string;
  text: string;
  at: string;
}

interface AppliedDocument {
  version: 1;
  /** By slot: `user` for the home's own file, else the absolute path given to `--policy`. */
  applied: Record<string, Applied>;
}

/** The policy that is in force, and what a person should know about it. */
export interface InForce {
  policy: Policy;
  file: string | null;
  /** SHA-256 of the text, lower-case hex; of the empty text for the built-in default. */
  digest: string;
  notices: string[];
  /** Set when this very start applied the first file ever seen, or left a changed one aside. */
  change: { event: 'applied' | 'ignored'; file: string; digest: string; previousDigest?: string } | undefined;
}

export function policyDigest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function document(home: Home): StateFile<AppliedDocument> {
  return new StateFile<AppliedDocument>(join(home.state, 'policies.json'), () => ({
    version: 1,
    applied: {},
  }));
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
 * The policy in force for a start: the applied text, not the file's. The first file ever seen is applied; a file
 * of other content stays aside until a person applies it (`leave`: reading alone applies nothing). Throws a PlainError (exit 3) when there is no usable one.
 */
export function loadPolicy(
  home: Home,
  named: string | undefined,
  options: { firstSeen: 'apply' | 'leave' } = { firstSeen: 'apply' },
): InForce {
  const found = findPolicy(home, named);
  const slot = named === undefined ? 'user' : (found?.path ?? named);
  const applied = document(home).read().applied[slot];
  if (applied === undefined)
    return found === null ? builtIn([]) : firstSeen(home, slot, found, options.firstSeen === 'apply');
  const policy = compileOrExplain(applied.text, `${applied.file} (as applied)`);
  const base = { policy, file: applied.file, digest: applied.digest };
  if (found === null) {
    const notice = `The policy ${applied.file} is gone; what was applied of it stays in force. Run "holdpoint policy apply" to go back to the built-in default.`;
    return {
      ...base,
      notices: [notice],
      change: { event: 'ignored', file: applied.file, digest: policyDigest('') },
    };
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

function firstSeen(home: Home, slot: string, found: PolicyFile, apply: boolean): InForce {
  if (found.untrusted !== undefined) {
    // A named policy was meant to be there: without it nothing can be decided as its user wants.
    if (slot !== 'user') throw new PlainError(found.untrusted, POLICY_INVALID);
    return builtIn([found.untrusted]);
  }
  const policy = compileOrExplain(found.text, found.path);
  const digest = policyDigest(found.text);
  if (apply) applyText(home, slot, found);
  const change = { event: 'applied' as const, file: found.path, digest };
  return { policy, file: found.path, digest, notices: [], change };
}

function applyText(home: Home, slot: string, found: PolicyFile): void {
  const digest = policyDigest(found.text);
  document(home).update((data) => {
    data.applied[slot] = { file: found.path, digest, text: found.text, at: new Date().toISOString() };
  });
}

/** What `policy apply` would do: the text in force and the text that would replace it (null: the built-in default). */
export interface PendingChange {
  slot: string;
  file: string;
  before: string | null;
  after: string | null;
  found: PolicyFile | null;
  digests: { digest: string; previousDigest: string };
}

/** Finds what there is to apply. Throws a PlainError for a file that must not be or cannot be used. */
export function pendingChange(home: Home, named: string | undefined): PendingChange {
  const found = findPolicy(home, named);
  const slot = named === undefined ? 'user' : (found?.path ?? named);
  const applied = document(home).read().applied[slot];
  if (found === null && applied === undefined) {
    throw new PlainError(
      `There is no policy file in ${home.root} yet. Write ${join(home.root, 'policy.json')} first.`,
    );
  }
  if (found?.untrusted !== undefined) throw new PlainError(found.untrusted);
  if (found !== null) compileOrExplain(found.text, found.path);
  const file = found?.path ?? applied?.file ?? '';
  const before = applied?.text ?? null;
  const after = found?.text ?? null;
  const digests = { digest: policyDigest(after ?? ''), previousDigest: policyDigest(before ?? '') };
  return { slot, file, before, after, found, digests };
}

/** Puts a pending change into force for every later start. */
export function applyChange(home: Home, change: PendingChange): void {
  if (change.found !== null) return applyText(home, change.slot, change.found);
  document(home).update((data) => {
    delete data.applied[change.slot];
  });
}

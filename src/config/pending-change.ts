import { join } from 'node:path';
import { PlainError } from '../protocol/plain-error.ts';
import { compileOrExplain } from './applied-policy.ts';
import { AppliedState, policyDigest, USER_SLOT } from './applied-state.ts';
import { findPolicy, type PolicyFile } from './find-policy.ts';
import type { Home } from './home.ts';

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
  const slot = named === undefined ? USER_SLOT : (found?.path ?? named);
  const applied = new AppliedState(home).of(slot);
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
  const state = new AppliedState(home);
  if (change.found === null) state.remove(change.slot);
  else state.put(change.slot, change.found);
}

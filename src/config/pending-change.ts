import { basename, join, resolve } from 'node:path';
import { PlainError } from '../protocol/plain-error.ts';
import { type Applied, AppliedState, policyDigest, USER_SLOT } from './applied-state.ts';
import { findPolicy, findProject, type PolicyFile } from './find-policy.ts';
import type { Home } from './home.ts';
import { PROJECT_PLACES } from './policy-places.ts';
import { compileOrExplain } from './policy-text.ts';
import { appliedAbove, projectSlot } from './project-policy.ts';

/** What `policy apply` would do: the text in force and the text that would replace it (null: nothing of it). */
export interface PendingChange {
  slot: string;
  file: string;
  before: string | null;
  after: string | null;
  found: PolicyFile | null;
  digests: { digest: string; previousDigest: string };
}

/**
 * Finds what there is to apply: the named file, or the user's and the project's. Those that are in force as they
 * stand have equal texts. Rejects with a PlainError for a file that must not be or cannot be used.
 */
export async function pendingChanges(home: Home, named: string | undefined): Promise<PendingChange[]> {
  const state = new AppliedState(home);
  if (named === undefined) {
    const user = await userChange(home, state);
    const project = await projectChanges(home, state, process.cwd());
    if (user === undefined && project.length === 0) {
      throw new PlainError(
        `There is no policy file in ${home.root} yet. Write ${join(home.root, 'policy.json')} first, or run "holdpoint policy init".`,
      );
    }
    return [...(user === undefined ? [] : [user]), ...project];
  }
  const path = resolve(named);
  if (!PROJECT_PLACES.includes(basename(path))) return [await namedChange(home, state, path)];
  const slot = projectSlot(path);
  const applied = state.of(slot);
  // A project's file that is gone is named in order to do without it.
  if (applied !== undefined && !findProjectFile(home, path)) return [await changeOf(slot, null, applied)];
  const found = findPolicy(home, path);
  const changes = [await changeOf(slot, found, applied)];
  // The same file may also have been named by run --policy.
  const byName = state.of(path);
  return byName === undefined ? changes : [...changes, await changeOf(path, found, byName)];
}

function findProjectFile(home: Home, path: string): boolean {
  return findProject(home, resolve(path, '..')).some((file) => file.path === path);
}

async function userChange(home: Home, state: AppliedState): Promise<PendingChange | undefined> {
  const found = findPolicy(home, undefined);
  const applied = state.of(USER_SLOT);
  return found === null && applied === undefined ? undefined : changeOf(USER_SLOT, found, applied);
}

async function namedChange(home: Home, state: AppliedState, path: string): Promise<PendingChange> {
  const found = findPolicy(home, path);
  const inHome = found?.path === findPolicy(home, undefined)?.path;
  const slot = inHome ? USER_SLOT : (found?.path ?? path);
  return changeOf(slot, found, state.of(slot));
}

async function projectChanges(home: Home, state: AppliedState, from: string): Promise<PendingChange[]> {
  const found = findProject(home, from);
  const changes: PendingChange[] = [];
  for (const file of found) {
    const slot = projectSlot(file.path);
    changes.push(await changeOf(slot, file, state.of(slot)));
  }
  const there = found.map(({ path }) => path);
  for (const [slot, applied] of appliedAbove(state, from)) {
    if (!there.includes(applied.file)) changes.push(await changeOf(slot, null, applied));
  }
  return changes;
}

async function changeOf(
  slot: string,
  found: PolicyFile | null,
  applied: Applied | undefined,
): Promise<PendingChange> {
  if (found?.untrusted !== undefined) throw new PlainError(found.unread ?? found.untrusted);
  if (found !== null) await compileOrExplain(found.text, found.path);
  const file = found?.path ?? applied?.file ?? '';
  const before = applied?.text ?? null;
  const after = found?.text ?? null;
  const digests = { digest: policyDigest(after ?? ''), previousDigest: policyDigest(before ?? '') };
  return { slot, file, before, after, found, digests };
}

/** Puts a pending change into force for every later start; not when `record`, called right before, throws. */
export function applyChange(home: Home, change: PendingChange, record?: () => void): void {
  const state = new AppliedState(home);
  if (change.found === null) state.remove(change.slot, record);
  else state.put(change.slot, change.found, record);
}

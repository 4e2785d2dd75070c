import { basename, join, resolve } from 'node:path';
import type { Home } from '../platform/home.ts';
import { PlainError } from '../platform/plain-error.ts';
import { AppliedState, type Put, policyDigest, USER_SLOT } from './applied-state.ts';
import { findPolicy, findProject, type PolicyFile } from './find-policy.ts';
import { PROJECT_PLACES } from './policy-places.ts';
import { compileOrExplain } from './policy-text.ts';
import { notifierIn } from './project-policy.ts';
import { appliedAbove, projectSlot } from './project-slots.ts';
import type { SealCheck } from './seals.ts';
import { isSigned } from './signed-less.ts';

/** What `policy apply` would do: the text in force and the text that would replace it (null: nothing of it). */
export interface PendingChange {
  slot: string;
  file: string;
  before: string | null;
  after: string | null;
  found: PolicyFile | null;
  digests: { digest: string; previousDigest: string };
  /** Whether what is in force stands under an approver's signature, or needs none. */
  sealed: boolean;
  /** Why a project's file was not read: it changes nothing, and keeps no other file from being applied. */
  leftAside?: string;
}

/** What a change is found by. */
interface Known {
  state: AppliedState;
  check: SealCheck | undefined;
}

/**
 * Finds what there is to apply: the named file, or the user's and the project's. Those that are in force as they
 * stand have equal texts. Rejects with a PlainError for a file that must not be or cannot be used.
 */
export async function pendingChanges(
  home: Home,
  named: string | undefined,
  check?: SealCheck,
): Promise<PendingChange[]> {
  if (named === undefined) {
    const changes = await changesHere(home, check);
    if (changes.length > 0) return changes;
    throw new PlainError(
      `There is no policy file in ${home.root} yet. Write ${join(home.root, 'policy.json')} first, or run "holdpoint policy init".`,
    );
  }
  const state = new AppliedState(home);
  const known = { state, check };
  const path = resolve(named);
  if (!PROJECT_PLACES.includes(basename(path))) return [await namedChange(home, known, path)];
  const slot = projectSlot(path);
  const applied = state.of(slot);
  // A project's file that is gone is named in order to do without it.
  if (applied !== undefined && !findProjectFile(home, path)) return [await changeOf(known, slot, null)];
  const found = findPolicy(home, path);
  const read = found !== null && found.untrusted === undefined;
  const changes = [read ? await projectChange(known, slot, found) : await changeOf(known, slot, found)];
  // The same file may also have been named by run --policy.
  return state.of(path) === undefined ? changes : [...changes, await changeOf(known, path, found)];
}

/** The same for the user's file alone; undefined where there is none and none was applied. */
export function changeOfUser(home: Home, check?: SealCheck): Promise<PendingChange | undefined> {
  return userChange(home, { state: new AppliedState(home), check });
}

/** The same for the user's file and the project's: none where there is no file and none was applied. */
export async function changesHere(home: Home, check?: SealCheck): Promise<PendingChange[]> {
  const known = { state: new AppliedState(home), check };
  const user = await userChange(home, known);
  const project = await projectChanges(home, known, process.cwd());
  return [...(user === undefined ? [] : [user]), ...project];
}

function findProjectFile(home: Home, path: string): boolean {
  return findProject(home, resolve(path, '..')).some((file) => file.path === path);
}

async function userChange(home: Home, known: Known): Promise<PendingChange | undefined> {
  const found = findPolicy(home, undefined);
  const change = await changeOf(known, USER_SLOT, found);
  return found === null && change.before === null && change.sealed ? undefined : change;
}

async function namedChange(home: Home, known: Known, path: string): Promise<PendingChange> {
  const found = findPolicy(home, path);
  const inHome = found?.path === findPolicy(home, undefined)?.path;
  const slot = inHome ? USER_SLOT : (found?.path ?? path);
  return changeOf(known, slot, found);
}

async function projectChanges(home: Home, known: Known, from: string): Promise<PendingChange[]> {
  const found = findProject(home, from);
  const changes: PendingChange[] = [];
  for (const file of found) {
    const slot = projectSlot(file.path);
    changes.push(await projectChange(known, slot, file));
  }
  const there = found.map(({ path }) => path);
  for (const [slot, applied] of appliedAbove(known.state, from)) {
    if (!there.includes(applied.file)) changes.push(await changeOf(known, slot, null));
  }
  return changes;
}

/** Of a project's file: one that names a command is never applied, and keeps no other from being applied. */
async function projectChange(known: Known, slot: string, found: PolicyFile): Promise<PendingChange> {
  const { path, text, untrusted, unread } = found;
  if (untrusted !== undefined) return leftAside(slot, found, unread ?? untrusted);
  const notifier = notifierIn(await compileOrExplain(text, path), path);
  return notifier === undefined ? changeOf(known, slot, found) : leftAside(slot, found, notifier);
}

function leftAside(slot: string, { path }: PolicyFile, why: string): PendingChange {
  const digests = { digest: policyDigest(''), previousDigest: policyDigest('') };
  const same = { before: null, after: null, found: null, digests, sealed: true };
  return { ...same, slot, file: path, leftAside: why };
}

async function changeOf(
  { state, check }: Known,
  slot: string,
  found: PolicyFile | null,
): Promise<PendingChange> {
  const applied = state.of(slot);
  if (found?.untrusted !== undefined) throw new PlainError(found.unread ?? found.untrusted);
  if (found !== null) await compileOrExplain(found.text, found.path);
  const file = found?.path ?? applied?.file ?? '';
  const before = applied?.text ?? null;
  const after = found?.text ?? null;
  const digests = { digest: policyDigest(after ?? ''), previousDigest: policyDigest(before ?? '') };
  const absent = { what: 'policy', of: slot, digest: digests.previousDigest } as const;
  const sealed =
    check === undefined ||
    (applied === undefined ? check(state.absenceOf(slot), absent) : await isSigned(applied, slot, check));
  return { slot, file, before, after, found, digests, sealed };
}

/**
 * Puts a pending change into force; not when its record, made right before, throws, and not over what somebody else
 * applied since it was looked at. Throws a PlainError.
 */
export function applyChange(home: Home, change: PendingChange, put?: Put): void {
  const state = new AppliedState(home);
  const expected = change.before === null ? undefined : change.digests.previousDigest;
  const checked = { ...put, expected: { digest: expected } };
  if (change.found === null) state.remove(change.slot, checked);
  else state.put(change.slot, change.found, checked);
}

import { dirname } from 'node:path';
import type { Applied, AppliedState } from './applied-state.ts';

const PREFIX = 'project:';

/** The slot of a project's file among the applied texts. */
export function projectSlot(path: string): string {
  return `${PREFIX}${path}`;
}

/** What was applied of files in this folder and those above it, there or not: a removed `.git` hides none of it. */
export function appliedAbove(state: AppliedState, folder: string): [slot: string, applied: Applied][] {
  return state
    .all()
    .filter(([slot]) => slot.startsWith(PREFIX) && isAbove(dirname(slot.slice(PREFIX.length)), folder));
}

function isAbove(folder: string, inner: string): boolean {
  return inner === folder || inner.startsWith(folder === '/' ? '/' : `${folder}/`);
}

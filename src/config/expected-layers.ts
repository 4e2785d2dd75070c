import { type AppliedState, policyDigest, USER_SLOT, unappliedDigest } from './applied-state.ts';
import type { LayerInForce } from './layer-in-force.ts';
import type { PolicyContext, PolicySources } from './policy-sources.ts';
import { appliedAbove, projectSlot } from './project-slots.ts';
import type { PolicyRead } from './read-policy-file.ts';

/** Of a layer, what follows from its file and what was applied of it, before anything is compiled. */
export type ExpectedLayer = Pick<LayerInForce, 'name' | 'counts' | 'file' | 'digest'>;

const NOTHING = policyDigest('');

/**
 * The layers that `loadPolicy` makes of these sources where all of them compile and nobody is enrolled: which text
 * each is of, and how much of it counts. Pure but for the document of applied texts.
 */
export function expectedLayers(
  { administrator, user, project }: PolicySources,
  state: AppliedState,
  context: PolicyContext,
): ExpectedLayer[] {
  const theirs = administrator
    .filter(({ untrusted }) => untrusted === undefined)
    .map(({ path, text }): ExpectedLayer => {
      return { name: 'administrator', counts: 'all', file: path, digest: policyDigest(text) };
    });
  const there = new Set(project.map(({ path }) => projectSlot(path)));
  const gone = appliedAbove(state, context.workingFolder).filter(([slot]) => !there.has(slot));
  return [
    ...theirs,
    userLayer(user[0], state, context.named ?? USER_SLOT),
    ...project.flatMap((file) => projectLayers(file, state)),
    ...gone.map(([, { file, digest }]) => tightening(file, digest)),
  ];
}

function userLayer(found: PolicyRead | undefined, state: AppliedState, slot: string): ExpectedLayer {
  const applied = state.of(slot);
  const layer = { name: 'user', counts: 'all' } as const;
  if (applied !== undefined) return { ...layer, file: applied.file, digest: applied.digest };
  if (found === undefined || found.untrusted !== undefined) return { ...layer, file: null, digest: NOTHING };
  return { ...layer, file: found.path, digest: unappliedDigest(policyDigest(found.text)) };
}

function projectLayers({ path, text, untrusted }: PolicyRead, state: AppliedState): ExpectedLayer[] {
  const applied = state.of(projectSlot(path));
  const formerly = applied === undefined ? [] : [tightening(applied.file, applied.digest)];
  if (untrusted !== undefined) return applied === undefined ? [tightening(path, NOTHING)] : formerly;
  const digest = policyDigest(text);
  if (applied?.digest === digest) return [{ name: 'project', counts: 'lists', file: path, digest }];
  return [tightening(path, unappliedDigest(digest)), ...formerly];
}

function tightening(file: string, digest: string): ExpectedLayer {
  return { name: 'project', counts: 'tightening', file, digest };
}

/** Whether layers are the expected ones, in their order. */
export function areExpected(layers: readonly ExpectedLayer[], expected: readonly ExpectedLayer[]): boolean {
  const names = (all: readonly ExpectedLayer[]): string =>
    JSON.stringify(all.map(({ name, counts, file, digest }) => [name, counts, file, digest]));
  return names(layers) === names(expected);
}

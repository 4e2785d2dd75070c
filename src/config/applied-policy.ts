import { EXIT } from '../platform/exit-codes.ts';
import type { Home } from '../platform/home.ts';
import { PlainError } from '../platform/plain-error.ts';
import { EMPTY_LAYER } from '../policy/source/merge-layers.ts';
import { type Applied, AppliedState, policyDigest, USER_SLOT } from './applied-state.ts';
import { findAdministrator, findPolicy, type PolicyFile } from './find-policy.ts';
import { type InForce, inForceOf } from './in-force.ts';
import { type LayerInForce, type PolicyChange, refusedFile } from './layer-in-force.ts';
import { ADMINISTRATOR } from './policy-places.ts';
import { compileOrExplain } from './policy-text.ts';
import { projectLayers } from './project-policy.ts';
import { publishedLayer } from './published-policy.ts';
import { restricted, unsealed } from './restricted-policy.ts';
import type { SealCheck } from './seals.ts';
import { isSigned } from './signed-less.ts';

export interface LoadOptions {
  /** `leave`: reading alone applies nothing and sets nothing aside. */
  firstSeen: 'apply' | 'leave';
  /** Called before the first file ever seen comes into force; a throw keeps it from that. */
  record?(change: PolicyChange): void;
  /** Where the server works: from there a project's policy is looked for. Default: the process's own. */
  workingFolder?: string;
  /** While somebody is enrolled: only what they signed is in force. */
  sealed?: SealCheck | undefined;
  /** The administrator's folder, for tests. */
  administrator?: string;
}

/**
 * The policy in force for a start: the administrator's as it stands, the user's applied text, the project's. The
 * first file ever seen is applied; a file of other content stays aside until a person applies it. Rejects with a
 * PlainError (exit 3) when there is no usable one.
 */
export async function loadPolicy(
  home: Home,
  named: string | undefined,
  options: LoadOptions = { firstSeen: 'apply' },
): Promise<InForce> {
  const { workingFolder = process.cwd(), administrator = ADMINISTRATOR } = options;
  const state = new AppliedState(home);
  const damage = options.firstSeen === 'apply' ? state.heal() : state.damage;
  const theirs = await administratorLayers(home, administrator);
  const layers = [
    ...theirs.layers,
    ...[await publishedLayer(home, options.sealed)].filter((one) => one !== undefined),
    await userLayer(home, named, state, options),
    ...(await projectLayers(home, state, { workingFolder, sealed: options.sealed })),
  ];
  const notices = [...theirs.refused.map(({ why = '' }) => why), ...layers.flatMap((one) => one.notices)];
  return {
    ...inForceOf(layers),
    notices: damage === undefined ? notices : [damage, ...notices],
    changes: [...theirs.refused, ...layers.flatMap((one) => one.changes)],
  };
}

async function administratorLayers(
  home: Home,
  folder: string,
): Promise<{ layers: LayerInForce[]; refused: PolicyChange[] }> {
  const layers: LayerInForce[] = [];
  const refused: PolicyChange[] = [];
  for (const file of findAdministrator(home, folder)) {
    const { path, text, untrusted } = file;
    if (untrusted !== undefined) {
      refused.push(refusedFile(file, untrusted));
      continue;
    }
    const layer = await compileOrExplain(text, path);
    const digest = policyDigest(text);
    layers.push({ ...nothing(), name: 'administrator', layer, file: path, digest });
  }
  return { layers, refused };
}

function nothing(): LayerInForce {
  const layer = EMPTY_LAYER;
  return {
    name: 'user',
    layer,
    counts: 'all',
    file: null,
    digest: policyDigest(''),
    notices: [],
    changes: [],
  };
}

async function userLayer(
  home: Home,
  named: string | undefined,
  state: AppliedState,
  options: LoadOptions,
): Promise<LayerInForce> {
  const found = findPolicy(home, named);
  const slot = named === undefined ? USER_SLOT : (found?.path ?? named);
  const applied = state.damage === undefined ? state.of(slot) : undefined;
  const { sealed } = options;
  if (sealed !== undefined) {
    const isSealed =
      applied === undefined
        ? sealed(state.absenceOf(slot), { what: 'policy', of: slot, digest: policyDigest('') })
        : await isSigned(applied, slot, sealed);
    // A file that only turns up now was signed by nobody, whether there was none before or not.
    if (!isSealed || (applied === undefined && found !== null)) return unsealed(applied, found);
  }
  return applied === undefined ? unapplied(state, slot, found, options) : inForceAs(applied, found);
}

async function inForceAs(applied: Applied, found: PolicyFile | null): Promise<LayerInForce> {
  const layer = await compileOrExplain(applied.text, applied.file, `${applied.file} (as applied)`);
  const base = { ...nothing(), layer, file: applied.file, digest: applied.digest };
  if (found === null) {
    const notice = `The policy ${applied.file} is gone; what was applied of it stays in force. Run "holdpoint policy apply" to go back to the built-in default.`;
    const change = { event: 'ignored' as const, file: applied.file, digest: policyDigest('') };
    return { ...base, notices: [notice], changes: [change] };
  }
  const digest = policyDigest(found.text);
  if (digest === applied.digest) return base;
  if (found.untrusted !== undefined) {
    const why = `${found.untrusted} What was applied of it stays in force.`;
    return { ...base, notices: [why], changes: [refusedFile(found, why, applied.digest)] };
  }
  const notice = `The policy ${found.path} has changed since it was applied; the earlier text stays in force. Run "holdpoint policy apply" to see the difference and apply it.`;
  const change = { event: 'ignored' as const, file: found.path, digest, previousDigest: applied.digest };
  return { ...base, notices: [notice], changes: [change] };
}

/** Nothing of this slot was ever applied, or what was is lost. */
async function unapplied(
  state: AppliedState,
  slot: string,
  found: PolicyFile | null,
  { firstSeen, record }: LoadOptions,
): Promise<LayerInForce> {
  const applies = firstSeen === 'apply';
  if (found === null) {
    if (applies) state.ranWithout(slot);
    return nothing();
  }
  if (found.untrusted !== undefined) {
    // A named policy was meant to be there: without it nothing can be decided as its user wants.
    if (slot !== USER_SLOT) throw new PlainError(found.untrusted, EXIT.policyInvalid);
    const why = `${found.untrusted} Nothing that it denies or allows counts.`;
    return { ...nothing(), notices: [why], changes: [refusedFile(found, why)] };
  }
  const layer = await compileOrExplain(found.text, found.path);
  if (!state.mayBeFirst(slot)) return restricted(layer, found);
  const change = { event: 'applied' as const, file: found.path, digest: policyDigest(found.text) };
  if (applies) {
    state.putFirst(slot, found, () => record?.(change));
  }
  return { ...nothing(), layer, file: found.path, digest: change.digest, changes: [change] };
}

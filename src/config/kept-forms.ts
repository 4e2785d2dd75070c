import type { Home } from '../platform/home.ts';
import { compileLayer, formatOf, type PolicyLayer } from '../policy/source/compile.ts';
import { keptText } from '../policy/source/kept-layer.ts';
import { EMPTY_LAYER, type LayerName } from '../policy/source/merge-layers.ts';
import { AppliedState, policyDigest, unappliedDigest } from './applied-state.ts';
import { formDigest } from './kept-policy.ts';
import { ADMINISTRATOR } from './policy-places.ts';
import { policySources } from './policy-sources.ts';
import { unreadableApplied, unreadableFile } from './project-policy.ts';
import { readPolicyFile } from './read-policy-file.ts';
import { tightening } from './restricted-policy.ts';

/** What may be kept of a text: by `layer digest`, as a session's record names them, the digests of its kept forms. */
export type KeptForms = ReadonlyMap<string, readonly string[]>;

interface Text {
  path: string;
  text: string;
}

/**
 * Compiles every policy text that is known here again, for `audit verify`: what was applied, and what lies in the
 * home, at the administrator's place and in this working folder. Never rejects.
 */
export async function keptForms(home: Home, workingFolder: string): Promise<KeptForms> {
  const forms = new Map<string, string[]>();
  const add = (name: LayerName, digest: string, layer: PolicyLayer): void => {
    const key = `${name} ${digest}`;
    forms.set(key, [...(forms.get(key) ?? []), formDigest(keptText(layer))]);
  };
  for (const name of ['user', 'project'] as const) add(name, policyDigest(''), EMPTY_LAYER);
  for (const { path, text } of textsOf(home, workingFolder)) {
    const digest = policyDigest(text);
    const { layer } = await compileLayer(text, formatOf(path, text));
    if (layer !== undefined) {
      for (const name of ['administrator', 'user', 'project'] as const) add(name, digest, layer);
      add('user', unappliedDigest(digest), tightening(layer));
    }
    add('project', unappliedDigest(digest), layer ?? unreadableFile(path));
    if (layer === undefined) add('project', digest, unreadableApplied(path));
  }
  return forms;
}

function textsOf(home: Home, workingFolder: string): Text[] {
  const applied = appliedTexts(home);
  const where = { named: undefined, workingFolder, administrator: ADMINISTRATOR };
  const { administrator, user, project } = policySources(home, where);
  const now = applied.flatMap(({ path }) => readPolicyFile(path) ?? []);
  const all = [...applied, ...administrator, ...user, ...project, ...now].map(({ path, text }) => ({
    path,
    text,
  }));
  return [...new Map(all.map((one) => [JSON.stringify(one), one])).values()];
}

function appliedTexts(home: Home): Text[] {
  try {
    return new AppliedState(home).all().map(([, { file, text }]) => ({ path: file, text }));
  } catch {
    return [];
  }
}

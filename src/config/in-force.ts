import type { Policy } from '../policy/decide/types.ts';
import { mergeLayers } from '../policy/source/merge-layers.ts';
import { policyDigest } from './applied-state.ts';
import type { LayerInForce, PolicyChange } from './layer-in-force.ts';

/** The policy that is in force, and what a person should know about it. */
export interface InForce {
  policy: Policy;
  /** The user's policy file; null: the built-in default. */
  file: string | null;
  /** Of the user's text when there is nothing else, else over the digests of all layers. */
  digest: string;
  layers: LayerInForce[];
  notices: string[];
  /** What this very start applied as the first ever seen, or left aside. */
  changes: PolicyChange[];
  /** Where it was compiled at an earlier start: of each layer, the digest of what was kept of it. */
  compiled?: readonly string[];
}

/** What layers make together. */
export function inForceOf(layers: LayerInForce[]): Pick<InForce, 'policy' | 'file' | 'digest' | 'layers'> {
  const user = layers.find(({ name }) => name === 'user');
  return {
    policy: {
      ...mergeLayers(layers),
      builtIn: layers.every((one) => (one.file === null && one.unsealed !== true) || one.name === 'project'),
    },
    file: user?.file ?? null,
    digest: digestOf(layers),
    layers,
  };
}

/** Names a policy of several layers; `audit verify` works it out again from the record of a session. */
function digestOf(layers: readonly LayerInForce[]): string {
  const [only, ...more] = layers;
  if (only === undefined || more.length === 0) return only?.digest ?? policyDigest('');
  return policyDigest(layers.map(({ name, digest }) => `${name} ${digest}\n`).join(''));
}

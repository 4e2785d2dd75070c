import { join } from 'node:path';
import type { Home } from '../platform/home.ts';
import { StateFile } from '../platform/state-file.ts';
import { EMPTY_LAYER, unreadableLayer } from '../policy/source/merge-layers.ts';
import { policyDigest } from './applied-state.ts';
import type { LayerInForce } from './layer-in-force.ts';
import { compileOrExplain } from './policy-text.ts';
import type { Seal, SealCheck } from './seals.ts';

/** A policy that a team published for its machines, as it was taken over. */
export interface PublishedPolicy {
  space: string;
  version: number;
  text: string;
  /** ISO 8601. */
  at: string;
  seal: Seal;
}

interface Document {
  version: 1;
  /** In force here; null: none was ever taken over. */
  taken: PublishedPolicy | null;
  /** Published since, and not taken by itself: it would loosen. */
  offered: PublishedPolicy | null;
}

/** What the seal under a published policy names. */
export function publishedSlot(space: string, version: number): string {
  return `team ${space}, version ${version}`;
}

/** `state/team-policy.json`. */
export class PublishedFile {
  private readonly state: StateFile<Document>;

  constructor(home: Home) {
    this.state = new StateFile<Document>(
      join(home.state, 'team-policy.json'),
      () => ({ version: 1, taken: null, offered: null }),
      (data) => {
        const { taken, offered } = (data ?? {}) as Partial<Document>;
        return taken !== undefined && offered !== undefined;
      },
    );
  }

  /** `damage`: a sentence; then what was published cannot be told. */
  read(): { taken: PublishedPolicy | null; offered: PublishedPolicy | null; damage: string | undefined } {
    const { data, damage } = this.state.load();
    return { taken: data.taken, offered: data.offered, damage };
  }

  /** Called with the lock held; `record` before it counts. */
  take(policy: PublishedPolicy, record: () => void): void {
    this.state.update((data) => {
      data.taken = policy;
      data.offered = null;
    }, record);
  }

  offer(policy: PublishedPolicy): void {
    this.state.update((data) => {
      data.offered = policy;
    });
  }

  /** The home leaves its team. */
  forget(): void {
    this.state.update((data) => {
      data.taken = null;
      data.offered = null;
    });
  }
}

/** The layer of what a team published; undefined where nothing was. What cannot be relied on asks about everything. */
export async function publishedLayer(
  home: Home,
  sealed: SealCheck | undefined,
): Promise<LayerInForce | undefined> {
  const { taken, offered, damage } = new PublishedFile(home).read();
  if (damage !== undefined)
    return layerOf(null, unreadableLayer('What the team published cannot be read'), [damage]);
  if (taken === null) return undefined;
  const { space, version, text, seal } = taken;
  const slot = publishedSlot(space, version);
  const digest = policyDigest(text);
  if (sealed?.(seal, { what: 'policy', of: slot, digest }) !== true)
    return layerOf(slot, unreadableLayer('What the team published is not signed by an approver'), [
      `The policy that the team "${space}" published (version ${version}) is not signed by anybody who may approve now: until one that is comes, every call is asked about.`,
    ]);
  const newer = offered === null ? [] : [offerNotice(offered)];
  return { ...layerOf(slot, await compileOrExplain(text, slot), newer), digest };
}

export function offerNotice({ space, version }: PublishedPolicy): string {
  return `The team "${space}" published version ${version} of its policy, which allows more than the one in force here: look at it and take it over with "holdpoint team policy take".`;
}

function layerOf(file: string | null, layer: LayerInForce['layer'], notices: string[]): LayerInForce {
  const none = { counts: 'all' as const, digest: policyDigest(''), changes: [] };
  return { ...none, name: 'administrator', layer: layer ?? EMPTY_LAYER, file, notices };
}

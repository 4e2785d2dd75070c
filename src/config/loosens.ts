import type { PolicyLayer } from '../policy/source/compile.ts';
import { keptText } from '../policy/source/kept-layer.ts';
import { EMPTY_LAYER } from '../policy/source/merge-layers.ts';

interface Kept {
  settings: unknown;
  lists: Record<'deny' | 'escalate' | 'allow', unknown[]>;
}

/**
 * Why a layer may let through what another does not, as the end of a sentence; undefined: it only denies or asks for
 * more. By its text: an item that is written otherwise counts as another one, and so do settings.
 */
export function loosens(before: PolicyLayer | undefined, after: PolicyLayer): string | undefined {
  const [old, now] = [before ?? EMPTY_LAYER, after].map((layer) => JSON.parse(keptText(layer)) as Kept) as [
    Kept,
    Kept,
  ];
  const lacks = (of: Kept, list: keyof Kept['lists'], than: Kept): boolean => {
    const there = new Set(of.lists[list].map((item) => JSON.stringify(item)));
    return than.lists[list].some((item) => !there.has(JSON.stringify(item)));
  };
  if (lacks(old, 'allow', now)) return 'it allows more';
  if (lacks(now, 'deny', old)) return 'it denies less';
  if (lacks(now, 'escalate', old)) return 'it asks about less';
  return JSON.stringify(old.settings) === JSON.stringify(now.settings) ? undefined : 'its settings differ';
}

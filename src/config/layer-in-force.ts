import type { CountedLayer } from '../policy/source/merge-layers.ts';

/** One policy file's part of what is in force. */
export interface LayerInForce extends CountedLayer {
  file: string | null;
  /** SHA-256 of the text that counts, lower-case hex; of the empty text for none. */
  digest: string;
  notices: string[];
  changes: PolicyChange[];
}

export interface PolicyChange {
  event: 'applied' | 'ignored';
  file: string;
  digest: string;
  previousDigest?: string;
}

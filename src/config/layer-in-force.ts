import type { CountedLayer } from '../policy/source/merge-layers.ts';
import { policyDigest } from './applied-state.ts';
import type { PolicyFile } from './find-policy.ts';

/** One policy file's part of what is in force. */
export interface LayerInForce extends CountedLayer {
  file: string | null;
  /** SHA-256 of the text that counts, lower-case hex; of the empty text for none. */
  digest: string;
  notices: string[];
  changes: PolicyChange[];
  /** Somebody is enrolled, and nobody of them signed this: it only tightens. */
  unsealed?: true;
}

export interface PolicyChange {
  event: 'applied' | 'ignored';
  file: string;
  digest: string;
  previousDigest?: string;
  /** Why an ignored file counts for nothing at all: its sentence. */
  why?: string;
}

/** Of a file that counts for nothing: for the record. `why` is its sentence. */
export function refusedFile({ path, text }: PolicyFile, why: string, previousDigest?: string): PolicyChange {
  const change = { event: 'ignored' as const, file: path, digest: policyDigest(text), why };
  return previousDigest === undefined ? change : { ...change, previousDigest };
}

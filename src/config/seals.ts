/** A signature under what was put into force, as it lies beside it: the signed text, and the signature in base64url. */
export interface Seal {
  statement: string;
  value: string;
}

/**
 * What an approver puts into force besides single calls: a policy's text in its slot, the tools of a server by its
 * name. `digest`: SHA-256 of what counts from now on, lower-case hex; of the empty text where nothing does any more.
 */
export interface SealedThing {
  what: 'policy' | 'tools';
  of: string;
  digest: string;
}

/** Whether somebody who may approve now signed exactly this. In a home without approvers there is none to ask. */
export type SealCheck = (seal: Seal | undefined, thing: SealedThing) => boolean;

import type { Decision } from './types.ts';

/** Where a call comes from that a person changed: what the agent had asked for. */
export interface EditedFrom {
  /** The running number of the call as its client sent it. */
  call: number;
  /** The hold in which it waited. */
  hold: string;
  /** Who changed it: a name of the operating system, which proves no more. */
  by: string;
  /** Source text of the arguments that they changed. */
  before: string;
}

/** A call that waits, with other arguments that a person gave it. */
export interface Edit {
  /** The judged line with them in the place of its own. */
  line: Uint8Array;
  /** How it is decided now; always to ask. */
  decision: Decision;
  from: EditedFrom;
  /** What its agent is told with the server's answer. */
  word: string;
}

/** The rule of a call that only an edit has a person asked about: the policy itself lets it run. */
export const EDITED = 'builtin:edited';

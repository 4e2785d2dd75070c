import type { Obligations } from '../../policy/decide/types.ts';
import type { Grant } from './grant.ts';
import type { Approver, Rendered } from './hold.ts';

/** What the waiting room writes down; the keys are those of `ENTRY_KEYS` in audit/log/entry.ts. */
export type HoldRecord =
  | {
      type: 'hold';
      call: number;
      hold: string;
      /** `tightened`: another policy asks for more. */
      event: 'opened' | 'attached' | 'detached' | 'tightened';
      /** Not the text that is typed: it is of the arguments, and those are recorded as the policy says. */
      obligations?: Omit<Obligations, 'expected'>;
      expiresAt?: string;
    }
  | {
      type: 'verdict';
      call: number;
      hold: string;
      verdict: 'approve' | 'reject' | 'expired' | 'withdrawn';
      by?: Approver;
      reason?: string;
      waitMs?: number;
      dwellMs?: number;
      rendered?: Rendered;
      /** Of an approval among several: which one it is, of how many. */
      tally?: { count: number; of: number };
      /** It was withdrawn because a person changed it: the call that it became has a decision of its own. */
      edited?: { by: Approver };
      /** An approval that took a step more, because those before it came too fast. */
      brake?: true;
      /** The statement is the very text that was signed; `value` is base64url. */
      signature?: { key: string; statement: string; value: string };
    }
  /** An escalated call that nobody was asked about, and why. */
  | {
      type: 'refusal';
      call: number;
      cause: 'cool-down' | 'flood' | 'no-approver' | 'unmet';
      digest: string;
      bytes: number;
    }
  /** Everything was stopped between the record that let a call through and its bytes: they were not sent. */
  | { type: 'refusal'; call: number; cause: 'stopped' }
  | { type: 'forward'; call: number; hold?: string; pass?: string; grant?: string; continues?: number }
  | ({ type: 'grant'; event: 'given'; hold: string; signature?: { key: string; value: string } } & Omit<
      Grant,
      'id'
    > & { grant: string })
  | { type: 'grant'; event: 'revoked'; grant: string; by: Approver };

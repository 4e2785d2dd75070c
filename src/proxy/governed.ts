import type { Approvals, Decide, Recorder } from './ports.ts';

/** What a session goes by once its policy is known; `decide` is the cause where there is none that can be used. */
export interface Governed {
  decide: Decide | string;
  /** What must be loaded before a call of this tool can be decided; undefined: nothing. Its promise never rejects. */
  awaits?: ((tool: string) => Promise<void> | undefined) | undefined;
  recorder: Recorder;
  approvals: Approvals;
}

function impossible(): never {
  throw new Error('There is no policy, so nothing may run or wait.');
}

/** Without a policy every call is denied: nothing runs, so there is nothing to record, and nobody waits. */
export function ungoverned(cause: string): Governed {
  return {
    decide: cause,
    recorder: {
      decision: (_, decision) => void (decision.effect === 'deny' || impossible()),
      refusal: () => {},
      serverLine: () => {},
      outcome: () => {},
      commit: () => {},
    },
    approvals: {
      escalated: impossible,
      askedAgain: () => {},
      cancelled: () => false,
      answered: () => false,
      end: () => {},
    },
  };
}

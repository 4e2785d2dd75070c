import { visible } from '../text/visible.ts';
import type { Refusal } from './answers.ts';

/**
 * The sentences that an agent reads when its call was not executed. Each says that nothing ran, who or what
 * decided, why, and what to do; none names a way for the agent to approve itself (docs/design.md, promise 7).
 */
const NEVER_YOU = 'Only the user may approve it, in their own terminal; do not run holdpoint yourself.';

const because = (reason: string | undefined): string => {
  const said = visible(reason ?? '').trim();
  return said === '' ? '' : ` Reason: ${said}${/[.!?]$/.test(said) ? '' : '.'}`;
};

export function denied(rule: string, reason: string): Refusal {
  return {
    text: `Not executed. The user's policy denies this call (rule ${rule}).${because(reason)} Do not repeat it or try another way to the same effect; tell the user.`,
    detail: { executed: false, why: 'denied', rule },
  };
}

/** `why` says in sentences who stopped everything. */
export function stopped(why: string): Refusal {
  return {
    text: `Not executed. ${why} No call of any server runs until a person ends that with "holdpoint resume", in their own terminal; do not run holdpoint yourself. Do not repeat the call; tell the user.`,
    detail: { executed: false, why: 'stopped' },
  };
}

export function rejected(hold: string, reason: string | undefined): Refusal {
  return {
    text: `Not executed. The user rejected this call (hold ${hold}).${because(reason)} Do not repeat it; ask the user how to go on.`,
    detail: { executed: false, why: 'rejected', hold },
  };
}

/** The client's patience ends before the person's: the call waits on, detached, and runs when it is repeated. */
export function waiting(
  hold: string,
  { edited, argumentsText }: { edited?: { by: string } | undefined; argumentsText: string },
): Refusal {
  if (edited !== undefined)
    return {
      text: `Not executed. Your user changed the arguments of this call and did not approve it yet (hold ${hold}). ${NEVER_YOU} Tell the user, then call the tool with exactly these arguments: it will run once they have been approved. ${argumentsText}`,
      detail: { executed: false, why: 'waiting', hold },
    };
  return {
    text: `Not executed. This call waits for your user, who decides in their own terminal (hold ${hold}). ${NEVER_YOU} Tell the user, then repeat the same call: it will run once it has been approved.`,
    detail: { executed: false, why: 'waiting', hold },
  };
}

export function expired(hold: string, waited: string): Refusal {
  return {
    text: `Not executed. Nobody decided within ${waited} (hold ${hold}), so the call was dropped. ${NEVER_YOU} Tell the user; repeat the call when they are there to decide.`,
    detail: { executed: false, why: 'expired', hold },
  };
}

export function noApprover(): Refusal {
  return {
    text: `Not executed. This call needs the user's approval and no approval terminal is open. ${NEVER_YOU} Ask the user to run "holdpoint watch" in a terminal, then repeat the call.`,
    detail: { executed: false, why: 'no-approver' },
  };
}

/** `why` is a sentence. */
export function unmet(why: string): Refusal {
  return {
    text: `Not executed. Nobody can approve this call as the user's policy demands. ${visible(why)} Do not repeat it; tell the user.`,
    detail: { executed: false, why: 'unmet' },
  };
}

/** The reason is said again: whoever was told to ask again did not hear it. */
export function coolingDown(seconds: number, reason: string | undefined): Refusal {
  return {
    text: `Not executed. The user rejected the same call a moment ago; it will not be asked again for ${seconds} s.${because(reason)} Do not repeat it; ask the user how to go on.`,
    detail: { executed: false, why: 'cool-down', retryAfterSeconds: seconds },
  };
}

export function flooded(limit: number): Refusal {
  return {
    text: `Not executed. ${limit} calls already wait for the user, which is the limit. Wait until the user has decided them, then repeat this call.`,
    detail: { executed: false, why: 'flood' },
  };
}

export function auditUnwritable(cause: string): Refusal {
  return {
    text: `Not executed. The decision could not be recorded, and nothing runs without a record: ${visible(cause)} Tell the user to make room or mend the folder, then repeat the call.`,
    detail: { executed: false, why: 'audit-unwritable' },
  };
}

export function policyInvalid(cause: string): Refusal {
  return {
    text: `Not executed. Nothing can be decided here, so nothing runs: ${cause.split('\n').map(visible).join(' ')} Tell the user to run "holdpoint doctor".`,
    detail: { executed: false, why: 'policy-invalid' },
  };
}

export function serverGone(): Refusal {
  return {
    text: 'Not executed. The MCP server ended before the user had decided.',
    detail: { executed: false, why: 'server-gone' },
  };
}

export function sessionEnded(): Refusal {
  return {
    text: 'Not executed. holdpoint was told to end before the user had decided.',
    detail: { executed: false, why: 'session-ended' },
  };
}

export function faulted(cause: string): Refusal {
  return {
    text: `Not executed. holdpoint failed while deciding this call and refuses what it cannot decide: ${visible(cause)} Tell the user.`,
    detail: { executed: false, why: 'fault' },
  };
}

import type { Decision } from '../policy/decide/types.ts';
import type { Refusal } from '../protocol/answers.ts';
import type { RefusedLine } from '../protocol/client-message.ts';
import type { CallMessage } from '../protocol/gated/tools-call.ts';

/** A call that no policy decided: denied all the same, and recorded so. */
export interface Undecided {
  decision: Decision;
  refusal: Refusal;
}

/** What of a call decides the shape of its answer. */
export function answerable(message: CallMessage) {
  return { id: message.id, modern: message.modern, task: message.task !== undefined };
}

/** The denial of a call that could not be decided; `rule` names why, as `builtin:…`. */
export function undecided(rule: string, refusal: Refusal, reason: string): Undecided {
  const decision: Decision = {
    effect: 'deny',
    rule: `builtin:${rule}`,
    reason,
    matched: [],
    obligations: undefined,
    diagnostics: [],
    counted: [],
  };
  return { decision, refusal };
}

/** A line that is refused for more than its reading: too long, an id used twice. */
export function refusedLine(cause: string, message: string, code: number): RefusedLine {
  return { kind: 'refused', cause, message, code, id: undefined, answered: true };
}

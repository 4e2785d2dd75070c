import type { HeldCall } from '../approvals/holding/hold.ts';
import { lineCount } from '../approvals/holding/line-count.ts';
import type { Escalation } from '../proxy/ports.ts';

/** The call as a person will judge it: its texts decoded, for now somebody reads them. */
export function heldCall(
  escalation: Escalation,
  server: string,
  caller: string | undefined,
): Omit<HeldCall, 'keyed'> {
  const { arguments: args, task, inputResponses, continues, ...rest } = escalation;
  const held = { ...rest, argumentsText: args.text, task: task?.text, server, caller };
  if (inputResponses === undefined) return { ...held, lines: lineCount(held) };
  const input = {
    answers: inputResponses.text,
    questions: continues?.questions ?? null,
    continues: continues?.call ?? null,
  };
  return { ...held, input, lines: lineCount({ ...held, input }) };
}

import type { EditMessage } from '../approvals/channel/messages.ts';
import type { Approver, HeldCall, Hold } from '../approvals/holding/hold.ts';
import { EDITED, type Edit } from '../policy/decide/edit.ts';
import type { Decision, Obligations } from '../policy/decide/types.ts';
import { changeWords } from '../protocol/edited/changes.ts';
import { compact } from '../protocol/edited/layout.ts';
import type { Delivery } from '../proxy/ports.ts';

/** What an edit is judged by. */
export interface EditParts {
  held(id: string): Hold | undefined;
  /** Who edits; undefined: over this channel nobody may. */
  editor: Approver | undefined;
  /** In what arguments do not fit the tool's schema, as a sentence; undefined: they do, or nobody can say. Never rejects. */
  misfit(tool: string, argumentsText: string): Promise<string | undefined>;
  respelled: Delivery['respelled'];
  /** What the policy in force makes of a call. Throws where it cannot be decided. */
  decideAgain(held: HeldCall): Decision;
  /** Why nobody could give the approval that these ask for, as a sentence. */
  unmet(obligations: Obligations): string | undefined;
  /** JSON source with its secrets masked. */
  masked(argumentsText: string): string;
}

export type Edited = { edit: Edit; by: Approver } | { fault: string };

/**
 * Other arguments for a call that waits, as a person gave them: spliced into its line, read strictly, held against the
 * tool's schema and decided by the policy. Whatever speaks against them leaves the call waiting as it was.
 */
export async function editOf(message: EditMessage, parts: EditParts): Promise<Edited> {
  const tool = parts.held(message.hold)?.held.tool ?? '';
  let text: string;
  try {
    text = compact(message.argumentsText);
  } catch (error) {
    return { fault: `The arguments are no clean JSON: ${(error as Error).message}. ${AS_IT_WAS}` };
  }
  const misfit = await parts.misfit(tool, text);
  const hold = parts.held(message.hold);
  const fault = misfit ?? objection(hold, message, parts);
  if (fault !== undefined || hold === undefined) return { fault: `${fault ?? GONE} ${AS_IT_WAS}` };
  return decided(hold, text, parts);
}

const GONE = 'The call waits no more.';
const AS_IT_WAS = 'Nothing was changed.';

function objection(hold: Hold | undefined, message: EditMessage, { editor }: EditParts): string | undefined {
  if (hold === undefined) return GONE;
  const { held, request } = hold;
  if (editor === undefined) return 'Arguments are changed in a terminal on the same machine only.';
  if (request === undefined) return 'Its client was told to ask again, so what it waits for is its own call.';
  if (message.digest !== held.digest || message.callDigest !== held.callDigest)
    return 'It is not what you were shown: its client repeated the call just now.';
  if (held.task !== undefined) return 'It runs as a task, whose answer could not say that it was changed.';
  if (held.input !== undefined)
    return 'It goes on with a call that ran in part, so its arguments are those of that call.';
  if (held.accepts !== null) return 'It asks about the tools of its server: accept those first.';
  return undefined;
}

function decided(hold: Hold, text: string, parts: EditParts): Edited {
  const { editor, respelled, decideAgain, unmet } = parts;
  const { held, request = '' } = hold;
  const line = respelled(request, text);
  if ('fault' in line) return { fault: `${line.fault} ${AS_IT_WAS}` };
  let made: Decision;
  try {
    made = decideAgain({ ...held, argumentsText: text });
  } catch (error) {
    return { fault: `The policy cannot decide it so: ${(error as Error).message}. ${AS_IT_WAS}` };
  }
  if (made.effect === 'deny')
    return { fault: `The policy denies it so (${made.rule}): ${made.reason} ${AS_IT_WAS}` };
  const decision = toBeAsked(made, held);
  const impossible = decision.obligations && unmet(decision.obligations);
  if (impossible !== undefined) return { fault: `${impossible} ${AS_IT_WAS}` };
  const by = editor as Approver;
  // An edit of an edit is told as one: what the agent asked for, and what came of it.
  const before = held.edited?.before ?? held.argumentsText;
  const from = { call: held.call, hold: hold.id, by: by.name, before };
  return { edit: { ...line, decision, from, word: wordOf(by, changeWords(before, text, parts.masked)) }, by };
}

/** A person approves what a person changed, also where the policy would let it run. */
function toBeAsked({ observed: _, ...made }: Decision, held: HeldCall): Decision {
  if (made.effect === 'escalate') return made;
  const { obligations } = held;
  return { ...made, effect: 'escalate', rule: EDITED, reason: UNASKED, obligations };
}

const UNASKED = 'It was changed by hand while it waited; the policy alone would let it run so.';

function wordOf({ name }: Approver, changes: string): string {
  return `holdpoint: the user (${name}) changed the arguments of this call before approving it: ${changes}. What follows is the answer to the changed call.`;
}

import { sha256Hex } from '../../platform/digest.ts';
import { needsPassphrase } from '../../policy/decide/ladder.ts';
import { maskForScreen } from '../../secrets/screen-mask.ts';
import type { HoldView, SessionView } from '../channel/messages.ts';
import type { Rendered, Seen } from '../holding/hold.ts';
import { contentName } from '../showing/file-view.ts';
import type { Beside } from '../showing/view.ts';
import { renderedLines } from './rendered.ts';

type BesideFile = NonNullable<Beside['file']>;

/** A hold as it is put before a person: secrets hidden unless they were asked for. */
export interface Shown {
  hold: HoldView;
  masked: number;
  /** What is masked may be more than secrets. */
  opaque: boolean;
  revealed: boolean;
}

export function shownHold(hold: HoldView, { redact }: Pick<SessionView, 'redact'>, revealed: boolean): Shown {
  let masked = 0;
  let opaque = false;
  const hide = (text: string, listed = redact): string => {
    const hidden = maskForScreen(text, listed);
    masked += hidden.masked;
    opaque ||= hidden.opaque;
    return revealed ? text : hidden.text;
  };
  const { argumentsText, task, input, edited } = hold;
  // What is hidden of what the agent had asked for is no part of what runs, so it is not counted.
  const asked = edited && maskForScreen(edited.before, redact, argumentsText);
  const shown = {
    ...hold,
    argumentsText: hide(argumentsText),
    ...(edited && { edited: { ...edited, before: revealed ? edited.before : (asked?.text ?? '') } }),
    ...(task === undefined ? {} : { task: hide(task, []) }),
    ...(input === undefined
      ? {}
      : {
          input: {
            ...input,
            answers: hide(input.answers, []),
            questions: input.questions === null ? null : hide(input.questions, []),
          },
        }),
  };
  return { hold: shown, masked, opaque, revealed };
}

/**
 * The arguments of the last approved call, masked as those of this one are: for `differences` beside them. A secret that
 * this call does not hold is marked as another one.
 */
export function shownBefore(
  before: string,
  hold: HoldView,
  { redact, revealed }: Pick<SessionView, 'redact'> & { revealed: boolean },
): string {
  return revealed ? before : maskForScreen(before, redact, hold.argumentsText).text;
}

/** A file of this machine that a call writes over, masked as the call's own text is. */
export function shownFile(file: BesideFile, hold: HoldView, revealed: boolean): BesideFile {
  if (revealed || !('text' in file)) return file;
  // By the same name, for names say what may be guessed to be a secret.
  const name = contentName(hold) ?? 'text';
  const { text } = maskForScreen(JSON.stringify({ [name]: file.text }), [], hold.argumentsText);
  const shown: unknown = (JSON.parse(text) as Record<string, unknown>)[name];
  if (typeof shown === 'string') return { text: shown };
  return { why: 'The file on this machine is too long to be searched for secrets, so it is not compared.' };
}

/** What an approver signs to have seen. */
export function renderedOf({ hold, masked, revealed }: Shown, seen: Seen): Rendered {
  const digest = sha256Hex(renderedLines(hold).join('\n'));
  return { digest, masked, revealed: revealed && masked > 0, seen };
}

/**
 * What is masked was not seen: a call whose rule asks for more than a key press is not approved unseen, nor is any call
 * of which something is hidden that may be more than a secret. Where the class alone asks for a text, a token in a
 * header need not be shown to the whole room.
 */
export function mustReveal({ hold, masked, opaque, revealed }: Shown): boolean {
  const { confirm, expected, approvals } = hold.obligations;
  // The tool's name is what a rule has typed.
  const ruled = needsPassphrase(confirm) || (confirm === 'type' && expected === hold.tool);
  return masked > 0 && !revealed && (opaque || ruled || approvals > 1);
}

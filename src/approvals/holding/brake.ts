import { harder } from '../../policy/decide/ladder.ts';
import type { Confirmation } from '../../policy/decide/types.ts';
import type { HeldCall, Hold, Now, Verdict } from './hold.ts';

/** So many approvals in a row that nobody can have read make the next one harder. */
const HASTY = 3;
/** To find the place on the screen, before a word is read. */
const LOOK_MS = 600;
/** For a word of six characters: fifty in a second, ten times as fast as anybody reads. */
const WORD_MS = 20;
const WORD = 6;
/** Who looked at a long call for so long may have skimmed it. */
const MOST_MS = 3_000;

/** The least time in which a call can be looked at at all, in ms: less was no looking. */
export function readingMs({ argumentsText, input }: Pick<HeldCall, 'argumentsText' | 'input'>): number {
  const length = argumentsText.length + (input?.answers.length ?? 0);
  return Math.min(MOST_MS, LOOK_MS + WORD_MS * Math.ceil(length / WORD));
}

/** Whether an answer came sooner than its call can be read: since it is shown, or as its terminal says. */
export function isHasty({ held, openedMono }: Hold, { dwellMs }: Verdict, { mono }: Now): boolean {
  return Math.min(mono - openedMono, dwellMs ?? Number.POSITIVE_INFINITY) < readingMs(held);
}

/** Whether the next approval takes a step more. `hasty`: approvals in a row that came too soon. */
export function isBraked(hasty: number): boolean {
  return hasty >= HASTY;
}

/** Where an approval is given: what of a session makes it harder. */
export interface Braking {
  /** The last approvals came faster than they can be read. */
  brake: boolean;
  /** Somebody's signature counts here. */
  enrolled: boolean;
}

/** How a call is confirmed now. */
export function confirmNow(confirm: Confirmation, { brake, enrolled }: Braking): Confirmation {
  return brake ? harder(confirm, enrolled) : confirm;
}

/** Why it takes a step more, as a sentence. */
export const BRAKED =
  'The last three approvals of this session came faster than they can be read, so this one takes a step more; one that is given at leisure ends that.';

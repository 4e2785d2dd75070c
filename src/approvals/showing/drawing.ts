import { TooMuch } from '../../harm/too-much.ts';
import type { Warning } from '../../harm/warning.ts';
import type { At, Drawn } from './call-lines.ts';

/** A value as a view makes it. */
export interface Picture extends Drawn {
  /** The view's. */
  name: string;
  warnings: Warning[];
  /** Its own text says that it changes something. */
  changes?: boolean;
}

/** What a view may know besides the value. */
export interface Around {
  tool: string;
  /** The file that the call names, where it is read. */
  file: string | undefined;
}

/** One kind of view: undefined for what it does not draw. Throws TooMuch for what it cannot. */
export type ValueView = (at: At, around: Around) => Picture | undefined;

const MOST_LENGTH = 256 * 1024;
const MOST_LINES = 5_000;

/** Throws TooMuch for a text that is too long to be looked into, or that a terminal would reorder. */
export function bounded(text: string, reordered: boolean): string {
  if (reordered) throw new TooMuch('it has right-to-left letters');
  if (text.length > MOST_LENGTH) throw new TooMuch('it is longer than 256 KiB');
  let lines = 0;
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) lines += 1;
  if (lines > MOST_LINES) throw new TooMuch('it has more than 5,000 lines');
  return text;
}

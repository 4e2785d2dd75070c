import { prettyCall, type ShownCall } from './call-lines.ts';
import type { PrettyLine } from './lines.ts';

/** A sentence about a call, said before its text. */
export interface Warning {
  text: string;
  tone: 'danger' | 'warn' | 'note';
}

/** A call as it is put before a person. */
export interface View {
  /** What is drawn: 'plain' where nothing is drawn otherwise, else 'diff', 'statement', 'command' and so on. */
  name: string;
  lines: PrettyLine[];
  /** The most important first. */
  warnings: Warning[];
  /** Why the plain form is shown where another was tried, as a sentence. */
  fellBack?: string;
}

/** What a person's own machine knows beside the call. */
export interface Beside {
  /** The file that a write names, as it is on this machine: its text; or why it is not read, as a sentence. */
  file?: { text: string } | { why: string };
  /** The source text of the last approved call of this tool. */
  before?: string | null;
}

/** A call drawn by what its values are. Never throws: what cannot be drawn is shown plainly, with the reason. */
export function viewOf(call: ShownCall, _beside: Beside): View {
  return plainView(call);
}

/** A call as it stands. */
export function plainView(call: ShownCall): View {
  return { name: 'plain', lines: prettyCall(call), warnings: [] };
}

/** What differs from the last approved call: a line a member, the most telling first. Empty: the same. */
export function differences(_before: string, _now: string): PrettyLine[] {
  return [];
}

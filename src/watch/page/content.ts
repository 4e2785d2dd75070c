import { mustReveal, shownBefore, shownFile, shownHold } from '../../approvals/answering/masked-view.ts';
import { type Row, wrapLines } from '../../approvals/answering/wrap.ts';
import type { Before } from '../../approvals/channel/messages.ts';
import { differences } from '../../approvals/showing/differences.ts';
import { spelledOut } from '../../approvals/showing/lines.ts';
import { type Beside, plainView, type View, viewOf } from '../../approvals/showing/view.ts';
import type { Entry } from '../state/screen.ts';

/** All of a card that comes from the call itself: made once for each width and view. */
export interface Content {
  /** Names what the rows are made from. */
  as: string;
  view: View;
  rows: readonly Row[];
  /** What differs from the last approved call, or from what the agent asked for; undefined where there is none to compare with. */
  differs: readonly Row[] | undefined;
  /** Characters that are spelled out because they would not be seen. */
  hidden: number;
  masked: number;
  mustReveal: boolean;
  /** Characters of the arguments' source. */
  size: number;
  /** What was approved of this tool before its session; null where that is not known, or was not looked for. */
  earlier: Before | null;
}

export interface Wanted {
  columns: number;
  revealed: boolean;
  plain: boolean;
  file: Beside['file'];
  /** The last approved call of this tool before its session, by the record. */
  earlier: Before | null;
}

const read = new WeakMap<object, number>();
let reads = 0;

/** Names what was read of a file: what was read another time may be another text, of the same length too. */
function nthOf(file: Beside['file']): number {
  if (file === undefined) return 0;
  const known = read.get(file) ?? ++reads;
  read.set(file, known);
  return known;
}

/** What a card shows of one call. */
export function contentOf(entry: Entry, { columns, revealed, plain, file, earlier }: Wanted): Content {
  const { hold, session } = entry;
  const shown = shownHold(hold, session, revealed);
  const before = hold.before ?? earlier;
  // Of a call that somebody changed it is told what the agent had asked for.
  const last = hold.edited?.before ?? before?.argumentsText ?? null;
  const compared = last === null ? null : shownBefore(last, hold, { redact: session.redact, revealed });
  const call = shown.hold;
  const beside: Beside = {
    before: compared,
    folder: session.folder,
    ...(file === undefined ? {} : { file: shownFile(file, hold, revealed) }),
  };
  const view = plain ? plainView(call) : viewOf(call, beside);
  const differs =
    compared === null ? undefined : wrapLines(differences(compared, call.argumentsText), columns);
  return {
    as: `${hold.digest} ${columns} ${revealed} ${plain} ${nthOf(file)}`,
    view,
    rows: wrapLines(view.lines, columns),
    differs,
    hidden: spelledOut(view.lines),
    masked: shown.masked,
    mustReveal: mustReveal(shown),
    size: hold.argumentsText.length,
    earlier,
  };
}

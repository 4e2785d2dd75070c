import { escapeHidden } from '../log/raw-json.ts';
import { filesIn, readSession } from './session-parts.ts';

/** Pieces are handed on when they are about this long (UTF-16 units). */
const PIECE = 64 * 1024;

/**
 * All records of an audit folder as one JSON array, in pieces; each record is its line's own text, so that
 * numbers like 9007199254740993 stay. What cannot be read is left out, with a warning (a whole sentence).
 */
export function* exportJson(folder: string, onWarning: (warning: string) => void): Generator<string> {
  let piece = '[';
  let first = true;
  for (const file of filesIn(folder)) {
    for (const record of readSession(file, onWarning)) {
      // A line of ours needs no escape; one that somebody else wrote may.
      piece += `${first ? '\n' : ',\n'}${escapeHidden(record.text)}`;
      first = false;
      if (piece.length < PIECE) continue;
      yield piece;
      piece = '';
    }
  }
  yield `${piece}\n]\n`;
}

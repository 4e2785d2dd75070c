/** A stretch of a text, in UTF-16 units, `end` exclusive. */
export interface TextSpan {
  start: number;
  end: number;
  why: string;
}

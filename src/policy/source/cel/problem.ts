/** Where in an expression: UTF-16 units, `end` exclusive. */
export interface Range {
  start: number;
  end: number;
}

/** Why an expression cannot be used, as a sentence, and where in it. */
export class ExpressionProblem extends Error {
  override name = 'ExpressionProblem';
  readonly range: Range | undefined;
  /** A word that is not known. */
  readonly word: string | undefined;

  constructor(message: string, range: Range | undefined, word?: string) {
    super(message);
    this.range = range;
    this.word = word;
  }
}

import { NotEvaluable } from '../../decide/json-values.ts';

/**
 * How much searching one evaluation may do. A unit is one step of a pattern over one character: about 20 ns for
 * RE2 (measured), less for globs, so that all of it stays under 50 ms.
 */
const MOST_STEPS = 1_500_000;
/** V8 searches a needle of n in a text of m in up to n × m / 250 steps: 180 ms for 120,000 in 130,000 (measured). */
export const MOST_NEEDLE = 1_024;

export class Budget {
  private left = MOST_STEPS;

  begin(): void {
    this.left = MOST_STEPS;
  }

  /** Throws a NotEvaluable when the evaluation has searched too much. */
  take(pattern: number, text: number): void {
    this.left -= pattern * text;
    if (this.left < 0) throw new NotEvaluable('the text is too long for its patterns');
  }
}

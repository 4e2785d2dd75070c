import type { RE2JS } from 're2js';
import { NotEvaluable } from '../../decide/json-values.ts';
import type { Budget } from './budget.ts';
import { type Part, partsOf } from './expression.ts';
import { ExpressionProblem } from './problem.ts';

/** Beyond this a pattern would use up the budget of an evaluation on a short text. */
const MOST_STATES = 2_000;

/** The regular expressions of a policy: RE2, so time grows with the text and never explodes; loaded when there are any. */
export class Patterns {
  private readonly compiled = new Map<string, RE2JS>();
  private readonly re2: typeof RE2JS;

  private constructor(re2: typeof RE2JS) {
    this.re2 = re2;
  }

  static async load(): Promise<Patterns> {
    const { RE2JS: re2 } = await import('re2js');
    return new Patterns(re2);
  }

  /** Compiles what stands in an expression. Throws an ExpressionProblem for a pattern that is none, or not literal. */
  add(part: Part): void {
    if (part.op === 'rcall' && part.args[0] === 'matches' && part.args[2].length === 1) {
      const [pattern] = part.args[2];
      if (pattern === undefined || pattern.op !== 'value' || typeof pattern.args !== 'string') {
        throw new ExpressionProblem('The pattern of matches() must stand here as a text.', pattern ?? part);
      }
      this.compile(pattern.args, pattern);
    }
    for (const one of partsOf(part)) this.add(one);
  }

  private compile(source: string, part: Part): void {
    if (this.compiled.has(source)) return;
    let pattern: RE2JS;
    try {
      pattern = this.re2.compile(source);
    } catch (error) {
      const why = (error as Error).message.replace(/^error parsing regexp: /, '');
      throw new ExpressionProblem(`This is no RE2 pattern: ${why}.`, part);
    }
    if (pattern.programSize() > MOST_STATES)
      throw new ExpressionProblem('The pattern is too large: repeat less.', part);
    this.compiled.set(source, pattern);
  }

  /** Whether the pattern is found anywhere in the text, as in CEL. */
  find(budget: Budget, text: string, source: string): boolean {
    const pattern = this.compiled.get(source);
    if (pattern === undefined) throw new NotEvaluable('the pattern was not compiled');
    budget.take(pattern.programSize(), text.length);
    return pattern.matcher(text).find();
  }
}

import type { Environment } from '@marcbachmann/cel-js';
import { NotEvaluable, type TextsWithin, textsWithin } from '../../decide/json-values.ts';
import { type AnyText, anyTextOf, type Part, partsOf } from './expression.ts';
import { ExpressionProblem } from './problem.ts';
import { notBoolean } from './words.ts';

/** Whether a part is args, input, or a member of one of them. */
function isPlace(part: Part): boolean {
  if (part.op === 'id') return part.args === 'args' || part.args === 'input';
  return (part.op === '.' || part.op === '[]') && isPlace(part.args[0]);
}

/** Throws an ExpressionProblem for an anyText() that is not written as it must be. */
export function checkAnyText(part: Part, known: readonly string[]): void {
  if (part.op === 'call' && part.args[0] === 'anyText') {
    const found = anyTextOf(part);
    if (found === undefined)
      throw new ExpressionProblem(
        'anyText() takes three things: where to look, a name for each text, and a condition on it, as in anyText(args, t, t.contains("x")).',
        part,
      );
    checkNames(found, known);
  }
  for (const one of partsOf(part)) checkAnyText(one, known);
}

function checkNames({ within, name }: AnyText, known: readonly string[]): void {
  if (!isPlace(within))
    throw new ExpressionProblem('anyText() looks through args, input, or a member of them.', within);
  if (name.op !== 'id')
    throw new ExpressionProblem(
      'The second of anyText() is a plain name, which stands for each text in the condition.',
      name,
    );
  if (known.includes(name.args))
    throw new ExpressionProblem(
      `${JSON.stringify(name.args)} has a meaning already: give the texts of anyText() another name, such as t.`,
      name,
    );
}

/** Of the engine as much as a macro needs. */
interface Checker {
  getType(name: string): unknown;
  check(part: Part, context: Context): { type: string };
}
interface Evaluator {
  run(part: Part, context: Context): unknown;
}
interface Context {
  forkWithVariable(name: string, type: unknown): Context;
}
interface Macro {
  args: Part[];
}

/** Teaches an engine to check anyText(), and what `rewrite.ts` makes of it before it is evaluated. */
export function registerAnyText(environment: Environment): void {
  const typeCheck = (checker: Checker, { args }: Macro, context: Context): unknown => {
    const [within, name, condition] = args as [Part, Part & { op: 'id' }, Part];
    checker.check(within, context);
    const inner = context.forkWithVariable(name.args, checker.getType('string'));
    const { type } = checker.check(condition, inner);
    if (type !== 'bool' && type !== 'dyn') throw notBoolean(type, condition);
    return checker.getType('bool');
  };
  const evaluate = (): never => {
    throw new TypeError('anyText() is written in other words before it is evaluated');
  };
  environment.registerFunction('anyText(ast, ast, ast): bool', ({ args }: Macro) => ({
    args,
    typeCheck,
    evaluate,
  }));
  registerOnPlace(environment, 'hpTexts', 'list<string>', ({ texts }) => texts);
  registerOnPlace(environment, 'hpTextsLost', 'bool', ({ lost }) => {
    // Any of those may be the one.
    if (lost) throw new NotEvaluable('the record does not hold all texts', true);
    return false;
  });
}

/** A macro, because the engine looks into what a function is given, and some of it must not be read. */
function registerOnPlace(
  environment: Environment,
  name: string,
  type: string,
  of: (found: TextsWithin) => unknown,
): void {
  environment.registerFunction(`${name}(ast): ${type}`, ({ args }: Macro) => ({
    args,
    typeCheck: (checker: Checker, macro: Macro, context: Context) => {
      for (const one of macro.args) checker.check(one, context);
      return checker.getType(type);
    },
    evaluate: (evaluator: Evaluator, macro: Macro, context: Context) =>
      of(textsWithin(evaluator.run(macro.args[0] as Part, context))),
  }));
}

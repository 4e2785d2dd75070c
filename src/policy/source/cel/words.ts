import type { EvaluationError } from '@marcbachmann/cel-js';
import type { Part } from './expression.ts';
import { ExpressionProblem } from './problem.ts';

interface EngineError {
  code?: string;
  summary?: string;
  message: string;
  range?: { start: number; end: number };
}

const NAMES: Record<string, string> = {
  string: 'a text',
  int: 'a whole number',
  double: 'a number',
  list: 'a list',
  map: 'an object',
};

export function notBoolean(type: string, { start, end }: Part): ExpressionProblem {
  const what = NAMES[type.replace(/<.*/, '')] ?? `of type ${type}`;
  return new ExpressionProblem(`A condition must be true or false, and this is ${what}.`, { start, end });
}

/** The engine's complaint about an expression in our words, with the place. */
export function fault(error: unknown, source: string, known: readonly string[]): ExpressionProblem {
  if (error instanceof ExpressionProblem) return error;
  const { code, summary, message, range } = error as EngineError;
  const said = (summary ?? message).split('\n')[0] ?? '';
  const at = range === undefined ? '' : source.slice(range.start, range.end);
  switch (code) {
    case 'unknown_variable':
      return new ExpressionProblem(
        `${JSON.stringify(at)} is not known here: known are ${known.join(', ')}.`,
        range,
        at,
      );
    case 'no_such_overload':
      return new ExpressionProblem(`This cannot be done: ${said.replace(/^no such overload: /, '')}.`, range);
    case 'no_matching_overload':
      return new ExpressionProblem(`${said.replace(/^found no /, 'There is no ')}.`, range);
    case 'unexpected_token':
    case 'unexpected_character': {
      const early = said.endsWith('EOF') || at === '';
      const what = early ? 'The condition ends too early.' : `${JSON.stringify(at)} is not expected here.`;
      return new ExpressionProblem(what, range);
    }
    default:
      return new ExpressionProblem(`${said.replace(/\.$/, '')}.`, range);
  }
}

/** The codes whose summary names types and nothing of the arguments. */
const TYPES_ONLY = new Set([
  'no_such_overload',
  'no_matching_overload',
  'invalid_logical_operand',
  'invalid_condition_type',
]);

/** Why an expression has no value, without a word of the arguments: it goes to records, and they may hold secrets. */
export function whyNot({ code, summary, node }: EvaluationError): string {
  const input = node?.input ?? '';
  const at = node === undefined ? '' : input.slice(node.range.start, node.range.end).slice(0, 80);
  if (code === 'no_such_key') return `there is no ${at === '' ? 'such argument' : at}`;
  const engine = (summary ?? '').replaceAll(/\bhp([A-Z])/g, (_, letter: string) => letter.toLowerCase());
  if (TYPES_ONLY.has(code)) return engine.replaceAll(/dyn<(\w+)>/g, '$1');
  return `${at === '' ? 'the expression' : at} cannot be worked out`;
}

import type { ASTNode } from '@marcbachmann/cel-js';
import { ExpressionProblem } from './problem.ts';

/** A part of an expression: what a node of the parser's tree must offer. */
export type Part = ASTNode;

const MACROS = new Set(['all', 'exists', 'exists_one', 'map', 'filter']);
const INFIX = new Set(['||', '&&', '==', '!=', '<', '<=', '>', '>=', 'in', '+', '-', '*', '/', '%']);

/** What the language has besides operators. Everything else of the engine is left out: see docs/decisions/0009-policy-language.md. */
const FUNCTIONS = new Set(
  'has size int double string type dyn timestamp duration under host glob path pathGlob anyText'.split(' '),
);
const METHODS = new Set([
  ...MACROS,
  ...'size startsWith endsWith contains matches lowerAscii upperAscii trim split'.split(' '),
  ...'getFullYear getMonth getDate getDayOfMonth getDayOfWeek getDayOfYear getHours getMinutes getSeconds getMilliseconds'.split(
    ' ',
  ),
]);
export const WORDS: readonly string[] = [...FUNCTIONS, ...METHODS];

export function isInfix(op: string): boolean {
  return INFIX.has(op);
}

/** The parts that a part is made of, in source order. */
export function partsOf(part: Part): Part[] {
  switch (part.op) {
    case 'value':
    case 'id':
      return [];
    case '.':
    case '.?':
      return [part.args[0]];
    case 'call':
      return part.args[1];
    case 'rcall':
      return [part.args[1], ...part.args[2]];
    case 'list':
      return part.args;
    case 'map':
      return part.args.flat();
    case '!_':
    case '-_':
      return [part.args];
    default:
      return [...part.args];
  }
}

/** `anyText(within, name, condition)`, taken apart. */
export interface AnyText {
  within: Part;
  name: Part;
  condition: Part;
}

/** Undefined for anything else, also for an anyText() of more or fewer parts. */
export function anyTextOf(part: Part): AnyText | undefined {
  if (part.op !== 'call' || part.args[0] !== 'anyText') return undefined;
  const [within, name, condition, more] = part.args[1];
  if (within === undefined || name === undefined || condition === undefined) return undefined;
  return more === undefined ? { within, name, condition } : undefined;
}

/** What a part runs its body over, once an item; undefined for what is no loop. */
export function loopOf(part: Part): { name: string; range: Part; body: Part[] } | undefined {
  const over = anyTextOf(part);
  if (over !== undefined) return { name: 'anyText', range: over.within, body: [over.name, over.condition] };
  if (part.op !== 'rcall' || !MACROS.has(part.args[0]) || part.args[2].length < 2) return undefined;
  return { name: part.args[0], range: part.args[1], body: part.args[2] };
}

/** How many parts an expression has. */
export function sizeOf(part: Part): number {
  return 1 + partsOf(part).reduce((sum, one) => sum + sizeOf(one), 0);
}

/** Throws an ExpressionProblem for a function that is not in the language, and for a loop within a loop. */
export function checkWords(part: Part, looping = false): void {
  if (part.op === 'call' && !FUNCTIONS.has(part.args[0])) throw unknownWord(part, part.args[0]);
  if (part.op === 'rcall' && !METHODS.has(part.args[0])) throw unknownWord(part, part.args[0]);
  if (part.op === 'value' && part.args instanceof Uint8Array)
    throw new ExpressionProblem('Bytes have no meaning here.', part);
  const loop = loopOf(part);
  if (loop !== undefined && looping)
    throw new ExpressionProblem(`A "${loop.name}" cannot stand inside another loop.`, part);
  if (loop === undefined) for (const one of partsOf(part)) checkWords(one, looping);
  else {
    checkWords(loop.range, looping);
    for (const one of loop.body) checkWords(one, true);
  }
}

function unknownWord(part: Part, word: string): ExpressionProblem {
  const method = part.op === 'rcall' && FUNCTIONS.has(word);
  const call = part.op === 'call' && METHODS.has(word);
  if (method) return new ExpressionProblem(`Write ${word}(…), not ….${word}(…).`, part);
  if (call) return new ExpressionProblem(`Write ….${word}(…), not ${word}(…).`, part);
  return new ExpressionProblem(`There is no function "${word}".`, part, word);
}

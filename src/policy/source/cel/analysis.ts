import type { ConditionFacts } from '../../decide/condition.ts';
import { anyTextOf, type Part, partsOf } from './expression.ts';

/** A part as a path from `args`: `args.a["b c"]` is [a, b c]; undefined for anything else. */
function pathOf(part: Part): string[] | undefined {
  if (part.op === 'id') return part.args === 'args' ? [] : undefined;
  if (part.op !== '.' && part.op !== '[]') return undefined;
  const [base, last] = part.args;
  const before = pathOf(base);
  const step = typeof last === 'string' ? last : last.op === 'value' ? last.args : undefined;
  return before === undefined || typeof step !== 'string' ? undefined : [...before, step];
}

type Found = Pick<ConditionFacts, 'reads' | 'guards' | 'globs'>;

function look(part: Part, found: Found): void {
  if (part.op === 'call' && part.args[0] === 'has') {
    const path = part.args[1][0] === undefined ? undefined : pathOf(part.args[1][0]);
    if (path !== undefined) found.guards.push(path);
    return;
  }
  if (part.op === 'call' && part.args[0] === 'glob') {
    const [text, pattern] = part.args[1];
    if (text !== undefined && pattern?.op === 'value' && typeof pattern.args === 'string')
      found.globs.push({ pattern: pattern.args, on: pathOf(text) });
  }
  const path = pathOf(part);
  if (path !== undefined) {
    if (path.length > 0) found.reads.push(path);
    return;
  }
  if (part.op === 'in' && part.args[0].op === 'value') {
    const base = pathOf(part.args[1]);
    if (base !== undefined) found.guards.push([...base, String(part.args[0].args)]);
  }
  for (const one of partsOf(part)) look(one, found);
}

/** The value of a part that names nothing of a call; undefined when it depends on one. */
function constantOf(part: Part, evaluate: (part: Part) => unknown): boolean | undefined {
  if (part.op === '||' || part.op === '&&') {
    const strong = part.op === '||';
    const sides = part.args.map((one) => constantOf(one, evaluate));
    if (sides.includes(strong)) return strong;
    return sides.every((side) => side === !strong) ? !strong : undefined;
  }
  if (part.op === '!_') {
    const inner = constantOf(part.args, evaluate);
    return inner === undefined ? undefined : !inner;
  }
  if (namesSomething(part)) return undefined;
  const value = evaluate(part);
  return typeof value === 'boolean' ? value : undefined;
}

function namesSomething(part: Part): boolean {
  return part.op === 'id' || partsOf(part).some(namesSomething);
}

function oneTextIsEnough(part: Part, denied = false): boolean {
  if (anyTextOf(part) !== undefined) return !denied;
  return partsOf(part).some((one) => oneTextIsEnough(one, part.op === '!_' ? !denied : denied));
}

/** What can be said of a condition before any call. `evaluate` gives undefined for what has no value. */
export function factsOf(root: Part, evaluate: (part: Part) => unknown): ConditionFacts {
  const found: Found = { reads: [], guards: [], globs: [] };
  look(root, found);
  return { ...found, constant: constantOf(root, evaluate), oneTextIsEnough: oneTextIsEnough(root) };
}

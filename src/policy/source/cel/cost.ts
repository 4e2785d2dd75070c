import type { Values } from '../../decide/json-values.ts';
import { anyTextOf, loopOf, type Part, partsOf, sizeOf } from './expression.ts';

/** What an evaluation may cost: a unit is one part over one short value; the worst takes about 4 us (measured). */
const MOST = 10_000;
const SHORT_TEXT = 1_024;
const FEW_ITEMS = 8;
/** Comparing so many items of two lists costs about as much as a unit may. */
const ITEMS_A_UNIT = 256;

/** How an expression's cost grows with the arguments. */
interface Loop {
  /** Parts that run once an item. */
  body: number;
  /** How many times the items of one list it may run over: lists can be added up. */
  lists: number;
  /** Whether a part of the body may itself go through a list. */
  compares: boolean;
  /** Whether it runs over texts at any depth; `alone`: and its body looks at nothing but each text. */
  over: 'a list' | 'texts' | 'texts alone';
}

/** The most that evaluating an expression can cost, for arguments of a size: known before it runs. */
export class Cost {
  private readonly parts: number;
  private readonly loops: Loop[];

  constructor(root: Part) {
    this.parts = sizeOf(root);
    this.loops = loopsOf(root);
  }

  /** Whether evaluating stays within what may be spent. */
  affords(given: readonly Values[]): boolean {
    const most = (of: (one: Values) => number): number => Math.max(...given.map(of));
    const items = most(({ mostItems }) => mostItems);
    const texts = 1 + Math.floor(most(({ longestText }) => longestText) / SHORT_TEXT);
    const listed = 1 + Math.floor(items / FEW_ITEMS);
    const runs: Record<Loop['over'], number> = {
      // A text can be split into a list that no list of the arguments is as long as.
      'a list': Math.max(items, 16 * texts) * texts,
      texts: most((one) => one.texts) * texts,
      'texts alone': most((one) => one.texts + Math.floor(one.allText / SHORT_TEXT)),
    };
    const spent = this.loops.map(
      ({ body, lists, compares, over }) => runs[over] * lists * body * (compares ? listed : 1),
    );
    const whole = this.parts * (texts + Math.floor(items / ITEMS_A_UNIT));
    return whole + spent.reduce((sum, one) => sum + one, 0) <= MOST;
  }
}

function loopsOf(part: Part): Loop[] {
  const inner = partsOf(part).flatMap(loopsOf);
  const loop = loopOf(part);
  if (loop === undefined) return inner;
  const { range, body } = loop;
  const size = body.reduce((sum, one) => sum + sizeOf(one), 0);
  const lists = 1 + count(range, (one) => one.op === '+');
  return [...inner, { body: size, lists, compares: body.some(goesThroughLists), over: rangeOf(part) }];
}

function rangeOf(part: Part): Loop['over'] {
  const over = anyTextOf(part);
  if (over === undefined) return 'a list';
  const others = count(
    over.condition,
    (one) => one.op === 'id' && (one.args === 'args' || one.args === 'input'),
  );
  return others === 0 ? 'texts alone' : 'texts';
}

function count(part: Part, wanted: (part: Part) => boolean): number {
  return (wanted(part) ? 1 : 0) + partsOf(part).reduce((sum, one) => sum + count(one, wanted), 0);
}

function goesThroughLists(part: Part): boolean {
  if (part.op === 'in' && part.args[1].op !== 'list') return true;
  const equates = part.op === '==' || part.op === '!=';
  if (equates && part.args.every(({ op }) => op !== 'value')) return true;
  return partsOf(part).some(goesThroughLists);
}

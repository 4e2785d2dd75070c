import type { Values } from '../../decide/json-values.ts';
import { isComprehension, type Part, partsOf, sizeOf } from './expression.ts';

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
    const items = Math.max(...given.map(({ mostItems }) => mostItems));
    const texts = 1 + Math.floor(Math.max(...given.map(({ longestText }) => longestText)) / SHORT_TEXT);
    const listed = 1 + Math.floor(items / FEW_ITEMS);
    const spent = this.loops.map(
      // A text can be split into a list that no list of the arguments is as long as.
      ({ body, lists, compares }) => Math.max(items, 16 * texts) * lists * body * (compares ? listed : 1),
    );
    const whole = this.parts * (texts + Math.floor(items / ITEMS_A_UNIT));
    return whole + spent.reduce((sum, one) => sum + one, 0) * texts <= MOST;
  }
}

function loopsOf(part: Part): Loop[] {
  const inner = partsOf(part).flatMap(loopsOf);
  if (!isComprehension(part)) return inner;
  const [, range, body] = part.args;
  const lists = 1 + count(range, (one) => one.op === '+');
  return [
    ...inner,
    { body: body.reduce((sum, one) => sum + sizeOf(one), 0), lists, compares: body.some(goesThroughLists) },
  ];
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

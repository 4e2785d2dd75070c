import { type Decimal, decimalOf, minus, plus, ZERO } from '../../policy/decide/decimal.ts';
import type { Counted } from '../../policy/decide/over.ts';

/** One call's use of a limit. */
interface Use {
  time: number;
  amount: Decimal;
  /** Given back: the call did not run after all. */
  back: boolean;
}

/** In order of time. Most come in order; records of other sessions come behind each other's. */
function insert(uses: Use[], use: Use): void {
  let [low, high] = [0, uses.length];
  if ((uses.at(-1)?.time ?? use.time) <= use.time) low = high;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((uses[middle]?.time ?? 0) <= use.time) low = middle + 1;
    else high = middle;
  }
  uses.splice(low, 0, use);
}

/** What calls have used up of limits, over sliding windows. Times are milliseconds since 1970. */
export class SpentCalls {
  private readonly limits = new Map<string, { uses: Use[]; total: Decimal }>();
  private readonly calls = new Map<string, { item: string; use: Use }[]>();

  /** `call` names the call among those of all sessions. Amounts that are no numbers are not of our making: skipped. */
  use(call: string, time: number, counted: readonly Counted[]): void {
    const uses = counted.flatMap(({ item, amount }) => {
      const read = decimalOf(amount);
      return read === undefined ? [] : [{ item, use: { time, amount: read, back: false } }];
    });
    if (uses.length > 0) this.calls.set(call, uses);
    for (const { item, use } of uses) {
      const limit = this.limits.get(item) ?? { uses: [], total: ZERO };
      insert(limit.uses, use);
      limit.total = plus(limit.total, use.amount);
      this.limits.set(item, limit);
    }
  }

  giveBack(call: string): void {
    for (const { item, use } of this.calls.get(call) ?? []) {
      const limit = this.limits.get(item);
      if (!use.back && limit !== undefined) limit.total = minus(limit.total, use.amount);
      use.back = true;
    }
    this.calls.delete(call);
  }

  /** The call's end is known to be its running: nothing of it can be given back any more. */
  settle(call: string): void {
    this.calls.delete(call);
  }

  /** What was used up since `since`; what is older is forgotten. A time in the future counts. */
  total(item: string, since: number): Decimal {
    const limit = this.limits.get(item);
    if (limit === undefined) return ZERO;
    let old = 0;
    for (const use of limit.uses) {
      if (use.time > since) break;
      if (!use.back) limit.total = minus(limit.total, use.amount);
      // Whoever gives it back later must not subtract it again.
      use.back = true;
      old += 1;
    }
    limit.uses.splice(0, old);
    return limit.total;
  }
}

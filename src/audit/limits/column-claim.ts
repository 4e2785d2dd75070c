import { decimalText } from '../../policy/decide/decimal.ts';
import { Column, type Use } from './column.ts';
import { Sum } from './sum.ts';

/**
 * A column of an index, held against the uses that the records say, whatever order they come in. Kept is only what
 * came at another place than it stands at: of a million uses in order, nothing.
 */
export class ColumnClaim extends Column {
  private readonly claimed: Column;
  private readonly said = new Sum();
  /** How often each use was met more often in the records than in the column, as far as both were read. */
  private readonly more = new Map<string, number>();
  private at = 0;

  constructor(claimed: Column) {
    super();
    this.claimed = claimed;
  }

  /** The records say a use. */
  override insert(use: Use): void {
    this.said.add(use.digits, use.exponent);
    this.passTo(use.time);
    const { claimed, at } = this;
    const same =
      at < claimed.length &&
      claimed.times[at] === use.time &&
      claimed.digits[at] === use.digits &&
      claimed.exponents[at] === use.exponent;
    if (same) this.at += 1;
    else this.count(use, 1);
  }

  /** Once all records were read: what the column says that calls did, and they did not; undefined when it agrees. */
  difference(item: string): string | undefined {
    // Compared with no number, no time is late enough to stop at.
    this.passTo(Number.NaN);
    if (this.more.size === 0) return undefined;
    const [claims, used] = [totalOf(this.claimed), decimalText(this.said.total)];
    return claims === used
      ? `used up ${used} of ${item} at other times than its records say`
      : `used up ${claims} of ${item}, where its records say ${used}`;
  }

  /** Goes on in the column to what is not before a time. */
  private passTo(time: number): void {
    for (; this.at < this.claimed.length; this.at += 1) {
      const use = entryOf(this.claimed, this.at);
      if (use.time >= time) return;
      this.count(use, -1);
    }
  }

  private count(use: Use, by: number): void {
    const key = keyOf(use);
    const more = (this.more.get(key) ?? 0) + by;
    if (more === 0) this.more.delete(key);
    else this.more.set(key, more);
  }
}

function entryOf({ times, digits, exponents }: Column, at: number): Use {
  return { time: times[at] as number, digits: digits[at] as number, exponent: exponents[at] as number };
}

const keyOf = ({ time, digits, exponent }: Use): string => `${time} ${digits} ${exponent}`;

/** All of a column. A forged amount may be no number. */
export function totalOf(column: Column): string {
  const sum = new Sum();
  try {
    for (let at = 0; at < column.length; at += 1) {
      const { digits, exponent } = entryOf(column, at);
      sum.add(digits, exponent);
    }
    return decimalText(sum.total);
  } catch {
    return 'no number';
  }
}

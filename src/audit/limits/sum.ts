import { type Decimal, plus, ZERO } from '../../policy/decide/decimal.ts';

/** A double holds every integer up to this exactly. */
const MOST = Number.MAX_SAFE_INTEGER;
/** Longer amounts are kept in pieces of so many digits. */
const PIECE_DIGITS = 15;
const PIECE = 10n ** BigInt(PIECE_DIGITS);

/** A part of an amount: `digits` × 10^`exponent`, both small enough for a column of numbers. */
export interface Piece {
  digits: number;
  exponent: number;
}

/** An amount as pieces that add up to it; nearly always one. */
export function piecesOf({ digits, exponent }: Decimal): Piece[] {
  if (digits > -PIECE && digits < PIECE) return [{ digits: Number(digits), exponent }];
  const pieces: Piece[] = [];
  for (let [left, power] = [digits, exponent]; left !== 0n; left /= PIECE, power += PIECE_DIGITS)
    pieces.push({ digits: Number(left % PIECE), exponent: power });
  return pieces;
}

/** An exact sum of many pieces, in plain numbers as long as these are exact. */
export class Sum {
  private whole = ZERO;
  private readonly parts = new Map<number, number>();

  add(digits: number, exponent: number): void {
    const sum = (this.parts.get(exponent) ?? 0) + digits;
    if (sum <= MOST && sum >= -MOST) {
      this.parts.set(exponent, sum);
      return;
    }
    this.settle(exponent);
    this.parts.set(exponent, digits);
  }

  get total(): Decimal {
    for (const exponent of this.parts.keys()) this.settle(exponent);
    this.parts.clear();
    return this.whole;
  }

  private settle(exponent: number): void {
    const part = this.parts.get(exponent) ?? 0;
    if (part !== 0) this.whole = plus(this.whole, { digits: BigInt(part), exponent });
  }
}

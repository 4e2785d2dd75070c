/** An exact decimal number: `digits` × 10^`exponent`; without trailing zeros, so equal numbers look equal. */
export interface Decimal {
  readonly digits: bigint;
  readonly exponent: number;
}

export const ZERO: Decimal = { digits: 0n, exponent: 0 };

const NUMBER = /^(-?)([0-9]+)(?:\.([0-9]+))?(?:[eE]([+-]?[0-9]+))?$/;
/** Texts longer than this are no amounts that anybody wrote. */
const MOST_DIGITS = 400;
/** Beyond this a sum would need hundreds of digits. */
const MOST_EXPONENT = 400;
/** Every decimal of so few digits survives the way into a double and back (IEEE 754: 15). */
const SAFE_DIGITS = 15;

/** A JSON number's text as it is; undefined for anything else, and for one of absurd length or size. */
export function decimalOf(text: string): Decimal | undefined {
  if (text.length > MOST_DIGITS) return undefined;
  const [, sign, whole = '', fraction = '', exponent = '0'] = NUMBER.exec(text) ?? [];
  if (sign === undefined || exponent.length > 6) return undefined;
  const significant = `${whole}${fraction}`.replace(/0+$/, '');
  const dropped = whole.length + fraction.length - significant.length;
  const digits = BigInt(significant === '' ? '0' : significant) * (sign === '-' ? -1n : 1n);
  if (digits === 0n) return ZERO;
  const scaled = Number(exponent) - fraction.length + dropped;
  return Math.abs(scaled) > MOST_EXPONENT ? undefined : { digits, exponent: scaled };
}

function normal(digits: bigint, exponent: number): Decimal {
  if (digits === 0n) return ZERO;
  let [left, power] = [digits, exponent];
  while (left % 10n === 0n) {
    left /= 10n;
    power += 1;
  }
  return { digits: left, exponent: power };
}

function aligned(a: Decimal, b: Decimal): [bigint, bigint, number] {
  const exponent = Math.min(a.exponent, b.exponent);
  const scale = (one: Decimal): bigint => one.digits * 10n ** BigInt(one.exponent - exponent);
  return [scale(a), scale(b), exponent];
}

export function plus(a: Decimal, b: Decimal): Decimal {
  const [left, right, exponent] = aligned(a, b);
  return normal(left + right, exponent);
}

export function minus(a: Decimal, b: Decimal): Decimal {
  return plus(a, { digits: -b.digits, exponent: b.exponent });
}

export function isGreater(a: Decimal, b: Decimal): boolean {
  const [left, right] = aligned(a, b);
  return left > right;
}

/** Plain digits, or with an exponent when they would be many. `decimalOf` reads it back. */
export function decimalText({ digits, exponent }: Decimal): string {
  if (exponent >= 0 && exponent <= 20) return `${digits}${'0'.repeat(exponent)}`;
  if (exponent > 0 || exponent < -20) return `${digits}e${exponent}`;
  const sign = digits < 0n ? '-' : '';
  const plain = `${digits < 0n ? -digits : digits}`.padStart(1 - exponent, '0');
  return `${sign}${plain.slice(0, exponent)}.${plain.slice(exponent)}`;
}

/** The double for a JSON number's text; undefined when it holds another number than was written, or none. */
export function exactDouble(text: string): number | undefined {
  const double = Number(text);
  if (!Number.isFinite(double)) return undefined;
  if (text.length <= SAFE_DIGITS && !/[eE]/.test(text)) return double;
  const [written, held] = [decimalOf(text), decimalOf(String(double))];
  if (written === undefined || held === undefined) return undefined;
  return written.digits === held.digits && written.exponent === held.exponent ? double : undefined;
}

/** One use of a limit; what was given back is a second one of the same time that takes it away. */
export interface Use {
  /** Milliseconds since 1970. */
  time: number;
  digits: number;
  exponent: number;
}

/** What one file's calls used up of one limit, in order of time: eighteen bytes a use, for there may be a million. */
export class Column {
  times: Float64Array;
  digits: Float64Array;
  exponents: Int16Array;
  length: number;

  constructor(
    times: Float64Array = new Float64Array(4),
    digits: Float64Array = new Float64Array(4),
    exponents: Int16Array = new Int16Array(4),
    length = 0,
  ) {
    this.times = times;
    this.digits = digits;
    this.exponents = exponents;
    this.length = length;
  }

  /** The uses behind a time are from here on. */
  after(time: number): number {
    let [low, high] = [0, this.length];
    if (high === 0 || (this.times[high - 1] as number) <= time) return high;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.times[middle] as number) <= time) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Most come in order. */
  insert({ time, digits, exponent }: Use): void {
    if (this.length === this.times.length) this.grow();
    const at = this.after(time);
    if (at < this.length) {
      this.times.copyWithin(at + 1, at, this.length);
      this.digits.copyWithin(at + 1, at, this.length);
      this.exponents.copyWithin(at + 1, at, this.length);
    }
    this.times[at] = time;
    this.digits[at] = digits;
    this.exponents[at] = exponent;
    this.length += 1;
  }

  /** Forgets the first ones. */
  drop(count: number): void {
    this.times.copyWithin(0, count, this.length);
    this.digits.copyWithin(0, count, this.length);
    this.exponents.copyWithin(0, count, this.length);
    this.length -= count;
  }

  private grow(): void {
    const size = Math.max(4, 2 * this.length);
    const [times, digits, exponents] = [new Float64Array(size), new Float64Array(size), new Int16Array(size)];
    times.set(this.times.subarray(0, this.length));
    digits.set(this.digits.subarray(0, this.length));
    exponents.set(this.exponents.subarray(0, this.length));
    Object.assign(this, { times, digits, exponents });
  }
}

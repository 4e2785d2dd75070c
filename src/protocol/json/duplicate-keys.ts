import { JsonSource } from './json-source.ts';

/** Up to so many plain keys are compared one with the other; more of them, and escaped ones, go through a set. */
const FEW = 8;
/** Lists that are kept to be used again: most lines have two or three objects. */
const MOST_FREE = 16;
const free: KeyList[] = [];
const NO_SOURCE = JsonSource.of('');

/** The keys of one object so far, to find one that stands twice, however it is spelled. Linear for any number. */
export class KeyList {
  private source: JsonSource;
  /** Start and end of each, quotes included, while they are few. */
  private readonly places = new Int32Array(2 * FEW);
  private count = 0;
  /** With their opening quotes, which keep integer-like keys out of V8's unseeded integer hash. */
  private set: Set<string> | undefined;
  private lastStart = -1;
  private lastEnd = -1;
  /** Every key stands behind all before it, in the order of UTF-16 code units; false also where that is not sure. */
  sorted = true;

  private constructor(source: JsonSource) {
    this.source = source;
  }

  /** An empty one. */
  static of(source: JsonSource): KeyList {
    const list = free.pop();
    if (list === undefined) return new KeyList(source);
    list.source = source;
    return list;
  }

  /** Nobody looks at it any more. */
  release(): void {
    if (free.length >= MOST_FREE || this.set !== undefined) return;
    this.count = 0;
    this.lastStart = this.lastEnd = -1;
    this.sorted = true;
    this.source = NO_SOURCE;
    free.push(this);
  }

  /** `escaped`: the token has an escape in it. False when a key that says the same is there already. */
  add(start: number, end: number, escaped: boolean): boolean {
    if (this.sorted && (escaped || (this.lastStart !== -1 && !this.follows(start, end)))) this.sorted = false;
    this.lastStart = start;
    this.lastEnd = end;
    if (escaped || this.set !== undefined) return this.addToSet(start, end);
    const { places } = this;
    const used = 2 * this.count;
    for (let i = 0; i < used; i += 2) {
      if (this.same(places[i] as number, places[i + 1] as number, start, end)) return false;
    }
    if (this.count === FEW) return this.addToSet(start, end);
    places[used] = start;
    places[used + 1] = end;
    this.count += 1;
    return true;
  }

  /** UTF-8 orders characters as UTF-16 does, but for those from U+E000 on: of them nothing is said. */
  private follows(start: number, end: number): boolean {
    const { bytes } = this.source;
    const { lastStart } = this;
    const lastLength = this.lastEnd - lastStart - 2;
    const length = end - start - 2;
    const common = Math.min(length, lastLength);
    for (let i = 1; i <= common; i += 1) {
      const one = bytes[lastStart + i] as number;
      const other = bytes[start + i] as number;
      if (one !== other) return one < other && other < 0xee;
    }
    return length > lastLength;
  }

  private addToSet(start: number, end: number): boolean {
    this.set ??= this.keysSoFar();
    const key = this.named(start, end);
    if (this.set.has(key)) return false;
    this.set.add(key);
    return true;
  }

  private named(start: number, end: number): string {
    const plain = this.source.slice(start, end - 1);
    return plain.includes('\\') ? `"${this.source.string(start, end)}` : plain;
  }

  private keysSoFar(): Set<string> {
    const keys = new Set<string>();
    for (let i = 0; i < 2 * this.count; i += 2) {
      keys.add(this.named(this.places[i] as number, this.places[i + 1] as number));
    }
    return keys;
  }

  /** Of tokens without escapes: valid UTF-8 that says the same is the same bytes. */
  private same(start: number, end: number, otherStart: number, otherEnd: number): boolean {
    const { bytes } = this.source;
    const length = end - start;
    if (length !== otherEnd - otherStart) return false;
    let i = 1;
    while (i < length && bytes[start + i] === bytes[otherStart + i]) i += 1;
    return i === length;
  }
}

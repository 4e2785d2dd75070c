import type { JsonSource } from './json-source.ts';

/** Up to so many plain keys are compared one with the other; more of them, and escaped ones, go through a set. */
const FEW = 8;

/** The keys of one object so far, to find one that stands twice, however it is spelled. Linear for any number. */
export class KeyList {
  private readonly source: JsonSource;
  /** Start and end of each, quotes included. */
  private readonly places: number[] = [];
  /** With their opening quotes, which keep integer-like keys out of V8's unseeded integer hash. */
  private set: Set<string> | undefined;

  constructor(source: JsonSource) {
    this.source = source;
  }

  /** `escaped`: the token has an escape in it. False when a key that says the same is there already. */
  add(start: number, end: number, escaped: boolean): boolean {
    if (escaped || this.set !== undefined) return this.addToSet(start, end);
    const { places } = this;
    for (let i = 0; i < places.length; i += 2) {
      if (this.same(places[i] as number, places[i + 1] as number, start, end)) return false;
    }
    if (places.length === 2 * FEW) return this.addToSet(start, end);
    places.push(start, end);
    return true;
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
    for (let i = 0; i < this.places.length; i += 2) {
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

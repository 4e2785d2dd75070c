import {
  BEFORE_AT,
  BEFORE_SHORT_AT,
  ESCAPES_AT,
  FOLDED_AT,
  FOLLOWS_AT,
  HASH_BEFORE,
  HASH_BITS,
  HASH_STEP,
  HASHES_AT,
  MARKS_AT,
  ODD_AT,
  SHORT_AT,
  SHRINKS_AT,
  simdModule,
  TEXT_AT,
  TEXT_BYTES,
} from './simd-code.ts';

interface Exports {
  memory: { buffer: ArrayBuffer };
  string(at: number, end: number): number;
  mark(at: number, end: number): number;
}
/** The part of the engine's own that is used here: the pure core knows neither Node's types nor a browser's. */
declare const WebAssembly: {
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object) => { exports: unknown };
};

/** What stands around a place is looked at, too: so many bytes of the text before and behind are in the window. */
const AROUND = 8;

/** Which marks `nextMark` looks for. Rows of bits, a row for each byte. */
export interface MarkTables {
  /** 32 bytes: those of the low halves, then those of the high ones. */
  halves: Uint8Array;
  /** By a mark and the byte behind it; `short`: that is enough. */
  follows: Uint8Array;
  short: Uint8Array;
  /** The same of the byte before it. */
  before: Uint8Array;
  beforeShort: Uint8Array;
  /** A bit for each `hashOf`. */
  hashes: Uint8Array;
}

/** What is left out of a word, in a hash. */
export const LEFT_OUT = 1;

/** Of a mark and the three bytes behind it, or before it, from the nearest on: letters in lower case, or LEFT_OUT. */
export function hashOf(mark: number, isBefore: boolean, bytes: readonly [number, number, number]): number {
  let hash = isBefore ? mark + HASH_BEFORE : mark;
  for (const byte of bytes) hash = hash * HASH_STEP + byte;
  return hash & HASH_BITS;
}

/** A text that is being looked through by one reader; a window of it lies in the memory of the fast loops. */
export interface SimdReader {
  /** Of this reading alone: the same bytes may be another text the next time. */
  readonly id: number;
  readonly bytes: Uint8Array;
}

let readings = 0;

/** A reading of its own, whatever was read from the same bytes before. */
export function reading(bytes: Uint8Array): SimdReader {
  return { id: nextReading(), bytes };
}

export function nextReading(): number {
  readings += 1;
  return readings;
}

/** Loops over sixteen bytes at a time, for texts that are long enough to be worth it. */
export class Simd {
  private readonly code: Exports;
  private readonly memory: Uint8Array;
  private readonly facts: Int32Array;
  /** Whose text is in the window. */
  private reader = -1;
  private begin = 0;
  private size = 0;
  private tables: MarkTables | undefined;
  /** Of the strings passed by `string` since the last `reset`. */
  shrinks = 0;
  odd = false;

  constructor() {
    this.code = new WebAssembly.Instance(new WebAssembly.Module(simdModule())).exports as Exports;
    this.memory = new Uint8Array(this.code.memory.buffer);
    this.facts = new Int32Array(this.code.memory.buffer, 0, 2);
    for (const letter of '"\\bfnrt') this.memory[ESCAPES_AT + letter.charCodeAt(0)] = 1;
    this.memory[ESCAPES_AT + 0x2f] = 2;
    this.memory[ESCAPES_AT + 0x75] = 3;
    for (const digit of '0123456789abcdefABCDEF') {
      const at = ESCAPES_AT + digit.charCodeAt(0);
      this.memory[at] = (this.memory[at] as number) | 4;
    }
    for (let byte = 0; byte < 256; byte += 1)
      this.memory[FOLDED_AT + byte] = byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte;
    for (const quote of '"\'\\') this.memory[FOLDED_AT + quote.charCodeAt(0)] = LEFT_OUT;
  }

  /**
   * From inside a string to where it needs a closer look: its closing quote, a control, an escape that JSON does not
   * know or of which not six bytes are there; the text's length when there is none. Adds to `shrinks` and `odd`.
   */
  string(reader: SimdReader, from: number): number {
    let at = from;
    for (;;) {
      this.load(reader, at);
      const { begin, size, facts } = this;
      const stop = begin + this.code.string(TEXT_AT + at - begin, TEXT_AT + size) - TEXT_AT;
      this.shrinks += facts[SHRINKS_AT / 4] as number;
      if (facts[ODD_AT / 4] === 1) this.odd = true;
      const behind = begin + size;
      // The window's end may have cut through an escape: the next one begins with it.
      if (behind === reader.bytes.length || stop < behind - AROUND || stop === at) return stop;
      at = stop;
    }
  }

  /** The next mark at or after `from` that may belong to one of the tables' words, before `end`; `end` when there is none. */
  nextMark(reader: SimdReader, tables: MarkTables, from: number, end: number): number {
    if (this.tables !== tables) this.take(tables);
    let at = from;
    for (;;) {
      this.load(reader, at);
      const { begin, size } = this;
      const last = begin + size === reader.bytes.length ? size : size - AROUND;
      const until = Math.min(end, begin + last);
      const stop = begin + this.code.mark(TEXT_AT + at - begin, TEXT_AT + until - begin) - TEXT_AT;
      if (stop < until) return stop;
      if (until === end) return end;
      at = stop;
    }
  }

  private load(reader: SimdReader, at: number): void {
    const { bytes, id } = reader;
    const behind = this.begin + this.size;
    const enough = behind === bytes.length || at < behind - 2 * AROUND;
    const before = this.begin === 0 ? 0 : this.begin + AROUND;
    if (this.reader === id && at >= before && enough) return;
    this.reader = id;
    this.begin = Math.max(0, at - AROUND);
    this.size = Math.min(TEXT_BYTES, bytes.length - this.begin);
    this.memory.set(bytes.subarray(this.begin, this.begin + this.size), TEXT_AT);
    // What stands behind the text is no part of it.
    this.memory.fill(0, TEXT_AT + this.size, TEXT_AT + this.size + 16);
  }

  private take(tables: MarkTables): void {
    this.tables = tables;
    this.memory.set(tables.halves, MARKS_AT);
    this.memory.set(tables.follows, FOLLOWS_AT);
    this.memory.set(tables.short, SHORT_AT);
    this.memory.set(tables.before, BEFORE_AT);
    this.memory.set(tables.beforeShort, BEFORE_SHORT_AT);
    this.memory.set(tables.hashes, HASHES_AT);
  }
}

let made: Simd | undefined;
let tried = false;

/** Made when it is first wanted, for few sessions see a long text. Undefined where the engine has no SIMD: then loops do the same. */
export function simd(): Simd | undefined {
  if (tried) return made;
  tried = true;
  try {
    made = new Simd();
  } catch {
    // An engine that does not know these instructions.
  }
  return made;
}

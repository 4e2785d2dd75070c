import { joined } from './join.ts';
import { BACKSLASH, orEnd, QUOTE } from './json/byte-cursor.ts';
import { reading, type SimdReader, simd } from './json/simd.ts';
import { LineFacts, type ServerLine } from './server-line.ts';

const COMMA = 0x2c;
/** So much must be left of a stretch to be looked through by the faster loop. */
const WORTH_A_WINDOW = 256;

/** What may come next in an object that is looked into. */
type Next = 'key or end' | 'key' | 'colon' | 'value' | 'comma or end' | 'nothing more';

/**
 * Reads a server's line as it streams by: strictly at its top level and at that of its `result`, whatever the order
 * of the keys (real servers write `id` last), passing over all that is nested deeper. A long line needs no more
 * memory than a short one.
 */
export class ServerLineReader {
  private facts = new LineFacts();
  private next: Next = 'value';
  /** How many brackets are open, and how many of those are objects that are looked into. */
  private depth = 0;
  private level = 0;
  private inString = false;
  private escaping = false;
  private inScalar = false;
  private key = '';
  /** Where in this stretch the token began that is being kept, or -1; `kept` is what came of it in earlier ones. */
  private keptFrom = -1;
  private kept: Uint8Array[] = [];
  private keptBytes = 0;
  /** Where the next of each stands in this stretch; looked up again only when it has been passed. */
  private quote = -1;
  private backslash = -1;
  private window: SimdReader | undefined;

  /** More of the line, without its LF. */
  feed(bytes: Uint8Array): void {
    this.quote = this.backslash = -1;
    this.window = undefined;
    let at = 0;
    while (at < bytes.length && this.facts.odd === undefined) {
      if (this.inString) at = this.throughString(bytes, at);
      else if (this.depth > this.level) at = this.throughNested(bytes, at);
      else at = this.atLevel(bytes, at);
    }
    if (this.keptFrom !== -1) this.keep(bytes, bytes.length);
    if (this.keptFrom !== -1) this.keptFrom = 0;
    this.window = undefined;
  }

  /** The line has ended: what it was. Ready for the next one. */
  end(): ServerLine {
    const { facts } = this;
    if (this.inScalar) this.tokenEnds(new Uint8Array(0), 0);
    const blank = this.next === 'value' && this.level === 0 && this.depth === 0;
    if (!blank && this.next !== 'nothing more') facts.odd ??= 'not-json';
    this.reset();
    return blank && facts.odd === undefined ? { answer: undefined } : facts.line();
  }

  private reset(): void {
    this.facts = new LineFacts();
    this.next = 'value';
    this.depth = this.level = 0;
    this.inString = this.escaping = this.inScalar = false;
    this.keptFrom = -1;
    this.kept = [];
    this.keptBytes = 0;
  }

  private throughString(bytes: Uint8Array, from: number): number {
    if (this.escaping) {
      this.escaping = false;
      return from + 1;
    }
    const stop = bytes.length - from > WORTH_A_WINDOW ? this.far(bytes, from) : from;
    if (stop > from) return stop;
    if (this.quote < from) this.quote = orEnd(bytes, bytes.indexOf(QUOTE, from));
    if (this.backslash < from) this.backslash = orEnd(bytes, bytes.indexOf(BACKSLASH, from));
    if (this.backslash < this.quote) {
      this.escaping = true;
      return this.backslash + 1;
    }
    if (this.quote === bytes.length) return bytes.length;
    const end = this.quote + 1;
    this.inString = false;
    if (this.depth === this.level) this.tokenEnds(bytes, end);
    return end;
  }

  /** To where the string may end: what it says is not our business here. */
  private far(bytes: Uint8Array, from: number): number {
    const fast = simd();
    if (fast === undefined) return from;
    if (this.window?.bytes !== bytes) this.window = reading(bytes);
    return fast.string(this.window, from);
  }

  /** Brackets of either kind count alike: only that this value ends matters. */
  private throughNested(bytes: Uint8Array, from: number): number {
    for (let at = from; at < bytes.length; at += 1) {
      const byte = bytes[at] as number;
      if (byte === QUOTE) {
        this.inString = true;
        return at + 1;
      }
      if (byte === 0x7b || byte === 0x5b) this.depth += 1;
      else if (byte === 0x7d || byte === 0x5d) {
        this.depth -= 1;
        if (this.depth > this.level) continue;
        this.tokenEnds(bytes, at + 1);
        return at + 1;
      }
    }
    return bytes.length;
  }

  private atLevel(bytes: Uint8Array, at: number): number {
    const byte = bytes[at] as number;
    const space = byte === 0x20 || byte === 0x09 || byte === 0x0d;
    if (this.inScalar) {
      if (!space && byte !== COMMA && byte !== 0x7d) return at + 1;
      this.tokenEnds(bytes, at);
      return at;
    }
    if (!space && !this.takes(byte, at))
      this.facts.odd = this.next === 'value' && this.level === 0 ? 'not-an-object' : 'not-json';
    return at + 1;
  }

  /** Whether this byte may stand here; goes on to what comes after it. */
  private takes(byte: number, at: number): boolean {
    switch (this.next) {
      case 'key or end':
      case 'key':
        if (byte === 0x7d && this.next === 'key or end') return this.closes();
        return byte === QUOTE && this.begins(at, true);
      case 'colon':
        this.next = 'value';
        return byte === 0x3a;
      case 'value':
        return this.value(byte, at);
      case 'comma or end':
        if (byte === 0x7d) return this.closes();
        this.next = 'key';
        return byte === COMMA;
      case 'nothing more':
        return false;
    }
  }

  private value(byte: number, at: number): boolean {
    const opens = byte === 0x7b || byte === 0x5b;
    if (byte === 0x7b && (this.level === 0 || (this.level === 1 && this.key === 'result'))) {
      this.level += 1;
      this.depth += 1;
      this.next = 'key or end';
      return true;
    }
    if (this.level === 0) return false;
    if (opens) this.depth += 1;
    else if (byte !== QUOTE) this.inScalar = true;
    return this.begins(at, byte === QUOTE);
  }

  private closes(): boolean {
    this.level -= 1;
    this.depth -= 1;
    this.next = this.level === 0 ? 'nothing more' : 'comma or end';
    return true;
  }

  private begins(at: number, string: boolean): boolean {
    this.inString = string;
    if (this.next !== 'value' || this.inScalar || this.facts.wants(this.level, this.key)) this.keptFrom = at;
    return true;
  }

  /** A key or a value of a level that is looked into has ended. */
  private tokenEnds(bytes: Uint8Array, end: number): void {
    this.inScalar = false;
    if (this.keptFrom !== -1) this.keep(bytes, end);
    const token = this.token();
    this.keptFrom = -1;
    if (this.next === 'value') {
      this.next = 'comma or end';
      this.facts.value(this.level, this.key, token);
    } else {
      this.next = 'colon';
      this.key = this.facts.key(this.level, token);
    }
    this.kept = [];
    this.keptBytes = 0;
  }

  /** Remembers the token's part in this stretch; forgets all of it once it is too long for anything we look for. */
  private keep(bytes: Uint8Array, end: number): void {
    const part = bytes.subarray(this.keptFrom, end);
    this.keptBytes += part.length;
    if (this.keptBytes <= LineFacts.LONGEST) this.kept.push(part);
    else {
      this.kept = [];
      this.keptFrom = -1;
    }
  }

  private token(): Uint8Array | undefined {
    if (this.keptFrom === -1) return undefined;
    return this.kept.length === 1 ? this.kept[0] : joined(this.kept, this.keptBytes);
  }
}

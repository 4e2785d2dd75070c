import { reading, type SimdReader, simd } from './json/simd.ts';
import type { ServerAnswer } from './server-line.ts';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;
const COMMA = 0x2c;
const OPEN = 0x7b;
const CLOSE = 0x7d;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
/** So many bytes of a string are looked at one by one before the faster loop is worth its call. */
const NEAR = 64;
const WORTH_A_WINDOW = 256;
const MOST_KEY = 64;
const MOST_ID = 64;
/** A whole number of so many digits is exact, and spelled in one way. */
const MOST_DIGITS = 15;
const NO = -1;

const bytesOf = (text: string): Uint8Array => Uint8Array.from(text, (one) => one.charCodeAt(0));
const VERSION = bytesOf('"jsonrpc":"2.0"');
const ID = bytesOf('"id":');
const RESULT = bytesOf('"result":');
const ERROR = bytesOf('"error":');
const IS_ERROR = bytesOf('isError');
const WORDS = ['true', 'false', 'null'].map(bytesOf);
/** Lengths of the keys that make a result worth the full reading: `resultType`, `requestState`, `inputRequests`. */
const OTHER_KEYS = new Set([10, 12, 13]);

/**
 * The usual answer of a server, read at once: a whole line without white space outside of strings that holds `jsonrpc`,
 * `id` and `result` or `error`, in any order. For whatever else it says nothing, and `ServerLineReader` says what it is,
 * which says the same of this one.
 */
export class QuickAnswer {
  private bytes: Uint8Array = new Uint8Array(0);
  private end = 0;
  private at = 0;
  private id = '';
  private isString = false;
  private isError = false;
  private window: SimdReader | undefined;

  /** The line stands from `start` to `end`, its LF not included. Undefined: it must be read in full. */
  read(bytes: Uint8Array, start: number, end: number): ServerAnswer | undefined {
    if (bytes[start] !== OPEN) return undefined;
    this.bytes = bytes;
    this.end = end;
    this.at = start + 1;
    this.isError = false;
    this.window = undefined;
    const seen = this.members();
    // The line's bytes are not kept.
    this.bytes = NOTHING;
    this.window = undefined;
    if (this.at !== end || (seen !== HAS_RESULT && seen !== HAS_ERROR)) return undefined;
    const { id, isString, isError } = this;
    return {
      id: isString ? { key: `s:${id}`, text: `"${id}"` } : { key: `n:${id}`, text: id },
      outcome: seen === HAS_RESULT ? 'ok' : 'error',
      isError,
      inputRequired: undefined,
    };
  }

  /** The members of the message, up to its end: which there were, or NO. */
  private members(): number {
    let seen = 0;
    for (;;) {
      const key = this.member();
      if (this.at === NO || key === 0 || (seen & key) !== 0) return NO;
      seen |= key;
      const next = this.bytes[this.at];
      this.at += 1;
      if (next === CLOSE) return seen;
      if (next !== COMMA) return NO;
    }
  }

  /** One member; says which it is, 0 for another. Goes behind its value, or to NO. */
  private member(): number {
    if (this.passes(VERSION)) return 1;
    if (this.passes(ID)) {
      this.at = this.idEnd();
      return 2;
    }
    const isResult = this.passes(RESULT);
    if (!isResult && !this.passes(ERROR)) return 0;
    if (this.bytes[this.at] !== OPEN) return 0;
    this.at = isResult ? this.resultEnd() : this.nestedEnd(this.at);
    return isResult ? 4 : 8;
  }

  private passes(text: Uint8Array): boolean {
    if (!this.stands(this.at, text)) return false;
    this.at += text.length;
    return true;
  }

  private stands(at: number, text: Uint8Array): boolean {
    const { bytes } = this;
    for (let i = 0; i < text.length; i += 1) if (bytes[at + i] !== text[i]) return false;
    return at + text.length <= this.end;
  }

  /** A short whole number that is not negative, or a short string of printable ASCII without escapes. */
  private idEnd(): number {
    const { bytes, at: from } = this;
    this.isString = bytes[from] === QUOTE;
    if (!this.isString) {
      const end = this.numberEnd(from);
      if (end === NO) return NO;
      let value = 0;
      for (let at = from; at < end; at += 1) value = value * 10 + (bytes[at] as number) - 0x30;
      this.id = String(value);
      return end;
    }
    let text = '';
    for (let at = from + 1; at < from + MOST_ID; at += 1) {
      const byte = bytes[at] as number;
      if (byte === QUOTE) {
        this.id = text;
        return at + 1;
      }
      if (!(byte >= 0x20 && byte < 0x7f) || byte === BACKSLASH) return NO;
      text += String.fromCharCode(byte);
    }
    return NO;
  }

  private numberEnd(from: number): number {
    const { bytes } = this;
    let at = from;
    while (at <= from + MOST_DIGITS && (bytes[at] as number) >= 0x30 && (bytes[at] as number) <= 0x39)
      at += 1;
    const length = at - from;
    return length === 0 || length > MOST_DIGITS || (length > 1 && bytes[from] === 0x30) ? NO : at;
  }

  /** Of the result's members only `isError` is read. */
  private resultEnd(): number {
    const { bytes } = this;
    let at = this.at + 1;
    let seen = false;
    if (bytes[at] === CLOSE) return at + 1;
    for (;;) {
      const key = at + 1;
      const keyEnd = this.keyEnd(at);
      if (keyEnd === NO) return NO;
      at = keyEnd + 2;
      if (keyEnd - key === IS_ERROR.length && this.stands(key, IS_ERROR)) {
        if (seen) return NO;
        seen = true;
        this.isError = bytes[at] === 0x74;
      }
      at = this.valueEnd(at);
      if (at === NO) return NO;
      if (bytes[at] === CLOSE) return at + 1;
      if (bytes[at] !== COMMA) return NO;
      at += 1;
    }
  }

  /** Where the closing quote of a key stands, before a colon; NO for one that needs a closer look. */
  private keyEnd(from: number): number {
    const { bytes } = this;
    if (bytes[from] !== QUOTE) return NO;
    let at = from + 1;
    while (at <= from + MOST_KEY && bytes[at] !== QUOTE) {
      if (bytes[at] === BACKSLASH || at >= this.end) return NO;
      at += 1;
    }
    if (bytes[at] !== QUOTE || bytes[at + 1] !== COLON || OTHER_KEYS.has(at - from - 1)) return NO;
    return at;
  }

  private valueEnd(at: number): number {
    const byte = this.bytes[at];
    if (byte === QUOTE) return this.stringEnd(at + 1);
    if (byte === OPEN || byte === OPEN_LIST) return this.nestedEnd(at);
    for (const word of WORDS) if (this.stands(at, word)) return at + word.length;
    return this.numberEnd(at);
  }

  /** Brackets of either kind count alike: only that this value ends matters. */
  private nestedEnd(from: number): number {
    const { bytes, end } = this;
    let depth = 1;
    let at = from + 1;
    while (at < end) {
      const byte = bytes[at] as number;
      at += 1;
      if (byte === QUOTE) {
        at = this.stringEnd(at);
        if (at === NO) return NO;
      } else if (byte === OPEN || byte === OPEN_LIST) depth += 1;
      else if (byte === CLOSE || byte === CLOSE_LIST) {
        depth -= 1;
        if (depth === 0) return at;
      }
    }
    return NO;
  }

  /** Behind the string whose contents begin at `from`; NO when it does not end. */
  private stringEnd(from: number): number {
    const { bytes, end } = this;
    const near = Math.min(from + NEAR, end);
    let at = from;
    while (at < end) {
      const byte = bytes[at] as number;
      if (byte === QUOTE) return at + 1;
      at += byte === BACKSLASH ? 2 : 1;
      if (at >= near && end - at > WORTH_A_WINDOW) at = this.far(at);
    }
    return NO;
  }

  /** To where a string may end: what it says is not our business here. */
  private far(from: number): number {
    const fast = simd();
    if (fast === undefined) return from;
    this.window ??= reading(this.bytes.subarray(0, this.end));
    return fast.string(this.window, from);
  }
}

const HAS_RESULT = 7;
const HAS_ERROR = 11;
const NOTHING = new Uint8Array(0);

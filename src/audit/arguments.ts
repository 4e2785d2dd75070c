import { ByteCursor, QUOTE } from '../protocol/byte-cursor.ts';
import type { JsonSource } from '../protocol/json-source.ts';
import { sha256Hex } from './chain.ts';
import { headOf, type RawJson, rawJson } from './raw-json.ts';

/** Most bytes of one call's arguments in a record (DESIGN 7). */
const MOST_BYTES = 2048;
/** Longer string tokens (with their quotes, in UTF-8 bytes) are cut before the whole is. */
const LONGEST_STRING = 256;
const STRING_HEAD = 128;
const WHOLE_HEAD = 512;
/** Of UTF-8, a character takes at most so many bytes for each of its UTF-16 units. */
const BYTES_A_UNIT = 3;

const decoder = new TextDecoder();

/** `head` is counted in UTF-16 units. */
function cut(whole: Uint8Array, head: number, digest = sha256Hex(whole)): string {
  // One character more than needed: a last one that is split here is cut off again.
  const text = decoder.decode(whole.subarray(0, (head + 1) * BYTES_A_UNIT));
  return `{"cut":true,"head":${JSON.stringify(headOf(text, head))},"length":${whole.length},"digest":"${digest}"}`;
}

/** Goes from string to string through arguments that the scanner has found clean. */
class Cutter extends ByteCursor {
  private out = '';
  private copied = 0;
  private size = 0;

  /** The arguments with their long strings cut; undefined as soon as that cannot come out short enough. */
  run(): string | undefined {
    for (let at = this.bytes.indexOf(QUOTE); at !== -1; at = this.bytes.indexOf(QUOTE, this.at)) {
      // What lies before this token stays as it is: many short values are given up on early.
      if (this.size + at - this.copied > MOST_BYTES) return undefined;
      this.at = at;
      const end = this.string();
      if (end - at > LONGEST_STRING && !this.isKey()) {
        const { source } = this;
        const whole = source.stringBytes(at, end, this.escaped);
        this.keep(source.slice(this.copied, at), cut(whole, STRING_HEAD, source.digests?.get(at)));
        this.copied = end;
      }
      this.at = end;
    }
    if (this.size + this.bytes.length - this.copied > MOST_BYTES) return undefined;
    this.keep(this.source.slice(this.copied, this.bytes.length), '');
    return this.size <= MOST_BYTES ? this.out : undefined;
  }

  private keep(before: string, shorter: string): void {
    this.out += before + shorter;
    this.size += Buffer.byteLength(before) + Buffer.byteLength(shorter);
  }

  private isKey(): boolean {
    this.space();
    return this.bytes[this.at] === 0x3a;
  }
}

/**
 * What a decision records of a call's arguments: their own JSON source, unchanged up to 2,048 UTF-8 bytes; else
 * long strings become `{cut, head, length, digest}` (length and digest over the decoded string's UTF-8); else the
 * whole becomes one such object over its source text. Never throws.
 */
export function argumentsField(source: JsonSource): RawJson {
  if (source.bytes.length <= MOST_BYTES) return rawJson(source.text);
  let shorter: string | undefined;
  try {
    shorter = new Cutter(source).run();
  } catch {
    // Not the valid JSON that was promised: only its digest can be relied on.
  }
  return rawJson(shorter ?? cut(source.bytes, WHOLE_HEAD));
}

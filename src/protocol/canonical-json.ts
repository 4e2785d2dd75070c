import { ByteCursor, QUOTE } from './byte-cursor.ts';
import type { JsonSource } from './json-source.ts';

/**
 * One spelling for equal values, in order: pairs of numbers are stretches of the source's bytes, the rest is text
 * or more of the same. So a long value is digested where it stands, without a copy.
 */
export type Canonical = (number | string | Canonical)[];

const COMMA = 0x2c;
/** In bytes, quotes included: a longer string stands for itself by its length and digest. */
const LONG_STRING = 4096;
const LONE = /\p{Cs}/u;

/** Lower-case hex SHA-256. */
export type Digest = (bytes: Uint8Array) => string;

/** A stretch that goes on where the last one ended becomes one with it. */
function add(out: Canonical, start: number, end: number): void {
  if (out[out.length - 1] === start) out[out.length - 1] = end;
  else out.push(start, end);
}

interface Entry {
  key: string;
  form: Canonical;
  /** Where its comma stands in the source. */
  comma: number;
}

/** Walks over a value that the scanner has found clean. */
class Walker extends ByteCursor {
  private readonly digest: Digest;

  constructor(source: JsonSource, digest: Digest) {
    super(source);
    this.digest = digest;
  }

  /** Recursion is bounded by the scanner's MAX_DEPTH. */
  value(out: Canonical): void {
    this.space();
    const start = this.at;
    const byte = this.bytes[start];
    if (byte === QUOTE) this.text(out);
    else if (byte === 0x7b) this.object(out);
    else if (byte === 0x5b) this.array(out);
    else {
      while (!ends(this.bytes[this.at])) this.at += 1;
      add(out, start, this.at);
    }
  }

  /** Puts one byte of the source, a bracket or a colon. */
  private mark(out: Canonical): void {
    add(out, this.at, this.at + 1);
    this.at += 1;
  }

  private stands(byte: number): boolean {
    this.space();
    return this.bytes[this.at] === byte;
  }

  private array(out: Canonical): void {
    this.mark(out);
    while (!this.stands(0x5d)) {
      this.value(out);
      if (this.stands(COMMA)) this.mark(out);
    }
    this.mark(out);
  }

  private object(out: Canonical): void {
    const entries: Entry[] = [];
    this.mark(out);
    while (!this.stands(0x7d)) {
      const entry = this.entry();
      entries.push(entry);
      if (this.stands(COMMA)) {
        entry.comma = this.at;
        this.at += 1;
      }
    }
    put(entries, out);
    this.mark(out);
  }

  private entry(): Entry {
    const form: Canonical = [];
    const start = this.at;
    this.text(form);
    const key = this.source.string(start, this.at);
    this.space();
    this.mark(form);
    this.value(form);
    return { key, form, comma: -1 };
  }

  private text(out: Canonical): void {
    const start = this.at;
    this.string();
    if (this.at - start > LONG_STRING) {
      const long = this.long(start);
      if (long !== undefined) {
        out.push(long);
        return;
      }
    }
    // Without an escape the source is what JSON.stringify would write: controls and lone surrogates cannot occur.
    if (this.escaped) out.push(JSON.stringify(this.source.string(start, this.at)));
    else add(out, start, this.at);
  }

  /**
   * No JSON can look like this. The digest is kept: the audit log names the same string by it. UTF-8 has one form
   * for all lone surrogates, so a string that holds one stands for itself.
   */
  private long(start: number): string | undefined {
    if (this.escaped && LONE.test(this.source.string(start, this.at))) return undefined;
    const bytes = this.source.stringBytes(start, this.at, this.escaped);
    const digest = this.digest(bytes);
    this.source.digests ??= new Map();
    this.source.digests.set(start, digest);
    return `#${bytes.length}:${digest}`;
  }
}

function put(entries: Entry[], out: Canonical): void {
  const sorted = entries.every((entry, i) => i === 0 || (entries[i - 1] as Entry).key < entry.key);
  // Where nothing is moved the commas stay part of one long stretch.
  if (!sorted) entries.sort((a, b) => (a.key < b.key ? -1 : 1));
  for (const [i, { form, comma }] of entries.entries()) {
    out.push(form);
    if (i === entries.length - 1) return;
    if (sorted) add(out, comma, comma + 1);
    else out.push(',');
  }
}

function ends(byte: number | undefined): boolean {
  return byte === undefined || byte === COMMA || byte === 0x5d || byte === 0x7d || byte <= 0x20;
}

/**
 * The canonical form of one clean value: keys sorted by UTF-16 code unit, strings decoded and re-encoded, no white
 * space, numbers as their source text (1 and 1.0 differ, 9007199254740993 stays), strings of over 4 KiB as
 * `#LENGTH:SHA-256` of their UTF-8.
 */
export function canonicalJson(source: JsonSource, digest: Digest): Canonical {
  const out: Canonical = [];
  new Walker(source, digest).value(out);
  return out;
}

/** Neighbouring stretches as one. */
class Joiner {
  private start = 0;
  private end = -1;
  private readonly stretch: (start: number, end: number) => void;
  private readonly text: (text: string) => void;

  constructor(stretch: (start: number, end: number) => void, text: (text: string) => void) {
    this.stretch = stretch;
    this.text = text;
  }

  walk(form: Canonical): void {
    for (let i = 0; i < form.length; i += 1) {
      const piece = form[i] as number | string | Canonical;
      if (typeof piece === 'number') {
        i += 1;
        this.add(piece, form[i] as number);
      } else if (typeof piece === 'string') {
        this.flush();
        this.text(piece);
      } else this.walk(piece);
    }
  }

  flush(): void {
    if (this.end > this.start) this.stretch(this.start, this.end);
    this.end = -1;
  }

  private add(start: number, end: number): void {
    if (start !== this.end) {
      this.flush();
      this.start = start;
    }
    this.end = end;
  }
}

/** Hands out a form's pieces in order: stretches of the source's bytes, and texts. */
export function eachPiece(
  form: Canonical,
  stretch: (start: number, end: number) => void,
  text: (text: string) => void,
): void {
  const joiner = new Joiner(stretch, text);
  joiner.walk(form);
  joiner.flush();
}

/** The canonical form as one text. */
export function canonicalText(source: JsonSource, digest: Digest): string {
  let whole = '';
  eachPiece(
    canonicalJson(source, digest),
    (start, end) => {
      whole += source.slice(start, end);
    },
    (text) => {
      whole += text;
    },
  );
  return whole;
}

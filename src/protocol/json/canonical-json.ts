import { ByteCursor, QUOTE } from './byte-cursor.ts';
import type { JsonSource, StringDigest } from './json-source.ts';
import { Unescaped } from './unescaped.ts';

/** A string token, quotes included, that is spelled anew, for there are escapes in it. */
export interface Respelled {
  start: number;
  end: number;
}

/**
 * One spelling for equal values, in order: pairs of numbers are stretches of the source's bytes, the rest is text,
 * strings to spell anew or more of the same. So a long value is digested where it stands, without a copy.
 */
export type Canonical = (number | string | Respelled | Canonical)[];

const COMMA = 0x2c;
/** In bytes of its contents: a longer string is named by its length and digest. */
export const LONG_STRING = 4096;

/** Lower-case hex SHA-256 of all pieces together; each is good until the next one is asked for. */
export type Digest = (pieces: Iterable<Uint8Array>) => string;

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
    const { at: end, odd } = this;
    const long =
      end - start - 2 > LONG_STRING ? longForm(this.source, { start, end, odd }, this.digest) : undefined;
    if (long !== undefined) out.push(long);
    // Without an odd escape the source is what JSON.stringify would write: controls and lone surrogates cannot occur.
    else if (odd) out.push({ start, end });
    else add(out, start, end);
  }
}

/** A string token, and whether an escape in it may be spelled otherwise than JSON.stringify would. */
export interface LongToken extends Respelled {
  odd: boolean;
}

/** What stands for a long string: no JSON can look like this. Undefined: its canonical spelling is not long. */
function longForm(source: JsonSource, token: LongToken, digest: Digest): string | undefined {
  const { bytes, digest: found } = longDigest(source, token, digest);
  return bytes > LONG_STRING ? `#${bytes}:${found}` : undefined;
}

/**
 * Digest and length, in bytes, of a long string's contents in their canonical spelling. Computed once for a line: what
 * it is signed by, recorded by and repeated by all go by this.
 */
export function longDigest(source: JsonSource, { start, end, odd }: LongToken, digest: Digest): StringDigest {
  const noted = source.longAt(start);
  if (noted?.digest !== undefined) return noted.digest;
  const made = odd ? respelledDigest(source, start, end, digest) : asItStands(source, start, end, digest);
  if (noted !== undefined) noted.digest = made;
  return made;
}

function asItStands(source: JsonSource, start: number, end: number, digest: Digest): StringDigest {
  return { digest: digest([source.bytes.subarray(start + 1, end - 1)]), bytes: end - start - 2 };
}

function respelledDigest(source: JsonSource, start: number, end: number, digest: Digest): StringDigest {
  let bytes = 0;
  const counted = function* (): Generator<Uint8Array> {
    for (const piece of new Unescaped('spelled').of(source.bytes, start, end).pieces()) {
      bytes += piece.length;
      yield piece;
    }
  };
  return { digest: digest(counted()), bytes };
}

/** A text with what `name` says of each string of over 4 KiB in its place, as `#LENGTH:SHA-256`. */
export function shortForm(source: JsonSource, name: (token: LongToken) => StringDigest): string {
  let whole = '';
  let copied = 0;
  for (const { start, end, long } of source.longStrings()) {
    if (end - start - 2 <= LONG_STRING) continue;
    const { bytes, digest } = name({ start, end, odd: long.odd });
    whole += `${source.slice(copied, start)}#${bytes}:${digest}`;
    copied = end;
  }
  return copied === 0 ? source.text : whole + source.slice(copied, source.bytes.length);
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
 * space, numbers as their source text (1 and 1.0 differ, 9007199254740993 stays), strings whose contents take over
 * 4 KiB in this spelling as `#LENGTH:SHA-256` of them.
 */
export function canonicalJson(source: JsonSource, digest: Digest): Canonical {
  const out: Canonical = [];
  new Walker(source, digest).value(out);
  return out;
}

/** Where a form's pieces go, in order. */
export interface CanonicalSink {
  /** Bytes of the source as they stand. */
  stretch(start: number, end: number): void;
  text(text: string): void;
  respelled(token: Respelled): void;
}

/** Neighbouring stretches as one. */
class Joiner {
  private start = 0;
  private end = -1;
  private readonly sink: CanonicalSink;

  constructor(sink: CanonicalSink) {
    this.sink = sink;
  }

  walk(form: Canonical): void {
    for (let i = 0; i < form.length; i += 1) {
      const piece = form[i] as Canonical[number];
      if (typeof piece === 'number') {
        i += 1;
        this.add(piece, form[i] as number);
      } else if (Array.isArray(piece)) this.walk(piece);
      else {
        this.flush();
        if (typeof piece === 'string') this.sink.text(piece);
        else this.sink.respelled(piece);
      }
    }
  }

  flush(): void {
    if (this.end > this.start) this.sink.stretch(this.start, this.end);
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

/** Hands out a form's pieces in order. */
export function eachPiece(form: Canonical, sink: CanonicalSink): void {
  const joiner = new Joiner(sink);
  joiner.walk(form);
  joiner.flush();
}

/** The canonical form as one text. */
export function canonicalText(source: JsonSource, digest: Digest): string {
  if (source.regular) return shortForm(source, (token) => longDigest(source, token, digest));
  let whole = '';
  eachPiece(canonicalJson(source, digest), {
    stretch: (start, end) => {
      whole += source.slice(start, end);
    },
    text: (text) => {
      whole += text;
    },
    respelled: ({ start, end }) => {
      whole += JSON.stringify(source.string(start, end));
    },
  });
  return whole;
}

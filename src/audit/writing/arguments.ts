import { sha256Hex, sha256OfPieces } from '../../platform/digest.ts';
import { ByteCursor, QUOTE } from '../../protocol/json/byte-cursor.ts';
import { longDigest } from '../../protocol/json/canonical-json.ts';
import { type JsonNode, scanJson } from '../../protocol/json/json-scan.ts';
import { JsonSource, saidBy } from '../../protocol/json/json-source.ts';
import { Unescaped } from '../../protocol/json/unescaped.ts';
import { mayNameSecret } from '../../secrets/find-secrets.ts';
import { headOf, type RawJson, rawJson } from '../log/raw-json.ts';
import type { Redactor } from './redact.ts';

/** Most bytes of one call's arguments in a record. */
const MOST_BYTES = 2048;
/** Longer string tokens (with their quotes, in UTF-8 bytes) are cut before the whole is. */
const LONGEST_STRING = 256;
const STRING_HEAD = 128;
const WHOLE_HEAD = 512;
/** Of UTF-8, a character takes at most so many bytes for each of its UTF-16 units. */
const BYTES_A_UNIT = 3;

const BACKSLASH = 0x5c;
const LETTER_U = 0x75;
const UNICODE_ESCAPE = 6;
const HALF_A_PAIR = /\p{Cs}/gu;

const decoder = new TextDecoder();

/** So much beyond the head is read with it: a secret that begins there must be known as one. In UTF-16 units. */
const LOOK_AHEAD = 256;
const LONG_WORD = 20;
const OF_A_WORD = /[A-Za-z0-9_+/=.~-]/;

/** Where a long word at the end of a text begins: what goes on beyond it may be a token of any length, and is left out. */
function beginOfLastWord(text: string): number {
  let begin = text.length;
  while (begin > 0 && OF_A_WORD.test(text[begin - 1] ?? '')) begin -= 1;
  return text.length - begin >= LONG_WORD ? begin : text.length;
}
const ESCAPE = /\\u([0-9a-fA-F]{4})/g;

/** Something long, of which the beginning is kept. */
interface Cut {
  /** Its beginning, with what is looked at beyond the head. */
  ahead: string;
  /** In UTF-16 units. */
  head: number;
  /** Of all of it, in bytes. */
  length: number;
  digest: string;
}

function cut({ ahead, head, length, digest }: Cut, redactor: Redactor | undefined): string {
  const text = headOf(redactor === undefined ? ahead : maskedHead(ahead, redactor), head);
  const named = redactor === undefined ? digest : redactor.keyed(digest);
  return `{"cut":true,"head":${JSON.stringify(text)},"length":${length},"digest":"${named}"}`;
}

function maskedHead(ahead: string, redactor: Redactor): string {
  const spelled = ahead.includes('\\u')
    ? ahead.replace(ESCAPE, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    : ahead;
  return redactor.text(spelled.slice(0, beginOfLastWord(spelled)));
}

/** The beginning of a text. One character more than needed: a last one that is split is cut off again. */
function beginning(bytes: Uint8Array, head: number): string {
  const units = head + LOOK_AHEAD;
  return decoder.decode(bytes.subarray(0, (units + 1) * BYTES_A_UNIT)).slice(0, units);
}

/** The same of what a string says, of which the contents are given as they stand in the source. */
function beginningSaid(contents: Uint8Array, head: number): string {
  const units = head + LOOK_AHEAD;
  let at = 0;
  for (let unit = 0; unit <= units && at < contents.length; unit += 1) {
    if (contents[at] === BACKSLASH) at += contents[at + 1] === LETTER_U ? UNICODE_ESCAPE : 2;
    else {
      at += 1;
      while (((contents[at] ?? 0) & 0xc0) === 0x80) at += 1;
    }
  }
  const spelled = decoder.decode(contents.subarray(0, at));
  const said = saidBy(`"${spelled}"`).slice(0, units);
  return spelled.includes('\\u') ? said.replace(HALF_A_PAIR, '\ufffd') : said;
}

interface WithCuts {
  text: string;
  /** What stands around the cut strings. */
  around: string;
}

/** Goes from string to string through arguments that the scanner has found clean. */
class Cutter extends ByteCursor {
  private out = '';
  private around = '';
  private copied = 0;
  private size = 0;
  private readonly redactor: Redactor | undefined;

  constructor(source: JsonSource, redactor: Redactor | undefined) {
    super(source);
    this.redactor = redactor;
  }

  /** The arguments with their long strings cut; undefined as soon as that cannot come out short enough. */
  run(): WithCuts | undefined {
    for (let at = this.bytes.indexOf(QUOTE); at !== -1; at = this.bytes.indexOf(QUOTE, this.at)) {
      // What lies before this token stays as it is: many short values are given up on early.
      if (this.size + at - this.copied > MOST_BYTES) return undefined;
      this.at = at;
      const end = this.string();
      if (end - at > LONGEST_STRING && !this.isKey()) {
        const { source } = this;
        this.keep(source.slice(this.copied, at), cut(this.longString(at, end), this.redactor));
        this.copied = end;
      }
      this.at = end;
    }
    if (this.size + this.bytes.length - this.copied > MOST_BYTES) return undefined;
    this.keep(this.source.slice(this.copied, this.bytes.length), '');
    const { out: text, around } = this;
    return this.size <= MOST_BYTES ? { text, around } : undefined;
  }

  private longString(start: number, end: number): Cut {
    const { source, escaped, odd, shrinks } = this;
    const contents = source.bytes.subarray(start + 1, end - 1);
    return {
      ahead: escaped ? beginningSaid(contents, STRING_HEAD) : beginning(contents, STRING_HEAD),
      head: STRING_HEAD,
      length: odd ? this.saidBytes(start, end) : contents.length - shrinks,
      digest: longDigest(source, { start, end, odd }, sha256OfPieces).digest,
    };
  }

  private saidBytes(start: number, end: number): number {
    let bytes = 0;
    for (const piece of new Unescaped('said').of(this.bytes, start, end).pieces()) bytes += piece.length;
    return bytes;
  }

  private keep(before: string, shorter: string): void {
    this.out += before + shorter;
    // A value stands where the cut is: a name before it stays one.
    this.around += `${before}0`;
    this.size += Buffer.byteLength(before) + Buffer.byteLength(shorter);
  }

  private isKey(): boolean {
    this.space();
    return this.bytes[this.at] === 0x3a;
  }
}

/**
 * What a decision records of a call's arguments: their own JSON source, unchanged up to 2,048 UTF-8 bytes; else
 * long strings become `{cut, head, length, digest}` (length of the decoded string's UTF-8, digest of its contents as
 * JSON.stringify spells them); else the whole becomes one such object over its source text. Never throws.
 */
export function argumentsField(source: JsonSource): RawJson {
  return rawJson(shortened(source, undefined));
}

function shortened(source: JsonSource, redactor: Redactor | undefined): string {
  if (source.bytes.length <= MOST_BYTES) return source.text;
  const shorter = withCuts(source, redactor);
  return shorter?.text ?? cutWhole(source, redactor);
}

/** Undefined where that is not enough. */
function withCuts(source: JsonSource, redactor: Redactor | undefined): WithCuts | undefined {
  try {
    return new Cutter(source, redactor).run();
  } catch {
    // Not the valid JSON that was promised: only its digest can be relied on.
    return undefined;
  }
}

function cutWhole(source: JsonSource, redactor: Redactor | undefined): string {
  // Of a list's paths nothing is known in the middle of a text.
  const head = redactor?.hasList === true ? 0 : WHOLE_HEAD;
  const { bytes } = source;
  const ahead = beginning(bytes, head);
  return cut({ ahead, head, length: bytes.length, digest: sha256Hex(bytes) }, redactor);
}

/** `field` as above, its secrets masked. `keyed`: plain digests of the call would give away what was left out. */
export interface Recorded {
  field: RawJson;
  keyed: boolean;
}

/**
 * The same with secrets masked. Of long arguments only what is kept is searched, so their digests are
 * always keyed. `keep`: `keys` leaves the names and the kinds of values, `none` nothing at all. Never throws.
 */
export function recordedArguments(
  source: JsonSource,
  redactor: Redactor,
  keep: 'source' | 'keys' | 'none',
): Recorded {
  if (keep === 'none') return { field: rawJson('null'), keyed: true };
  try {
    const kept = keep === 'keys' ? JsonSource.of(kindsOf(source)) : source;
    const long = kept.bytes.length > MOST_BYTES;
    const cuts = long ? withCuts(kept, redactor) : undefined;
    // Each head was searched when it was cut; where nothing around them names or holds a secret, that is all.
    if (cuts !== undefined && !redactor.hasList && !mayNameSecret(cuts.around))
      return { field: rawJson(cuts.text), keyed: true };
    const first = long ? (cuts?.text ?? cutWhole(kept, redactor)) : undefined;
    const masked = redactor.json(first === undefined ? kept : JsonSource.of(first));
    // Masks are longer than what they stand for: what was short may have to be cut now.
    const text = masked ?? first ?? kept.text;
    const field = Buffer.byteLength(text) <= MOST_BYTES ? text : shortened(JsonSource.of(text), redactor);
    return { field: rawJson(field), keyed: long || masked !== undefined || keep === 'keys' };
  } catch {
    return { field: rawJson('null'), keyed: true };
  }
}

/** Names stay, values become the names of their kinds. */
function kindsOf(source: JsonSource): string {
  let out = '';
  let copied = 0;
  const visit = (node: JsonNode): void => {
    for (const { value } of node.members ?? []) visit(value);
    for (const item of node.items ?? []) visit(item);
    if (node.members !== undefined || node.items !== undefined) return;
    out += `${source.slice(copied, node.start)}"${node.kind}"`;
    copied = node.end;
  };
  visit(scanJson(source, () => true));
  return out + source.slice(copied, source.bytes.length);
}

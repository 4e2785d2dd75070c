import { ByteCursor, QUOTE } from './byte-cursor.ts';
import { KeyList } from './duplicate-keys.ts';
import { JsonProblem } from './json-problem.ts';
import { JsonSource } from './json-source.ts';

/** A JSON value as it stands in the scanned bytes: `start` inclusive, `end` exclusive, in bytes. */
export interface JsonNode {
  kind: 'object' | 'array' | 'string' | 'number' | 'true' | 'false' | 'null';
  start: number;
  end: number;
  /** Of an object that was kept, in source order, keys decoded. */
  members: Member[] | undefined;
  /** Of an array that was kept. */
  items: JsonNode[] | undefined;
  /** It is spelled as its canonical form, but for long strings. */
  regular: boolean;
}

export interface Member {
  key: string;
  value: JsonNode;
}

/** C# servers stop at 64, Python's json near 1,000 (tried); deeper than this nobody reads anyway. */
export const MAX_DEPTH = 256;

/** More would keep the loop for seconds: a million of them took 2 to 6 s. No call has a hundredth of this. */
const MOST_VALUES = 250_000;
/** Keys that are spelled with an escape: each must be decoded to be compared. */
const MOST_ESCAPED_KEYS = 20_000;
const MOST_DIGITS = 16_384;
/** Of one key, in bytes as it is spelled: every key is decoded. */
const MOST_KEY = 64 * 1024;

const NO_VALUE = 'this is not a JSON value';
/** U+FEFF in UTF-8, which some programs write before everything else: readers of JSON may refuse it or pass over it. */
const MARK = [0xef, 0xbb, 0xbf];

/** An object or array that is not closed yet. */
interface Frame {
  node: JsonNode;
  /** Of an object: what stands in it so far. */
  keys: KeyList | undefined;
  empty: boolean;
  kept: boolean;
}

/** Decides whether the parts of an object or array are kept: its own key, and how many levels stand above it. */
export type Keep = (key: string | undefined, depth: number) => boolean;

class Scanner extends ByteCursor {
  private readonly keep: Keep;
  private readonly frames: Frame[] = [];
  /** Values and keys so far, and those of the keys that are spelled with an escape. */
  private values = 0;
  private escapedKeys = 0;
  /** The outermost value, as far as it has been read. */
  root: JsonNode | undefined;

  constructor(source: JsonSource, keep: Keep) {
    super(source);
    this.keep = keep;
  }

  /** The whole text as one value. Iterative, so that depth costs memory and never the stack. */
  run(): JsonNode {
    if (MARK.every((byte, at) => this.bytes[at] === byte))
      throw this.problem('not-json', 'it begins with a byte order mark (BOM), which JSON must not');
    this.space();
    const root = this.value(undefined, true);
    this.root = root;
    const { frames } = this;
    while (frames.length > 0) this.step(frames[frames.length - 1] as Frame);
    this.space();
    if (this.at < this.bytes.length) throw this.problem('trailing-text', 'more text follows the JSON value');
    return root;
  }

  private step(frame: Frame): void {
    const { node, keys, kept } = frame;
    this.space();
    if (this.bytes[this.at] === (keys === undefined ? 0x5d : 0x7d)) {
      if (keys?.sorted === false) this.irregular = this.at;
      this.at += 1;
      if (node !== NOTHING) this.closed(node);
      keys?.release();
      this.frames.pop();
      return;
    }
    if (!frame.empty) {
      this.expect(0x2c, 'a comma');
      this.space();
    }
    frame.empty = false;
    if (keys === undefined) {
      const value = this.value(undefined, kept);
      if (kept) node.items?.push(value);
    } else this.member(node, keys, kept);
  }

  private closed(node: JsonNode): void {
    node.end = this.at;
    node.regular = this.irregular < node.start;
  }

  private member(node: JsonNode, keys: KeyList, kept: boolean): void {
    const start = this.at;
    if (this.bytes[start] !== QUOTE) throw this.problem('not-json', 'a quoted key is missing');
    const end = this.token();
    this.count();
    if (end - start > MOST_KEY) throw this.tooMany(`${MOST_KEY} bytes in a key`);
    if (this.escaped) {
      this.escapedKeys += 1;
      if (this.escapedKeys > MOST_ESCAPED_KEYS) throw this.tooMany(`${MOST_ESCAPED_KEYS} keys with escapes`);
    }
    if (!keys.add(start, end, this.escaped)) {
      const key = this.source.string(start, end);
      // Which of the two was meant nobody knows.
      if (kept) node.members = node.members?.filter((one) => one.key !== key);
      throw new JsonProblem(
        'duplicate-key',
        `the key ${JSON.stringify(key)} stands twice in one object`,
        start,
      );
    }
    this.space();
    this.expect(0x3a, 'a colon');
    this.space();
    const key = kept ? (commonKey(this.bytes, start, end) ?? this.source.string(start, end)) : undefined;
    const value = this.value(key, kept);
    if (key !== undefined) node.members?.push({ key, value });
  }

  private expect(byte: number, what: string): void {
    if (this.bytes[this.at] !== byte) throw this.problem('not-json', `${what} is missing`);
    this.at += 1;
  }

  /** A value that is not kept is passed over and comes back as NOTHING. */
  private value(key: string | undefined, kept: boolean): JsonNode {
    const start = this.at;
    this.count();
    const kind = this.kindAt(start);
    if (kind === 'object' || kind === 'array') return this.open(kind, key, kept);
    if (kind === 'string') this.token();
    else if (kind === 'number') this.number();
    else this.word(kind);
    if (!kept) return NOTHING;
    const node = leaf(kind, start, -1);
    this.closed(node);
    return node;
  }

  /** A string; one in an odd spelling is told by its place. */
  private token(): number {
    const start = this.at;
    const end = this.string();
    if (this.odd) this.irregular = start;
    return end;
  }

  private count(): void {
    this.values += 1;
    if (this.values > MOST_VALUES) throw this.tooMany(`${MOST_VALUES} values and keys`);
  }

  private tooMany(what: string): JsonProblem {
    return this.problem('too-many-values', `it holds more than ${what}`);
  }

  private kindAt(at: number): JsonNode['kind'] {
    switch (this.bytes[at]) {
      case 0x7b:
        return 'object';
      case 0x5b:
        return 'array';
      case QUOTE:
        return 'string';
      case 0x74:
        return 'true';
      case 0x66:
        return 'false';
      case 0x6e:
        return 'null';
      default:
        return 'number';
    }
  }

  private open(kind: 'object' | 'array', key: string | undefined, parentKept: boolean): JsonNode {
    const depth = this.frames.length;
    if (depth >= MAX_DEPTH) throw this.problem('too-deep', `values are nested more than ${MAX_DEPTH} deep`);
    const kept = parentKept && this.keep(key, depth);
    const node = parentKept ? leaf(kind, this.at, -1) : NOTHING;
    const keys = kind === 'object' ? KeyList.of(this.source) : undefined;
    if (kept && keys !== undefined) node.members = [];
    else if (kept) node.items = [];
    this.frames.push({ node, keys, empty: true, kept });
    this.at += 1;
    return node;
  }

  private word(kind: 'true' | 'false' | 'null'): void {
    for (let i = 0; i < kind.length; i += 1) {
      if (this.bytes[this.at + i] !== kind.charCodeAt(i)) throw this.problem('not-json', NO_VALUE);
    }
    this.at += kind.length;
  }

  /** `-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?` */
  private number(): void {
    const { bytes } = this;
    let at = this.at;
    if (bytes[at] === 0x2d) at += 1;
    at = bytes[at] === 0x30 ? at + 1 : this.digits(at);
    if (bytes[at] === 0x2e) at = this.digits(at + 1);
    if (bytes[at] === 0x65 || bytes[at] === 0x45) {
      at += 1;
      at = this.digits(bytes[at] === 0x2b || bytes[at] === 0x2d ? at + 1 : at);
    }
    if (at - this.at > MOST_DIGITS) throw this.tooMany(`${MOST_DIGITS} digits in a number`);
    this.at = at;
  }

  /** At least one digit. */
  private digits(from: number): number {
    let at = from;
    while (isDigit(this.bytes[at])) at += 1;
    if (at === from) throw this.problem('not-json', NO_VALUE);
    return at;
  }
}

/** Keys that most messages have, by their lengths. */
const COMMON: Uint8Array[][] = [];
const COMMON_KEYS = new Map<Uint8Array, string>();
for (const key of [
  'id',
  'name',
  'task',
  '_meta',
  'method',
  'params',
  'jsonrpc',
  'arguments',
  'progressToken',
]) {
  const letters = Uint8Array.from(key, (one) => one.charCodeAt(0));
  COMMON[key.length] = [...(COMMON[key.length] ?? []), letters];
  COMMON_KEYS.set(letters, key);
}

/** One of those, without making a string of it. */
function commonKey(source: Uint8Array, start: number, end: number): string | undefined {
  for (const letters of COMMON[end - start - 2] ?? []) {
    let i = 0;
    while (i < letters.length && letters[i] === source[start + 1 + i]) i += 1;
    if (i === letters.length) return COMMON_KEYS.get(letters);
  }
  return undefined;
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x30 && byte <= 0x39;
}

function leaf(kind: JsonNode['kind'], start: number, end: number): JsonNode {
  return { kind, start, end, members: undefined, items: undefined, regular: false };
}

/** Stands for all that was not kept. */
const NOTHING: JsonNode = Object.freeze(leaf('null', -1, -1));

const EVERYTHING: Keep = () => true;

/**
 * Reads bytes as exactly one JSON value (RFC 8259, white space only space and tab, no duplicate keys at any level,
 * at most MAX_DEPTH deep). Everything is checked; only what `keep` asks for becomes nodes below the root. Linear
 * time, no recursion. Throws a JsonProblem.
 */
export function scanJson(source: JsonSource, keep = EVERYTHING): JsonNode {
  const scanner = new Scanner(source, keep);
  try {
    return scanner.run();
  } catch (error) {
    if (error instanceof JsonProblem) error.partial = scanner.root;
    throw error;
  }
}

/** A text as JSON with all its nodes. Throws a JsonProblem. */
export function readJson(text: string): { source: JsonSource; root: JsonNode } {
  const source = JsonSource.of(text);
  return { source, root: scanJson(source) };
}

/** The decoded string of a string node. */
export function stringOf(source: JsonSource, node: JsonNode): string {
  return source.string(node.start, node.end);
}

/** The member of an object node with this key, if any. */
export function memberOf(node: JsonNode | undefined, key: string): JsonNode | undefined {
  const members = node?.members;
  if (members === undefined) return undefined;
  for (const member of members) if (member.key === key) return member.value;
  return undefined;
}

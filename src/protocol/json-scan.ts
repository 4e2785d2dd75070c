/** A JSON value as it stands in the scanned text: `start` inclusive, `end` exclusive, in UTF-16 units. */
export interface JsonNode {
  kind: 'object' | 'array' | 'string' | 'number' | 'true' | 'false' | 'null';
  start: number;
  end: number;
  /** Of an object, in source order, keys decoded. */
  members: Member[] | undefined;
  /** Of an array. */
  items: JsonNode[] | undefined;
}

export interface Member {
  key: string;
  value: JsonNode;
}

/** Why a text is not one clean JSON value. `offset` is in UTF-16 units. */
export class JsonProblem extends Error {
  override readonly cause: string;
  readonly offset: number;

  constructor(cause: string, message: string, offset: number) {
    super(message);
    this.cause = cause;
    this.offset = offset;
  }
}

/** C# servers stop at 64, Python's json near 1,000 (research/protocol.md 3); deeper than this nobody reads anyway. */
export const MAX_DEPTH = 256;

interface Frame {
  node: JsonNode;
  keys: Set<string> | undefined;
}

const CONTROL = /[\u0000-\u001f]/g;
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;
const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;

class Scanner {
  private at = 0;
  /** Where the next backslash and the next control character stand; native searches beat one for all three. */
  private backslash = -1;
  private control = -1;
  private readonly text: string;
  private readonly frames: Frame[] = [];

  constructor(text: string) {
    this.text = text;
  }

  /** The whole text as one value. Iterative, so that depth costs memory and never the stack. */
  run(): JsonNode {
    this.space();
    const root = this.value();
    while (this.frames.length > 0) this.step(this.frames[this.frames.length - 1] as Frame);
    this.space();
    if (this.at < this.text.length) throw this.problem('trailing-text', 'more text follows the JSON value');
    return root;
  }

  private problem(cause: string, message: string): JsonProblem {
    return new JsonProblem(cause, `${message} (at character ${this.at + 1})`, this.at);
  }

  /** Space and tab only: a CR between tokens is a line end for other readers (research/protocol.md 2.1.3). */
  private space(): void {
    let code = this.text.charCodeAt(this.at);
    while (code === 0x20 || code === 0x09) {
      this.at += 1;
      code = this.text.charCodeAt(this.at);
    }
  }

  private step(frame: Frame): void {
    const closer = frame.node.kind === 'object' ? 0x7d : 0x5d;
    const count = frame.node.kind === 'object' ? frame.node.members?.length : frame.node.items?.length;
    this.space();
    const code = this.text.charCodeAt(this.at);
    if (code === closer) {
      this.at += 1;
      frame.node.end = this.at;
      this.frames.pop();
      return;
    }
    if (count !== 0) this.expect(0x2c, 'a comma');
    this.space();
    if (frame.keys === undefined) frame.node.items?.push(this.value());
    else frame.node.members?.push(this.member(frame.keys));
  }

  private member(keys: Set<string>): Member {
    if (this.text.charCodeAt(this.at) !== 0x22) throw this.problem('not-json', 'a quoted key is missing');
    const start = this.at;
    const key = decodeString(this.text, this.string(), start);
    // The prefix keeps integer-like keys out of V8's unseeded integer hash.
    const slot = `.${key}`;
    if (keys.has(slot)) {
      throw new JsonProblem(
        'duplicate-key',
        `the key ${JSON.stringify(key)} stands twice in one object`,
        start,
      );
    }
    keys.add(slot);
    this.space();
    this.expect(0x3a, 'a colon');
    this.space();
    return { key, value: this.value() };
  }

  private expect(code: number, what: string): void {
    if (this.text.charCodeAt(this.at) !== code) throw this.problem('not-json', `${what} is missing`);
    this.at += 1;
  }

  private value(): JsonNode {
    const start = this.at;
    switch (this.text.charCodeAt(start)) {
      case 0x7b:
        return this.open('object');
      case 0x5b:
        return this.open('array');
      case 0x22:
        return leaf('string', start, this.string());
      case 0x74:
        return this.word('true', start);
      case 0x66:
        return this.word('false', start);
      case 0x6e:
        return this.word('null', start);
      default:
        return this.number(start);
    }
  }

  private open(kind: 'object' | 'array'): JsonNode {
    if (this.frames.length >= MAX_DEPTH) {
      throw this.problem('too-deep', `values are nested more than ${MAX_DEPTH} deep`);
    }
    const object = kind === 'object';
    const node: JsonNode = {
      kind,
      start: this.at,
      end: -1,
      members: object ? [] : undefined,
      items: object ? undefined : [],
    };
    this.frames.push({ node, keys: object ? new Set() : undefined });
    this.at += 1;
    return node;
  }

  private word(kind: 'true' | 'false' | 'null', start: number): JsonNode {
    if (!this.text.startsWith(kind, start)) throw this.problem('not-json', 'this is not a JSON value');
    this.at = start + kind.length;
    return leaf(kind, start, this.at);
  }

  private number(start: number): JsonNode {
    NUMBER.lastIndex = start;
    if (!NUMBER.test(this.text)) throw this.problem('not-json', 'this is not a JSON value');
    this.at = NUMBER.lastIndex;
    return leaf('number', start, this.at);
  }

  /** Passes over a string whose quote stands at `at`; returns where it ends. */
  private string(): number {
    this.at += 1;
    for (;;) {
      const quote = this.text.indexOf('"', this.at);
      const end = quote === -1 ? this.text.length : quote;
      const stop = Math.min(this.nextBackslash(), end);
      if (this.nextControl() < stop) {
        this.at = this.control;
        throw this.problem('raw-control', 'a string holds a raw control character');
      }
      this.at = stop;
      if (stop === quote) {
        this.at += 1;
        return this.at;
      }
      if (stop === this.text.length) throw this.problem('not-json', 'a string does not end');
      ESCAPE.lastIndex = this.at;
      if (!ESCAPE.test(this.text)) throw this.problem('not-json', 'a string holds an unknown escape');
      this.at = ESCAPE.lastIndex;
    }
  }

  private nextBackslash(): number {
    if (this.backslash < this.at) this.backslash = orEnd(this.text, this.text.indexOf('\\', this.at));
    return this.backslash;
  }

  private nextControl(): number {
    if (this.control < this.at) {
      CONTROL.lastIndex = this.at;
      this.control = CONTROL.test(this.text) ? CONTROL.lastIndex - 1 : this.text.length;
    }
    return this.control;
  }
}

function orEnd(text: string, index: number): number {
  return index === -1 ? text.length : index;
}

function leaf(kind: JsonNode['kind'], start: number, end: number): JsonNode {
  return { kind, start, end, members: undefined, items: undefined };
}

function decodeString(text: string, end: number, start: number): string {
  const body = text.slice(start + 1, end - 1);
  return body.includes('\\') ? (JSON.parse(text.slice(start, end)) as string) : body;
}

/**
 * Reads a text as exactly one JSON value (RFC 8259, white space only space and tab, no duplicate keys at any
 * level, at most MAX_DEPTH deep). Linear time, no recursion. Throws a JsonProblem.
 */
export function scanJson(text: string): JsonNode {
  return new Scanner(text).run();
}

/** The decoded string of a string node. */
export function stringOf(text: string, node: JsonNode): string {
  return decodeString(text, node.end, node.start);
}

/** The member of an object node with this key, if any. */
export function memberOf(node: JsonNode | undefined, key: string): JsonNode | undefined {
  return node?.members?.find((member) => member.key === key)?.value;
}

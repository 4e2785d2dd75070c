/** A small seeded generator (mulberry32): the same seed gives the same spelling again. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** What a lenient lexer sees in a line: strings, brackets and commas, and runs of anything else. */
type Value = { text: string } | { open: string; close: string; parts: Part[] };
interface Part {
  key: string | undefined;
  value: Value;
}

const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^"{}[\],:\s]+|\s+|"/gs;

class Reader {
  private readonly tokens: string[];
  private at = 0;

  constructor(text: string) {
    this.tokens = (text.match(TOKEN) ?? []).filter((token) => token.trim() !== '');
  }

  /** The whole text as one value, duplicate keys and all; undefined when it is not one. */
  whole(): Value | undefined {
    const value = this.value(0);
    return this.at === this.tokens.length ? value : undefined;
  }

  private value(depth: number): Value | undefined {
    const token = this.tokens[this.at++];
    if (token === undefined || depth > 200 || '}],:"'.includes(token)) return undefined;
    if (token !== '{' && token !== '[') return { text: token };
    const close = token === '{' ? '}' : ']';
    const parts: Part[] = [];
    while (this.tokens[this.at] !== close) {
      if (parts.length > 0 && this.tokens[this.at++] !== ',') return undefined;
      const key = token === '{' ? this.tokens[this.at++] : undefined;
      if (token === '{' && this.tokens[this.at++] !== ':') return undefined;
      const value = this.value(depth + 1);
      if (value === undefined) return undefined;
      parts.push({ key, value });
    }
    this.at += 1;
    return { open: token, close, parts };
  }
}

/**
 * The same line in another spelling: other escapes, other white space, other order of keys, and foreign members
 * with nested values beside the call's own. Bytes are taken as Latin-1, so nothing but ASCII is ever touched.
 */
export function respell(line: string, random: () => number): string {
  // A carriage return is what such a line is about: everything keeps its place around it.
  const value = line.includes('\r') ? undefined : new Reader(line).whole();
  return value === undefined ? respellTokens(line, random) : write(value, random, 0);
}

/** What is not one value (several, or none) keeps its order; only strings and spaces change. */
function respellTokens(line: string, random: () => number): string {
  return line.replace(TOKEN, (token) => {
    if (token.length > 1 && token.startsWith('"')) return escaped(token, random);
    return '{}[],:'.includes(token) ? token + spaces(random) : token;
  });
}

function write(value: Value, random: () => number, depth: number): string {
  if ('text' in value) return value.text.startsWith('"') ? escaped(value.text, random) : value.text;
  const parts = value.open === '{' ? shuffled(value.parts, random) : value.parts;
  const inner = parts.map(({ key, value: part }) => {
    const written = write(depth === 0 ? padded(key, part, random) : part, random, depth + 1);
    return key === undefined
      ? written
      : `${escaped(key, random)}${spaces(random)}:${spaces(random)}${written}`;
  });
  const between = (): string => spaces(random);
  return `${value.open}${between()}${inner.join(`${between()},${between()}`)}${between()}${value.close}`;
}

/** Foreign members of `_meta` change nothing about a call. */
function padded(key: string | undefined, value: Value, random: () => number): Value {
  if (key !== '"params"' || 'text' in value || value.open !== '{' || random() < 0.5) return value;
  if (value.parts.some((part) => /meta/i.test(spoken(part.key)))) return value;
  let nested: Value = { text: '"tools/call"' };
  for (let level = 0; level < random() * 20; level += 1) {
    const part: Part = { key: random() < 0.5 ? '"name"' : undefined, value: nested };
    nested =
      part.key === undefined
        ? { open: '[', close: ']', parts: [part] }
        : { open: '{', close: '}', parts: [part] };
  }
  const pad: Part = { key: `"pad${Math.floor(random() * 1e6)}"`, value: nested };
  const meta: Value = { open: '{', close: '}', parts: [pad] };
  return { ...value, parts: [...value.parts, { key: '"_meta"', value: meta }] };
}

/** What a key's token says; a token that says nothing could say anything. */
function spoken(token: string | undefined): string {
  try {
    return String(JSON.parse(token ?? ''));
  } catch {
    return 'meta';
  }
}

function escaped(token: string, random: () => number): string {
  if (random() < 0.3) return token;
  const body = token.slice(1, -1).replace(/\\u[0-9a-fA-F]{4}|\\.|[ -~]/gs, (found) => {
    if (found.startsWith('\\') || random() < 0.6) return found;
    if (found === '/' && random() < 0.5) return '\\/';
    const hex = found.charCodeAt(0).toString(16).padStart(4, '0');
    return `\\u${random() < 0.5 ? hex.toUpperCase() : hex}`;
  });
  return `"${body}"`;
}

function spaces(random: () => number): string {
  return random() < 0.7 ? '' : ' \t'.repeat(3).slice(0, Math.floor(random() * 6));
}

function shuffled<T>(items: readonly T[], random: () => number): T[] {
  return items
    .map((item) => ({ item, rank: random() }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ item }) => item);
}

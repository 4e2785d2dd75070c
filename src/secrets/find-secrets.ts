import { type JsonNode, type Member, scanJson } from '../protocol/json/json-scan.ts';
import type { JsonSource } from '../protocol/json/json-source.ts';
import type { ListedPath } from '../protocol/json/listed-path.ts';
import { findInText, isPlace, mayHoldSecret, type TextSpan } from './find-in-text.ts';
import { namesSecret, nameWords } from './secret-names.ts';

/** A stretch of JSON source, in bytes, `end` exclusive: inside one string token, or a whole number. */
export interface SecretSpan {
  start: number;
  end: number;
  why: string;
  /** What stands there, decoded. */
  secret: string;
  /** A number as a whole; else inside a string's quotes. */
  number: boolean;
}

/** Names of what identifies and does not open: random letters in them are ordinary. */
const IDENTIFIERS = new Set(
  'id ids uuid guid hash sha sha1 sha256 digest checksum etag ref cursor token revision version commit thumbnail image data content body blob base64'.split(
    ' ',
  ),
);

/** Of what was cut already. */
const OUR_DIGEST = /^hmac:[0-9a-f]{64}$/;

interface Place {
  /** The nearest member's name. */
  name: string;
  /** Why everything below is secret. */
  secret: string | undefined;
  /** What is left of the listed paths that lead here. */
  listed: readonly ListedPath[];
}

class Finder {
  readonly found: SecretSpan[] = [];
  private readonly source: JsonSource;

  constructor(source: JsonSource) {
    this.source = source;
  }

  value(node: JsonNode, place: Place): void {
    const listed = place.listed.some((path) => path.length === 0);
    const named = node.members !== undefined && namesSecret(place.name, 'composite');
    const why = listed ? 'listed by the policy' : named ? nameWords(place.name).join(' ') : undefined;
    const secret = place.secret ?? why;
    if (node.members !== undefined) this.object(node, { ...place, secret });
    else if (node.items !== undefined) {
      for (const item of node.items)
        this.value(item, { ...place, secret, listed: below(place.listed, undefined) });
    } else if (node.kind === 'string') this.string(node.start, node.end, { ...place, secret });
    else if (node.kind === 'number') this.number(node, { ...place, secret });
  }

  private object(node: JsonNode, place: Place): void {
    const header = headerOf(node.members ?? [], this.source);
    let before = node.start;
    for (const { key, value } of node.members ?? []) {
      this.key(before, value.start, key);
      before = value.end;
      const name = header !== undefined && /^(?:value|content|val)$/i.test(key) ? header : key;
      this.value(value, { name, secret: place.secret, listed: below(place.listed, key) });
    }
  }

  /** A name that is itself a token: `{"ghp_…": 1}`. */
  private key(from: number, to: number, key: string): void {
    if (key.length < 16 || !mayHoldSecret(key)) return;
    const { bytes } = this.source;
    const start = bytes.indexOf(0x22, from);
    let end = to - 1;
    while (end > start && bytes[end] !== 0x22) end -= 1;
    this.spans(start, end + 1, key, findInText(key, false));
  }

  private string(start: number, end: number, { name, secret }: Place): void {
    if (end - start < 3) return;
    const text = this.source.string(start, end);
    if (isReference(text) || OUR_DIGEST.test(text)) return;
    const why = secret ?? (namesSecret(name, text) ? nameWords(name).join(' ') : undefined);
    if (why !== undefined && (secret !== undefined || !isPlace(text)))
      return this.spans(start, end, text, [{ start: 0, end: text.length, why }]);
    const last = nameWords(name).at(-1) ?? '';
    this.spans(start, end, text, findInText(text, !IDENTIFIERS.has(last)));
  }

  private number({ start, end }: JsonNode, { name, secret }: Place): void {
    const text = this.source.slice(start, end);
    // A count under a secret's name ("otp": 6) is none; a code has four digits and more.
    const why =
      secret ?? (text.length >= 4 && namesSecret(name, text) ? nameWords(name).join(' ') : undefined);
    if (why !== undefined) this.found.push({ start, end, why, secret: text, number: true });
  }

  /** Spans of a decoded text as stretches of the token that spells it. */
  private spans(start: number, end: number, text: string, spans: readonly TextSpan[]): void {
    if (spans.length === 0) return;
    const at = offsets(this.source.slice(start + 1, end - 1), text.length);
    for (const span of spans) {
      const secret = text.slice(span.start, span.end);
      const [from = 0, to = 0] = [at[span.start], at[span.end]];
      this.found.push({ start: start + 1 + from, end: start + 1 + to, why: span.why, secret, number: false });
    }
  }
}

/** Where each unit of a decoded text begins in its spelling, in bytes from the opening quote; one more for the end. */
function offsets(raw: string, length: number): Uint32Array {
  const found = new Uint32Array(length + 1);
  let bytes = 0;
  let at = 0;
  for (let unit = 0; unit < length; unit += 1) {
    found[unit] = bytes;
    const code = raw.charCodeAt(at);
    const spelled = code !== 0x5c ? 1 : raw.charCodeAt(at + 1) === 0x75 ? 6 : 2;
    at += spelled;
    bytes += spelled > 1 || code < 0x80 ? spelled : code < 0x800 ? 2 : isSurrogate(code) ? 2 : 3;
  }
  found[length] = bytes;
  return found;
}

/** A pair is four bytes of UTF-8: two for each half. */
const isSurrogate = (code: number): boolean => code >= 0xd800 && code <= 0xdfff;

function below(listed: readonly ListedPath[], key: string | undefined): ListedPath[] {
  return listed
    .filter(([first]) => first !== undefined && (first === '*' || first === key))
    .map((path) => path.slice(1));
}

/** `${TOKEN}`, `<your password>`, `{{secret}}`: a place for a secret is none. */
function isReference(text: string): boolean {
  return /^(?:\$\{?\w{1,64}\}?|<[^<>]{1,64}>|\{\{[^{}]{1,64}\}\}|\*{3,}|env:\w+|vault:[\w/.-]+)$/.test(text);
}

/** The name in `{"name": "Authorization", "value": "…"}`. */
function headerOf(members: readonly Member[], source: JsonSource): string | undefined {
  if (members.length < 2 || members.length > 6) return undefined;
  const named = members.find(
    ({ key, value }) => /^(?:name|key|header)$/i.test(key) && value.kind === 'string',
  );
  if (named === undefined) return undefined;
  const name = source.string(named.value.start, named.value.end);
  return /^[\w-]{1,64}$/.test(name) ? name : undefined;
}

/** Whether JSON source may hold a secret, or a name of one; cheap. */
export function mayNameSecret(text: string): boolean {
  return mayHoldSecret(text) || text.includes('\\u');
}

/** Every secret in clean JSON source, in its order. Throws a JsonProblem for source that is no JSON. */
export function findSecrets(source: JsonSource, listed: readonly ListedPath[]): SecretSpan[] {
  if (listed.length === 0 && !mayNameSecret(source.text)) return [];
  const finder = new Finder(source);
  finder.value(
    scanJson(source, () => true),
    { name: '', secret: undefined, listed },
  );
  return finder.found.sort((a, b) => a.start - b.start);
}

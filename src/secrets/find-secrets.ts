import { type JsonNode, type Member, scanJson } from '../protocol/json/json-scan.ts';
import type { JsonSource } from '../protocol/json/json-source.ts';
import type { ListedPath } from '../protocol/json/listed-path.ts';
import { type Bound, boundSecrets } from './bound-values.ts';
import { findInText, mayHoldSecret, merged } from './find-in-text.ts';
import { headerOf, isSchema, keyName, listSecrets, programIn, VALUE } from './json-shapes.ts';
import { rowsIn } from './list-rows.ts';
import { isContent, isHexAlone, isNeutral, isOpening, qualified } from './member-names.ts';
import { namesSecret } from './names/fits-kind.ts';
import { identifies, isOfLogin, nameKind, nameSaid } from './names/secret-names.ts';
import { isPlace } from './places/text-values.ts';
import { isReference } from './shapes/references.ts';
import type { TextSpan } from './shapes/text-span.ts';
import { loginsIn, toldBySiblings } from './sibling-clues.ts';
import { offsets } from './spelled-units.ts';

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

/** Of what was cut already. */
const OUR_DIGEST = /^hmac:[0-9a-f]{64}$/;

interface Place {
  /** The nearest member's name. */
  name: string;
  /** Why everything below is secret. */
  secret: string | undefined;
  /** Below a member that tells how somebody logs in. */
  login?: boolean;
  /** What a list of arguments is given to. */
  program?: string | undefined;
  /** What of a text is secret because of what stands beside it. */
  spans?: readonly TextSpan[] | undefined;
  /** Of rows of a table: the names of its columns. */
  columns?: readonly string[] | undefined;
  /** Below a list of pairs. */
  paired?: boolean | undefined;
  /** What is left of the listed paths that lead here. */
  listed: readonly ListedPath[];
}

class Finder {
  readonly found: SecretSpan[] = [];
  private readonly bound: Bound = new Map();
  private readonly source: JsonSource;

  /** Else only what is listed is secret: the cheap look saw nothing else, and a list must not change what it sees. */
  private readonly searched: boolean;

  constructor(source: JsonSource, searched: boolean) {
    this.source = source;
    this.searched = searched;
  }

  value(node: JsonNode, place: Place): void {
    const listed = place.listed.some((path) => path.length === 0);
    const why = listed ? 'listed by the policy' : this.allBelow(node, place.name);
    const secret = place.secret ?? why ?? this.bound.get(node.start);
    if (node.members !== undefined) this.object(node.members, node.start, { ...place, secret });
    else if (node.items !== undefined) this.list(node.items, { ...place, secret });
    else if (node.kind === 'string') this.string(node.start, node.end, { ...place, secret });
    else if (node.kind === 'number') this.number(node, { ...place, secret });
  }

  /** Why an object under a name is secret as a whole. */
  private allBelow({ members }: JsonNode, name: string): string | undefined {
    if (
      !this.searched ||
      members === undefined ||
      nameKind(name) !== 'secret' ||
      isSchema(members, this.source)
    )
      return undefined;
    return nameSaid(name);
  }

  private object(members: readonly Member[], from: number, place: Place): void {
    const header = headerOf(members, this.source);
    const login = place.login === true || nameKind(place.name) === 'auth';
    const program = programIn(members, this.source);
    if (this.searched) for (const [at, why] of boundSecrets(members, this.source)) this.bound.set(at, why);
    const told = this.searched ? toldBySiblings(members, this.source) : undefined;
    const logins = this.searched ? loginsIn(members, this.source) : undefined;
    let before = from;
    for (const { key, value } of members) {
      this.key(before, value.start, key);
      before = value.end;
      const name =
        header !== undefined && VALUE.test(key)
          ? header
          : (keyName(key, members) ?? qualified(key, place.name));
      const below_ = login && !isOfLogin(key);
      this.value(value, {
        name,
        secret: place.secret ?? told?.get(key),
        listed: below(place.listed, key),
        login: below_,
        program,
        spans: logins?.get(key),
      });
    }
  }

  private list(items: readonly JsonNode[], place: Place): void {
    const told = this.searched ? listSecrets(items, this.source, place) : new Map<number, TextSpan[]>();
    const shape = this.searched ? rowsIn(items, this.source) : undefined;
    for (const [at, item] of items.entries()) {
      const spans = told.get(at);
      if (spans !== undefined && place.secret === undefined)
        this.spans(item.start, item.end, this.source.string(item.start, item.end), spans);
      else
        this.value(item, {
          ...place,
          name: place.columns?.[at] ?? place.name,
          columns: shape?.columns,
          paired: shape?.paired,
          listed: below(place.listed, undefined),
        });
    }
  }

  /** A name that is itself a token: `{"ghp_…": 1}`. */
  private key(from: number, to: number, key: string): void {
    if (key.length < 16 || !this.searched || !mayHoldSecret(key)) return;
    const { bytes } = this.source;
    const start = bytes.indexOf(0x22, from);
    let end = to - 1;
    while (end > start && bytes[end] !== 0x22) end -= 1;
    this.spans(start, end + 1, key, findInText(key, false));
  }

  private string(start: number, end: number, { name, secret, login, spans = [] }: Place): void {
    if (end - start < 3 || (secret === undefined && !this.searched)) return;
    const text = this.source.string(start, end);
    if (isReference(text) || OUR_DIGEST.test(text)) return;
    const why =
      secret ?? (namesSecret(name, text) || (login === true && isOpening(text)) ? nameSaid(name) : undefined);
    if (why !== undefined && (secret !== undefined || !isPlace(text)))
      return this.spans(start, end, text, [{ start: 0, end: text.length, why }]);
    if (isNeutral(name) && isHexAlone(text))
      return this.spans(start, end, text, [{ start: 0, end: text.length, why: 'possible secret' }]);
    const found = findInText(text, !identifies(name) || isContent(name, text));
    this.spans(start, end, text, spans.length === 0 ? found : merged([...found, ...spans]));
  }

  private number({ start, end }: JsonNode, { name, secret }: Place): void {
    const text = this.source.slice(start, end);
    // A count under a secret's name ("otp": 6) is none; a code has four digits and more.
    const why =
      secret ?? (this.searched && text.length >= 4 && namesSecret(name, text) ? nameSaid(name) : undefined);
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

function below(listed: readonly ListedPath[], key: string | undefined): ListedPath[] {
  return listed
    .filter(([first]) => first !== undefined && (first === '*' || first === key))
    .map((path) => path.slice(1));
}

/** Whether JSON source may hold a secret, or a name of one; cheap. */
export function mayNameSecret(text: string): boolean {
  return mayHoldSecret(text) || text.includes('\\u');
}

/** Every secret in clean JSON source, in its order. Throws a JsonProblem for source that is no JSON. */
export function findSecrets(source: JsonSource, listed: readonly ListedPath[]): SecretSpan[] {
  const searched = mayNameSecret(source.text);
  if (listed.length === 0 && !searched) return [];
  const finder = new Finder(source, searched);
  finder.value(
    scanJson(source, () => true),
    { name: 'arguments', secret: undefined, listed },
  );
  return finder.found.sort((a, b) => a.start - b.start);
}

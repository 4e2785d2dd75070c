import { type JsonNode, scanJson } from '../../protocol/json/json-scan.ts';
import type { JsonSource } from '../../protocol/json/json-source.ts';
import { exactDouble } from './decimal.ts';

/** A value as conditions see it: objects are Maps, so that no key can be taken for something of JavaScript's. */
export type Value = null | boolean | number | string | Value[] | Map<string, Value>;

/** Something of the call is not known well enough to decide by it. The message is a sentence's end. */
export class NotEvaluable extends Error {
  override name = 'NotEvaluable';
  /** The call itself had it; only what is left of the call does not. */
  readonly lost: boolean;

  constructor(why: string, lost = false) {
    super(why);
    this.lost = lost;
  }
}

/** What a piece of arguments is made of, and how much of it there is. */
export interface Values {
  root: Map<string, Value>;
  /** The longest string's length, in UTF-16 units. */
  longestText: number;
  /** Of the largest list or object. */
  mostItems: number;
  /** How many texts there are, without the names of members, and how long all of them are together. */
  texts: number;
  allText: number;
  /** How long all together is that the record does not hold. */
  lost: number;
}

/** Stands in a list or an object for what must not be decided by. */
class Unknown {
  readonly why: string;
  readonly lost: boolean;
  /** What of it is known all the same. */
  readonly within: readonly (Value | Unknown)[];

  constructor(why: string, lost: boolean, within: readonly (Value | Unknown)[] = []) {
    this.why = why;
    this.lost = lost;
    this.within = within;
  }
}

/** How long what a text or an object stands for was, when it was left out as the call was recorded; else undefined. */
export type LostIn = (value: string | Map<string, Value>) => number | undefined;

const nothingLost: LostIn = () => undefined;
const LOST = new Unknown('the record does not hold it', true);

/**
 * A JSON object's source as values. Whoever reaches for a number that a double does not hold gets a NotEvaluable;
 * so does whoever reaches for what was lost. Throws a NotEvaluable for no object.
 */
export function valuesOf(source: JsonSource, lost: LostIn = nothingLost): Values {
  const reader = new Reader(source, lost);
  const root = reader.read(scanJson(source, () => true));
  if (root instanceof Unknown) throw new NotEvaluable(root.why, root.lost);
  if (!(root instanceof Map)) throw new NotEvaluable('the arguments are no object');
  const { longestText, mostItems, texts, allText, lost: left } = reader;
  return { root, longestText, mostItems, texts, allText, lost: left };
}

/** The texts in a value, at any depth, without the names of members; `lost`: there were more in the call itself. */
export interface TextsWithin {
  texts: string[];
  lost: boolean;
}

const keptTexts = new WeakMap<object, TextsWithin>();

/** A number that is not held exactly hides no text beside it: nobody needs the number. */
export function textsWithin(value: unknown): TextsWithin {
  if (typeof value !== 'object' || value === null) return gathered(value, { texts: [], lost: false });
  let found = keptTexts.get(value);
  if (found === undefined) {
    found = gathered(value, { texts: [], lost: false });
    keptTexts.set(value, found);
  }
  return found;
}

function gathered(value: unknown, into: TextsWithin): TextsWithin {
  if (typeof value === 'string') into.texts.push(value);
  else if (Array.isArray(value)) for (const item of value) gathered(item, into);
  else if (value instanceof Map) {
    const hidden = notGiven.get(value);
    for (const [key, member] of Map.prototype.entries.call(value))
      gathered(hidden?.get(key as string) ?? member, into);
  } else if (value instanceof Unknown) {
    into.lost ||= value.lost;
    for (const item of value.within) gathered(item, into);
  }
  return into;
}

class Reader {
  private readonly source: JsonSource;
  private readonly lengthLost: LostIn;
  lost = 0;
  longestText = 0;
  mostItems = 0;
  texts = 0;
  allText = 0;

  constructor(source: JsonSource, lost: LostIn) {
    this.source = source;
    this.lengthLost = lost;
  }

  read(node: JsonNode): Value | Unknown {
    switch (node.kind) {
      case 'object':
        return this.object(node);
      case 'array':
        return this.list(node.items ?? []);
      case 'string': {
        const text = this.source.string(node.start, node.end);
        this.longestText = Math.max(this.longestText, text.length);
        this.texts += 1;
        this.allText += text.length;
        return this.isLost(text) ? LOST : text;
      }
      case 'number': {
        const text = this.source.slice(node.start, node.end);
        return exactDouble(text) ?? new Unknown(`the number ${text.slice(0, 40)} is not held exactly`, false);
      }
      default:
        return node.kind === 'null' ? null : node.kind === 'true';
    }
  }

  private isLost(value: string | Map<string, Value>): boolean {
    const length = this.lengthLost(value);
    if (length === undefined) return false;
    this.lost += length;
    this.longestText = Math.max(this.longestText, length);
    return true;
  }

  private object(node: JsonNode): Value | Unknown {
    const members = node.members ?? [];
    this.mostItems = Math.max(this.mostItems, members.length);
    const map = new Map<string, Value>();
    const unknown = new Map<string, Unknown>();
    for (const { key, value } of members) {
      this.longestText = Math.max(this.longestText, key.length);
      const read = this.read(value);
      map.set(key, read instanceof Unknown ? null : read);
      if (read instanceof Unknown) unknown.set(key, read);
    }
    if (this.isLost(map)) return LOST;
    return unknown.size === 0 ? map : guarded(map, unknown);
  }

  /** A list has no place to keep a single item from being read, so one unknown item makes all of it unknown. */
  private list(items: JsonNode[]): Value[] | Unknown {
    this.mostItems = Math.max(this.mostItems, items.length);
    const list = items.map((item) => this.read(item));
    const unknown = list.filter((one) => one instanceof Unknown);
    const [first] = unknown;
    if (first === undefined) return list as Value[];
    const { why, lost } = unknown.find((one) => one.lost) ?? first;
    return new Unknown(why, lost, list);
  }
}

/** What the guarded maps do not give away. */
const notGiven = new WeakMap<object, ReadonlyMap<string, Unknown>>();

/** A Map (the condition engine goes by the constructor, so no class of ours) that does not give away some members. */
function guarded(map: Map<string, Value>, unknown: ReadonlyMap<string, Unknown>): Map<string, Value> {
  const refused = ({ why, lost }: Unknown): NotEvaluable => new NotEvaluable(why, lost);
  const all = [...unknown.values()];
  const refuse = (): never => {
    throw refused(all.find(({ lost }) => lost) ?? all[0] ?? LOST);
  };
  const get = (key: string): Value | undefined => {
    const one = unknown.get(key);
    if (one !== undefined) throw refused(one);
    return Map.prototype.get.call(map, key) as Value | undefined;
  };
  Object.defineProperty(map, 'get', { value: get });
  for (const name of ['entries', 'values', 'forEach', Symbol.iterator]) {
    Object.defineProperty(map, name, { value: refuse });
  }
  notGiven.set(map, unknown);
  return map;
}

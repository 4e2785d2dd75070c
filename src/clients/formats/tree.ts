/** Where something stands in a text: offsets, the end exclusive. */
export interface Span {
  from: number;
  to: number;
}

/** A text, number, truth value or null as it is written. */
export interface ScalarTree extends Span {
  kind: 'scalar';
  value: unknown;
}

export interface ListTree extends Span {
  kind: 'list';
  items: Tree[];
  /** Where an item is put in front of all others. */
  front: number;
  /** What separates two items that we write. */
  between: string;
}

export interface Member {
  key: string;
  value: Tree;
  /** The key as it is written; undefined where it stands in pieces, as `a.b.key = 1` makes a table `b`. */
  name: Span | undefined;
  /** Where the member begins; undefined for a table that has no place of its own in its map. */
  start: number | undefined;
  /** What separates a member that we write in front of this one from it. */
  between: string;
  /** The text that begins a member `key` behind this one's value, up to that key's own value. */
  sibling(key: string): string;
}

/** Its span is its own only in JSON and YAML: TOML writes one table in many places. */
export interface MapTree extends Span {
  kind: 'map';
  members: Member[];
}

/** Something that stands for a value of elsewhere, such as an alias of YAML. */
export interface OtherTree extends Span {
  kind: 'other';
  what: string;
}

/** A configuration's values and where they stand, alike for every format. */
export type Tree = ScalarTree | ListTree | MapTree | OtherTree;

/** A text that was read. */
export interface Read {
  tree: Tree;
  /** The same as plain values, to compare before and after. */
  value: unknown;
}

/** What is wrong with a text, and where: an offset of it. */
export class SyntaxFault extends Error {
  readonly offset: number;

  constructor(what: string, offset: number) {
    super(what);
    this.offset = offset;
  }
}

/** How a file is written. */
export interface Format {
  /** As people call it: JSON, YAML, TOML. */
  name: string;
  /** Throws a SyntaxFault, or a RangeError for what is nested too deep. */
  read(text: string): Read;
  /** One run of white space or one comment, sticky. */
  blank: RegExp;
  /** A key as it is usually written. */
  key(name: string): string;
  /** What stands between a key and its value. */
  colon: string;
}

/** The members of a map that stand under a key: more than one only in JSON, where clients use the last. */
export function membersOf(tree: Tree | undefined, key: string): Member[] {
  return tree?.kind === 'map' ? tree.members.filter((member) => member.key === key) : [];
}

/** The value that stands under a key, if it stands there once. */
export function valueAt(tree: Tree | undefined, key: string): Tree | undefined {
  const found = membersOf(tree, key);
  return found.length === 1 ? found[0]?.value : undefined;
}

/** The members of a map that stand in it one behind the other, in that order. */
export function placedIn({ members }: MapTree): (Member & { start: number })[] {
  return members
    .filter((member): member is Member & { start: number } => member.start !== undefined)
    .sort((a, b) => a.start - b.start);
}

/** The keys that a map holds more than once. */
export function twice(tree: Tree): Set<string> {
  if (tree.kind !== 'map') return new Set();
  const keys = tree.members.map(({ key }) => key);
  return new Set(keys.filter((key, at) => keys.indexOf(key) !== at));
}

/** A text as YAML and TOML read it. */
export interface Source {
  text: string;
  /** How far the parsed text lies behind the file's: a byte order mark is no indentation. */
  shift: number;
  /** Its line end. */
  end: string;
}

export function sourceOf(text: string): Source {
  return { text, shift: text.startsWith('\ufeff') ? 1 : 0, end: lineEnd(text) };
}

/** The line end that a text uses. */
export function lineEnd(text: string): string {
  return text.includes('\r\n') ? '\r\n' : '\n';
}

/** A line's white space up to where a thing begins, or undefined where something else stands before it. */
export function indentBefore(text: string, at: number): string | undefined {
  const line = text.lastIndexOf('\n', at - 1) + 1;
  const before = text.slice(line, at);
  return line > 0 && /^[ \t]*$/.test(before) ? before : undefined;
}

import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  parseDocument,
  type Scalar,
  visit,
  type YAMLMap,
} from 'yaml';
import { MAX_NESTING, MOST_PROBLEMS, SEVERAL_DOCUMENTS, TOO_DEEP } from './policy-limits.ts';
import { type Parsed, type Path, type PlacedProblem, problemAt, type SourceTree } from './source-tree.ts';
import { yamlExcess } from './yaml-limits.ts';

const CONDITIONS = new Set(['when', 'unless']);
const MOST_SHOWN = 60;
/** So much of a line is looked at around a trap. */
const MOST_LOOKED_AT = 256;

/** YAML 1.2, and of it only what reads the same to everybody: no aliases, anchors, tags, merge keys, directives. */
export function parseYamlPolicy(text: string): Parsed {
  try {
    return parsed(text);
  } catch {
    // The parser recurses: only a file nested thousands deep gets here.
    const message = 'This is not YAML that can be read: it may be nested too deep.';
    return { problems: [problemAt(text, 0, { message })] };
  }
}

function parsed(text: string): Parsed {
  const directive = /^%.*$/m.exec(text);
  if (directive !== null) {
    const message = 'A YAML directive has no place in a policy: remove this line.';
    return { problems: [problemAt(text, directive.index, { message })] };
  }
  const tooMuch = yamlExcess(text);
  if (tooMuch !== undefined) return { problems: [problemAt(text, tooMuch.offset, tooMuch)] };
  const document = parseDocument(text, {
    version: '1.2',
    schema: 'core',
    strict: true,
    // Looked for by ourselves: here every key is compared with every other.
    uniqueKeys: false,
    merge: false,
    prettyErrors: false,
    keepSourceTokens: false,
  });
  const traps = trapsIn(document, text);
  // What the traps explain better, the parser also complains about.
  const complaints = traps.length > 0 ? [] : [...document.errors, ...document.warnings].slice(0, 1);
  const problems = [
    ...traps,
    ...complaints.map(({ message, pos }) => problemAt(text, pos[0], { message: complaint(message) })),
  ];
  if (problems.length > 0) return { problems };
  return { tree: treeOf(document, text), problems: [] };
}

function complaint(said: string): string {
  if (said.includes('multiple documents')) return SEVERAL_DOCUMENTS;
  const cause = said.replace(/\.$/, '');
  return `This is not YAML: ${cause[0]?.toLowerCase()}${cause.slice(1)}. Patterns and conditions are safe in single quotes.`;
}

/** What of a node's line is written there: the thing to put in quotes. */
function lineFrom(text: string, offset: number): string {
  const end = text.indexOf('\n', offset);
  return text.slice(offset, end === -1 ? text.length : end).trim();
}

function quoteThis(what: string): string {
  const shown = what.length > MOST_SHOWN ? `${what.slice(0, MOST_SHOWN)}…` : what;
  return `Quote this: '${shown.replace(/'/g, "''")}'.`;
}

/** Everything that YAML reads as something else than it looks like. */
function trapsIn(document: Document, text: string): PlacedProblem[] {
  const found: PlacedProblem[] = [];
  const add = (offset: number, message: string, quoted = /\s#.*$/): void => {
    const suggestion = quoteThis(lineFrom(text, offset).slice(0, MOST_LOOKED_AT).replace(quoted, ''));
    found.push(problemAt(text, offset, { message, suggestion }));
  };
  let depth = 0;
  visit(document, {
    Pair: (_, pair) => {
      if (isScalar(pair.key) && pair.key.value === '<<')
        add(pair.key.range?.[0] ?? 0, 'A merge key has no place in a policy.');
      const cut = cutByComment(pair, text);
      if (cut !== undefined)
        add(cut, 'What follows " #" is a comment to YAML, so this condition would be cut.', /$/);
      if (!isScalar(pair.key) && !isAlias(pair.key)) {
        const offset = (pair.key as Node | null)?.range?.[0] ?? 0;
        found.push(problemAt(text, offset, { message: 'A key must be a plain word.' }));
      }
      return found.length < MOST_PROBLEMS ? undefined : visit.BREAK;
    },
    Node: (_, node, path) => {
      depth = Math.max(depth, path.length);
      const offset = node.range?.[0] ?? 0;
      if (isAlias(node)) add(offset, 'YAML reads a text that begins with "*" as an alias.');
      else if (node.anchor !== undefined)
        add(startOfProperties(text, offset), 'YAML reads a text that begins with "&" as an anchor.');
      else if (node.tag !== undefined) {
        const before = startOfProperties(text, offset);
        if (text[before] === '!') add(before, 'YAML reads a text that begins with "!" as a tag.');
      }
      for (const twice of isMap(node) ? twiceIn(node) : [])
        if (found.length < MOST_PROBLEMS)
          found.push(problemAt(text, twice, { message: 'A key stands here twice.' }));
      return found.length < MOST_PROBLEMS ? undefined : visit.BREAK;
    },
  });
  if (depth > MAX_NESTING * 2) found.push(problemAt(text, 0, { message: TOO_DEEP }));
  return found;
}

/** Where keys stand that stood in this map before. */
function twiceIn(map: YAMLMap): number[] {
  const seen = new Set<string>();
  return map.items.flatMap(({ key }) => {
    const name = isScalar(key) ? String(key.value) : undefined;
    if (name === undefined) return [];
    if (seen.has(name)) return [(key as Scalar).range?.[0] ?? 0];
    seen.add(name);
    return [];
  });
}

/** A tag or an anchor stands before the node it belongs to, and perhaps all that was meant as text is one. */
function startOfProperties(text: string, offset: number): number {
  const line = text.slice(Math.max(text.lastIndexOf('\n', offset - 1) + 1, offset - MOST_LOOKED_AT), offset);
  const before = line.trimEnd();
  const word = before.slice(before.search(/\S+$/));
  for (let at = 0; at < word.length; at += 1) {
    const begins = at === 0 || ':,[{-'.includes(word[at - 1] ?? '');
    if (begins && (word[at] === '!' || word[at] === '&'))
      return offset - line.length + before.length - word.length + at;
  }
  return offset;
}

/** Where a condition without quotes stands that a comment follows. */
function cutByComment({ key, value }: Pair, text: string): number | undefined {
  if (!isScalar(key) || !CONDITIONS.has(String(key.value)) || !isScalar(value)) return undefined;
  const [start = 0, end = 0] = value.range ?? [];
  return value.type === 'PLAIN' && /^[ \t]*#/.test(text.slice(end)) ? start : undefined;
}

/** Finds places in a document; a map's keys are gone through once, however many places are asked for. */
class Places {
  private readonly document: Document;
  private readonly keys = new WeakMap<YAMLMap, Map<string, Pair>>();

  constructor(document: Document) {
    this.document = document;
  }

  at(path: Path): { key?: Node | undefined; value?: Node | undefined } {
    let key: Node | undefined;
    let value = this.document.contents as Node | null | undefined;
    for (const step of path) {
      if (isSeq(value)) {
        key = undefined;
        value = value.items[Number(step)] as Node | undefined;
        continue;
      }
      const pair = isMap(value) ? this.pairs(value).get(String(step)) : undefined;
      key = pair?.key as Node | undefined;
      value = pair?.value as Node | undefined;
    }
    return { key, value: value ?? undefined };
  }

  private pairs(map: YAMLMap): Map<string, Pair> {
    const known = this.keys.get(map);
    if (known !== undefined) return known;
    const pairs = new Map<string, Pair>();
    for (const pair of map.items) if (isScalar(pair.key)) pairs.set(String(pair.key.value), pair);
    this.keys.set(map, pairs);
    return pairs;
  }
}

function treeOf(document: Document, text: string): SourceTree {
  const places = new Places(document);
  return {
    value: document.toJS() as unknown,
    place: (path) => {
      const { value } = places.at(path);
      if (value?.range == null) return undefined;
      const [start, end] = value.range;
      if (!isScalar(value) || typeof value.value !== 'string')
        return { start, offset: start, literal: false };
      const quoted = value.type === 'QUOTE_SINGLE' || value.type === 'QUOTE_DOUBLE' ? 1 : 0;
      const literal = text.slice(start + quoted, end - quoted) === value.value;
      return { start, offset: start + (literal ? quoted : 0), literal };
    },
    keyOffset: (path) => places.at(path).key?.range?.[0],
    numberText: (path) => {
      const { value } = places.at(path);
      return isScalar(value) && typeof value.value === 'number' ? (value as Scalar).source : undefined;
    },
  };
}

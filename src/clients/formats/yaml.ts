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
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import {
  type Format,
  type ListTree,
  type Member,
  type Read,
  type Source,
  SyntaxFault,
  sourceOf,
  type Tree,
} from './tree.ts';

export const YAML_FORMAT: Format = {
  name: 'YAML',
  read,
  blank: /\s+|#[^\n]*/y,
  key: (name) => (/^[A-Za-z_][\w-]*$/.test(name) ? name : JSON.stringify(name)),
  colon: ': ',
};

function read(text: string): Read {
  const source = sourceOf(text);
  const { shift } = source;
  // Not even a warning of the parser's own: it quotes the file, which may hold tokens.
  const document = parseDocument(text.slice(shift), { prettyErrors: false, logLevel: 'error' });
  const fault = document.errors[0] ?? document.warnings[0];
  if (fault !== undefined) throw new SyntaxFault(withoutSource(fault.message), fault.pos[0] + shift);
  if (document.contents === null) throw new SyntaxFault('it is empty', 0);
  return { tree: treeOf(document.contents, source), value: plainOf(document) };
}

/** What the parser says of a fault, and not what it quotes: `PASSWORD: !secret` is a tag, and `*secret` an alias. */
function withoutSource(message: string): string {
  const [line = ''] = message.split('\n');
  return line
    .replace(/(?<=[\w)]): .*$/s, '')
    .replace(/^(Unknown directive|Invalid escape sequence|Verbatim tags aren't resolved).*$/s, '$1')
    .replace(/^The .* tag has no suffix$/s, 'A tag has no suffix');
}

/** Throws a SyntaxFault for an alias of nothing, and for aliases that stand for more than a file can mean. */
function plainOf(document: Document.Parsed): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    if (!(error instanceof ReferenceError)) throw error;
    throw new SyntaxFault(withoutSource(error.message), 0);
  }
}

function spanOf({ range }: Node, { shift }: Source): { from: number; to: number } {
  return { from: (range?.[0] ?? 0) + shift, to: (range?.[1] ?? 0) + shift };
}

function treeOf(node: Node, source: Source): Tree {
  const span = spanOf(node, source);
  if (isAlias(node)) return { kind: 'other', ...span, what: 'an alias' };
  if (isMap(node)) {
    const members = node.items.map((pair) => memberOf(pair as Pair<Node, Node | null>, node, source));
    return { kind: 'map', ...span, members };
  }
  if (isSeq(node)) return listOf(node, span, source);
  if (isScalar(node)) return scalarOf(node, span, source);
  return { kind: 'other', ...span, what: 'a value of an unknown kind' };
}

/** Only what stands on one line can be moved into a list as it is spelled. */
function scalarOf(node: Scalar, span: { from: number; to: number }, { text }: Source): Tree {
  if (node.tag !== undefined) return { kind: 'other', ...span, what: `a value tagged ${node.tag}` };
  if (text.slice(span.from, span.to).includes('\n'))
    return { kind: 'other', ...span, what: 'a text of several lines' };
  return { kind: 'scalar', ...span, value: node.value };
}

function listOf(node: YAMLSeq, span: { from: number; to: number }, source: Source): ListTree {
  const items = node.items.map((item) => treeOf(item as Node, source));
  if (node.flow === true) return { kind: 'list', ...span, items, front: span.from + 1, between: ', ' };
  const { text } = source;
  const front = items[0]?.from ?? span.to;
  // From the last dash of the line up to the item: "- " in the column of the list.
  const dash = text.lastIndexOf('-', front - 1);
  const column = dash - (text.lastIndexOf('\n', dash) + 1);
  const between = `${source.end}${' '.repeat(column)}${text.slice(dash, front)}`;
  return { kind: 'list', ...span, items, front, between };
}

function memberOf(pair: Pair<Node, Node | null>, map: YAMLMap, source: Source): Member {
  const { text } = source;
  const key = spanOf(pair.key, source);
  const column = key.from - (text.lastIndexOf('\n', key.from - 1) + 1);
  const lead = map.flow === true ? ', ' : `${source.end}${' '.repeat(column)}`;
  const name = isScalar(pair.key) ? String(pair.key.value) : '';
  const value: Tree =
    pair.value === null
      ? { kind: 'scalar', from: key.to, to: key.to, value: null }
      : treeOf(pair.value, source);
  return {
    key: name,
    value,
    name: key,
    start: key.from,
    between: lead,
    sibling: (other) => `${lead}${other}: `,
  };
}

import { getNodeValue, type Node, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser';
import {
  type Format,
  indentBefore,
  lineEnd,
  type Member,
  type Read,
  SyntaxFault,
  type Tree,
} from './tree.ts';

/** Strict JSON: a comment or a trailing comma silently disables all servers of a client that reads this. */
export const JSON_FORMAT: Format = {
  name: 'JSON',
  read: (text) => read(text, true),
  blank: /\s+|\/\/[^\n]*|\/\*[\s\S]*?\*\//y,
  key: (name) => JSON.stringify(name),
  colon: ': ',
};

/** JSON with comments and trailing commas, as most clients read it. */
export const JSONC_FORMAT: Format = { ...JSON_FORMAT, read: (text) => read(text, false) };

function read(source: string, strict: boolean): Read {
  // The byte order mark is kept as white space, so that offsets stay those of the text.
  const text = source.replace(/^\ufeff/, ' ');
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { allowTrailingComma: !strict, disallowComments: strict });
  const [error] = errors;
  if (error !== undefined) throw new SyntaxFault(inWords(error), error.offset);
  if (root === undefined) throw new SyntaxFault('it is empty', 0);
  return { tree: treeOf(root, { text, end: lineEnd(text) }), value: getNodeValue(root) };
}

/** `PropertyNameExpected` as people say it. */
function inWords({ error }: ParseError): string {
  return printParseErrorCode(error)
    .replace(/(?<=[a-z])[A-Z]/g, (letter) => ` ${letter}`)
    .toLowerCase();
}

interface Source {
  text: string;
  /** Its line end. */
  end: string;
}

function treeOf(node: Node, source: Source): Tree {
  const span = { from: node.offset, to: node.offset + node.length };
  const children = node.children ?? [];
  if (node.type === 'object') {
    return { kind: 'map', ...span, members: children.map((child) => memberOf(child, source)) };
  }
  if (node.type === 'array') {
    const items = children.map((child) => treeOf(child, source));
    return { kind: 'list', ...span, items, front: span.from + 1, between: ', ' };
  }
  return { kind: 'scalar', ...span, value: node.value };
}

function memberOf(property: Node, source: Source): Member {
  const [key, value] = property.children ?? [];
  if (key === undefined || value === undefined) throw new SyntaxFault('a key has no value', property.offset);
  const indent = indentBefore(source.text, key.offset);
  const lead = indent === undefined ? ', ' : `,${source.end}${indent}`;
  return {
    key: String(key.value),
    value: treeOf(value, source),
    name: { from: key.offset, to: key.offset + key.length },
    start: key.offset,
    between: lead,
    sibling: (name) => `${lead}${JSON.stringify(name)}: `,
  };
}

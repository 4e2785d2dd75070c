import { type AST, getStaticTOMLValue, ParseError, parseTOML } from 'toml-eslint-parser';
import {
  type Format,
  type ListTree,
  type MapTree,
  type Read,
  type Source,
  SyntaxFault,
  sourceOf,
  type Tree,
} from './tree.ts';

export const TOML_FORMAT: Format = {
  name: 'TOML',
  read,
  blank: /\s+|#[^\n]*/y,
  key: (name) => (/^[\w-]+$/.test(name) ? name : JSON.stringify(name)),
  colon: ' = ',
};

function read(text: string): Read {
  const source = sourceOf(text);
  const { shift } = source;
  const program = parsed(text.slice(shift), shift);
  const tree: MapTree = { kind: 'map', from: 0, to: text.length, members: [] };
  const [top] = program.body;
  for (const node of top.body) {
    if (node.type === 'TOMLKeyValue') put(tree, node, source);
    else {
      const table = tableAt(tree, node.resolvedKey);
      named(tree, node, shift);
      for (const pair of node.body) put(table, pair, source);
    }
  }
  return { tree, value: getStaticTOMLValue(program) };
}

function parsed(text: string, shift: number): AST.TOMLProgram {
  try {
    return parseTOML(text);
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    throw new SyntaxFault(error.message, error.index + shift);
  }
}

/** The table under these keys, made where it is not there yet; a number is a place in an array of tables. */
function tableAt(root: MapTree, keys: readonly (string | number)[]): MapTree {
  let at: MapTree = root;
  for (let index = 0; index < keys.length; index += 1) {
    const key = String(keys[index]);
    const next = keys[index + 1];
    const found = at.members.find((member) => member.key === key)?.value;
    if (typeof next === 'number') {
      at = tableIn(found?.kind === 'list' ? found : add(at, key, emptyList(at)), next);
      index += 1;
    } else {
      at = found?.kind === 'map' ? found : add(at, key, emptyMap(at));
    }
  }
  return at;
}

/** A table that has a line of its own is called by the last key of that. */
function named(root: MapTree, { resolvedKey, key }: AST.TOMLTable, shift: number): void {
  const last = key.keys.at(-1);
  const holder = resolvedKey.slice(0, -1).some((one) => typeof one === 'number')
    ? undefined
    : tableAt(root, resolvedKey.slice(0, -1));
  const member = holder?.members.find((one) => one.key === resolvedKey.at(-1));
  if (member === undefined || last === undefined) return;
  member.name = { from: last.range[0] + shift, to: last.range[1] + shift };
}

function tableIn(list: ListTree, index: number): MapTree {
  const there = list.items[index];
  if (there?.kind === 'map') return there;
  const made = emptyMap(list);
  list.items[index] = made;
  return made;
}

const emptyMap = ({ from, to }: Tree): MapTree => ({ kind: 'map', from, to, members: [] });
const emptyList = ({ from, to }: Tree): ListTree => ({
  kind: 'list',
  from,
  to,
  items: [],
  front: from,
  between: ', ',
});

/** A table of its own has no member of ours behind its value: nothing is ever written there. */
function add<T extends Tree>(map: MapTree, key: string, value: T): T {
  map.members.push({ key, value, name: undefined, start: undefined, between: '', sibling: () => '' });
  return value;
}

function put(map: MapTree, pair: AST.TOMLKeyValue, source: Source): void {
  const { keys } = pair.key;
  const names = keys.map((key) => (key.type === 'TOMLBare' ? key.name : key.value));
  const last = keys.at(-1);
  const { text, shift, end } = source;
  // `a.b.command = "x"`: a sibling is `a.b.args`.
  const prefix = text.slice(pair.key.range[0] + shift, (last?.range[0] ?? 0) + shift);
  const lead = pair.parent.type === 'TOMLInlineTable' ? ', ' : end;
  tableAt(map, names.slice(0, -1)).members.push({
    key: names.at(-1) ?? '',
    value: treeOf(pair.value, source),
    name: last === undefined ? undefined : { from: last.range[0] + shift, to: last.range[1] + shift },
    start: pair.key.range[0] + shift,
    between: lead,
    sibling: (key) => `${lead}${prefix}${key} = `,
  });
}

function treeOf(node: AST.TOMLContentNode, source: Source): Tree {
  const span = { from: node.range[0] + source.shift, to: node.range[1] + source.shift };
  if (node.type === 'TOMLArray') {
    const items = node.elements.map((element) => treeOf(element, source));
    return { kind: 'list', ...span, items, front: span.from + 1, between: ', ' };
  }
  if (node.type === 'TOMLInlineTable') {
    const map: MapTree = { kind: 'map', ...span, members: [] };
    for (const pair of node.body) put(map, pair, source);
    return map;
  }
  return { kind: 'scalar', ...span, value: node.value };
}

import {
  findNodeAtLocation,
  getNodeValue,
  type Node,
  type ParseError,
  parseTree,
  printParseErrorCode,
} from 'jsonc-parser';
import { type Parsed, type Path, type PlacedProblem, problemAt, type SourceTree } from './source-tree.ts';

const MAX_NESTING = 64;

/** An upper bound of the nesting: brackets inside texts count too. */
function deepest(text: string): number {
  let [depth, most] = [0, 0];
  for (const bracket of text.match(/[[\]{}]/g) ?? []) {
    depth += bracket === '[' || bracket === '{' ? 1 : -1;
    most = Math.max(most, depth);
  }
  return most;
}

/** JSON with comments and trailing commas. A key that stands twice is a fault. */
export function parseJsonPolicy(text: string): Parsed {
  // jsonc-parser recurses: a file nested thousands deep would end in a stack overflow instead of a sentence.
  if (deepest(text) > MAX_NESTING) {
    const message = `Brackets are nested more than ${MAX_NESTING} deep; no policy needs that.`;
    return { problems: [problemAt(text, 0, { message })] };
  }
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { allowTrailingComma: true, allowEmptyContent: false });
  // The first one is the cause; those behind it are its echoes.
  const [error] = errors;
  if (error !== undefined) return { problems: [syntax(text, error)] };
  if (root === undefined) return { problems: [problemAt(text, 0, { message: 'The file is empty.' })] };
  return { tree: treeOf(root, text), problems: duplicates(text, root, []) };
}

function syntax(text: string, { error, offset }: ParseError): PlacedProblem {
  const word = printParseErrorCode(error)
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase();
  return problemAt(text, offset, { message: `This is not JSON: ${word}.` });
}

function duplicates(text: string, node: Node, path: Path): PlacedProblem[] {
  const seen = new Set<string>();
  const found: PlacedProblem[] = [];
  for (const [index, child] of (node.children ?? []).entries()) {
    if (node.type === 'array') found.push(...duplicates(text, child, [...path, index]));
    const [key, value] = child.children ?? [];
    if (node.type !== 'object' || key === undefined) continue;
    const name = String(key.value);
    const message = `The key ${JSON.stringify(name)} stands here twice.`;
    if (seen.has(name)) found.push(problemAt(text, key.offset, { path: [...path, name], message }));
    seen.add(name);
    if (value !== undefined) found.push(...duplicates(text, value, [...path, name]));
  }
  return found;
}

function treeOf(root: Node, text: string): SourceTree {
  const at = (path: Path): Node | undefined => findNodeAtLocation(root, path);
  return {
    value: getNodeValue(root) as unknown,
    place: (path) => {
      const node = at(path);
      if (node === undefined) return undefined;
      const literal = node.type === 'string' && node.length === String(node.value).length + 2;
      return { start: node.offset, offset: node.offset + (literal ? 1 : 0), literal };
    },
    keyOffset: (path) => at(path)?.parent?.offset,
    numberText: (path) => {
      const node = at(path);
      return node?.type === 'number' ? text.slice(node.offset, node.offset + node.length) : undefined;
    },
  };
}

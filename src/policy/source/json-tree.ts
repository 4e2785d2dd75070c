import {
  createScanner,
  findNodeAtLocation,
  getNodeValue,
  type Node,
  type ParseError,
  parseTree,
  printParseErrorCode,
} from 'jsonc-parser';
import { MAX_NESTING, MOST_ENTRIES, MOST_PROBLEMS, TOO_DEEP, TOO_MANY_ENTRIES } from './policy-limits.ts';
import {
  type Parsed,
  type Path,
  type PlacedProblem,
  problemAt,
  quoted,
  type SourceTree,
} from './source-tree.ts';

const CLOSES: Record<string, string> = { '{': '}', '[': ']' };

/** What makes a text too deep or too long to be parsed: the parser recurses. Texts and comments are no brackets. */
function excess(text: string): { offset: number; message: string } | undefined {
  const scanner = createScanner(text, true);
  // Like the parser, which goes on behind a bracket that closes nothing as deep as it was.
  const awaited: string[] = [];
  let entries = 0;
  // The end has no length of its own: behind a comment that is not closed the scanner says one.
  for (scanner.scan(); scanner.getTokenOffset() < text.length; scanner.scan()) {
    const offset = scanner.getTokenOffset();
    const first = text[offset] ?? '';
    const closes = CLOSES[first];
    if (closes !== undefined) awaited.push(closes);
    else if (first === awaited.at(-1)) awaited.pop();
    if (closes !== undefined || first === ',' || first === ':') entries += 1;
    if (awaited.length > MAX_NESTING) return { offset, message: TOO_DEEP };
    if (entries > MOST_ENTRIES) return { offset, message: TOO_MANY_ENTRIES };
  }
  return undefined;
}

/** JSON with comments and trailing commas. A key that stands twice is a fault. */
export function parseJsonPolicy(text: string): Parsed {
  const tooMuch = excess(text);
  if (tooMuch !== undefined) return { problems: [problemAt(text, tooMuch.offset, tooMuch)] };
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
    if (found.length >= MOST_PROBLEMS) break;
    if (node.type === 'array') found.push(...duplicates(text, child, [...path, index]));
    const [key, value] = child.children ?? [];
    if (node.type !== 'object' || key === undefined) continue;
    const name = String(key.value);
    const message = `The key ${quoted(name)} stands here twice.`;
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

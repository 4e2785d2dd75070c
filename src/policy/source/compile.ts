import {
  findNodeAtLocation,
  getNodeValue,
  type Node,
  type ParseError,
  parseTree,
  printParseErrorCode,
} from 'jsonc-parser';
import type { z } from 'zod';
import type { Effect, Item, Policy } from '../decide/types.ts';
import { inWords, makeItem, settings } from './make-policy.ts';
import { nearest, type Problem } from './problems.ts';
import { ITEM_SCHEMAS, type ItemSource, patternFault, policySchema } from './schema.ts';

export type Compiled = { policy: Policy; problems?: never } | { policy?: never; problems: Problem[] };

type Path = (string | number)[];

const MAX_NESTING = 64;
const TOO_DEEP: Problem = {
  path: '',
  line: 1,
  column: 1,
  message: `Brackets are nested more than ${MAX_NESTING} deep; no policy needs that.`,
  suggestion: undefined,
};

/** An upper bound of the nesting: brackets inside texts count too. */
function deepest(text: string): number {
  let [depth, most] = [0, 0];
  for (const bracket of text.match(/[[\]{}]/g) ?? []) {
    depth += bracket === '[' || bracket === '{' ? 1 : -1;
    most = Math.max(most, depth);
  }
  return most;
}

const EXPECTED: Record<string, string> = {
  array: 'a list',
  object: 'an object',
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
};

/**
 * A policy file's text (JSON with comments and trailing commas) as a policy, or every problem in it at once, in
 * the order of the file. Pure; never throws.
 */
export function compilePolicy(text: string): Compiled {
  // jsonc-parser recurses: a file nested thousands deep would end in a stack overflow instead of a sentence.
  if (deepest(text) > MAX_NESTING) return { problems: [TOO_DEEP] };
  const compiler = new Compiler(text);
  const policy = compiler.run();
  return policy === undefined ? { problems: compiler.sorted() } : { policy };
}

/** Where something of a policy text that compiled stands; at its beginning when it stands nowhere. */
export function placeIn(text: string, path: (string | number)[]): { line: number; column: number } {
  const root = parseTree(text, [], { allowTrailingComma: true });
  const node = root === undefined ? undefined : findNodeAtLocation(root, path);
  const before = text.slice(0, node?.offset ?? 0).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

class Compiler {
  private readonly text: string;
  private readonly problems: (Problem & { offset: number })[] = [];
  private root: Node | undefined;

  constructor(text: string) {
    this.text = text.startsWith('\ufeff') ? ` ${text.slice(1)}` : text;
  }

  run(): Policy | undefined {
    const errors: ParseError[] = [];
    this.root = parseTree(this.text, errors, { allowTrailingComma: true, allowEmptyContent: false });
    // The first one is the cause; those behind it are its echoes.
    for (const error of errors.slice(0, 1)) this.syntax(error);
    if (this.root === undefined || errors.length > 0) return undefined;
    this.duplicates(this.root, []);
    const value: unknown = getNodeValue(this.root);
    const read = policySchema.safeParse(value);
    if (!read.success) this.issues(read.error.issues, []);
    const lists = this.lists(value);
    if (!read.success || this.problems.length > 0) return undefined;
    return { ...settings(read.data), ...lists };
  }

  sorted(): Problem[] {
    return this.problems.sort((a, b) => a.offset - b.offset).map(({ offset: _, ...problem }) => problem);
  }

  private lists(value: unknown): Record<Effect, Item[]> {
    const ids = new Set<string>();
    const read = (name: Effect): Item[] => {
      const items = (value as Record<string, unknown> | null)?.[name];
      return Array.isArray(items) ? items.flatMap((item, index) => this.item(name, index, item, ids)) : [];
    };
    return { deny: read('deny'), escalate: read('escalate'), allow: read('allow') };
  }

  private item(list: Effect, index: number, value: unknown, ids: Set<string>): Item[] {
    const path = [list, index];
    const known = `${list}[${index}]`;
    if (typeof value === 'string') {
      const fault = patternFault(value);
      if (fault !== undefined) this.problem(path, fault);
      return fault === undefined ? [makeItem(known, value, { tool: [value] })] : [];
    }
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      this.problem(path, 'An item is a pattern such as "github/get_*" or an object.');
      return [];
    }
    if (list === 'allow' && 'client' in value) {
      this.problem(
        [...path, 'client'],
        'A client names itself, so it cannot be a reason to allow.',
        'Use "caller" with run --as.',
      );
    }
    // Said already, in better words than "unknown key".
    const { client: _, ...withoutClient } = value as Record<string, unknown>;
    const read = ITEM_SCHEMAS[list].safeParse(list === 'allow' ? withoutClient : value);
    if (!read.success) {
      this.issues(read.error.issues, path);
      return [];
    }
    this.emptiness(read.data, path);
    const id = read.data.id ?? known;
    if (ids.has(id)) this.problem([...path, 'id'], `The id ${JSON.stringify(id)} is used twice.`);
    ids.add(id);
    return [makeItem(id, inWords(value), read.data)];
  }

  /** Items that could never match, and so would lie to whoever reads the file. */
  private emptiness(item: ItemSource, path: Path): void {
    const { tool, server, caller, client } = item;
    if ([tool, server, caller, client].every((one) => one === undefined)) {
      this.problem(
        path,
        'The item names no tool, server, caller or client.',
        'Write "tool": "*" if it is meant for every call.',
      );
    }
    const literal = (one: string): boolean => !/[*?{]/.test(one);
    const named = (tool ?? []).flatMap((one) =>
      one.includes('/') ? [one.slice(0, one.indexOf('/'))] : ['*'],
    );
    if (
      server?.every(literal) &&
      named.length > 0 &&
      named.every((one) => literal(one) && !server.includes(one))
    ) {
      this.problem(path, 'The item can match nothing: its "tool" and its "server" name different servers.');
    }
  }

  private syntax(error: ParseError): void {
    const word = printParseErrorCode(error.error)
      .replace(/([a-z])([A-Z])/g, '$1 $2')
      .toLowerCase();
    this.add([], error.offset, `This is not JSON: ${word}.`, undefined);
  }

  private duplicates(node: Node, path: Path): void {
    const seen = new Set<string>();
    for (const [index, child] of (node.children ?? []).entries()) {
      if (node.type === 'array') this.duplicates(child, [...path, index]);
      const [key, value] = child.children ?? [];
      if (node.type !== 'object' || key === undefined) continue;
      const name = String(key.value);
      if (seen.has(name))
        this.add(
          [...path, name],
          key.offset,
          `The key ${JSON.stringify(name)} stands here twice.`,
          undefined,
        );
      seen.add(name);
      if (value !== undefined) this.duplicates(value, [...path, name]);
    }
  }

  private issues(issues: readonly z.core.$ZodIssue[], prefix: Path): void {
    for (const issue of issues) {
      const path = [...prefix, ...(issue.path as Path)];
      if (issue.code === 'unrecognized_keys') {
        for (const key of issue.keys) this.unknownKey(path, key);
      } else if (issue.code === 'invalid_union') {
        const deepest =
          [...issue.errors].sort((a, b) => (b[0]?.path.length ?? 0) - (a[0]?.path.length ?? 0))[0] ?? [];
        const custom = issue.errors.flat().filter((one) => one.code === 'custom');
        this.issues(custom.length > 0 ? custom.slice(0, 1) : deepest, path);
      } else this.problem(path, sentence(issue));
    }
  }

  private unknownKey(path: Path, key: string): void {
    const guess = nearest(key, knownKeys(path));
    const hint =
      guess === undefined
        ? `Known here: ${knownKeys(path).join(', ')}.`
        : `Did you mean ${JSON.stringify(guess)}?`;
    const at = this.root === undefined ? undefined : findNodeAtLocation(this.root, [...path, key]);
    this.add(
      [...path, key],
      at?.parent?.offset ?? at?.offset ?? 0,
      `The key ${JSON.stringify(key)} is not known.`,
      hint,
    );
  }

  private problem(path: Path, message: string, suggestion?: string): void {
    let node: Node | undefined;
    for (let length = path.length; node === undefined && length >= 0; length -= 1) {
      node = this.root === undefined ? undefined : findNodeAtLocation(this.root, path.slice(0, length));
    }
    this.add(path, node?.offset ?? 0, message, suggestion);
  }

  private add(path: Path, offset: number, message: string, suggestion: string | undefined): void {
    const before = this.text.slice(0, offset).split('\n');
    const line = before.length;
    const column = (before.at(-1)?.length ?? 0) + 1;
    this.problems.push({ path: spellPath(path), line, column, message, suggestion, offset });
  }
}

function spellPath(path: Path): string {
  return path
    .map((part, index) => (typeof part === 'number' ? `[${part}]` : index === 0 ? part : `.${part}`))
    .join('');
}

function knownKeys(path: Path): string[] {
  const [first] = path;
  if (first === undefined) return Object.keys(policySchema.shape).filter((key) => key !== '$schema');
  if (first === 'approvals') return Object.keys(policySchema.shape.approvals.unwrap().shape);
  if (first === 'audit') return Object.keys(policySchema.shape.audit.unwrap().shape);
  return Object.keys(ITEM_SCHEMAS[first as Effect].shape);
}

function sentence(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_value')
    return `This must be ${issue.values.map((value) => JSON.stringify(value)).join(' or ')}.`;
  if (issue.code === 'invalid_type') {
    const missing = issue.input === undefined && issue.message.includes('undefined');
    return missing ? 'This key is missing.' : `This must be ${EXPECTED[issue.expected] ?? issue.expected}.`;
  }
  return issue.message.endsWith('.') ? issue.message : `${issue.message}.`;
}

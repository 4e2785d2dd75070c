import { z } from 'zod';
import { JsonSource } from '../../protocol/json/json-source.ts';
import { ALL_CLASSES } from '../../risk/classes/risk-class.ts';
import { assumedTool } from '../decide/assumed-tool.ts';
import { decide } from '../decide/decide.ts';
import { decimalOf, ZERO } from '../decide/decimal.ts';
import { targetOf } from '../decide/glob.ts';
import { valuesOf } from '../decide/json-values.ts';
import type { Decision, Policy, ToolFacts } from '../decide/types.ts';
import type { OwnPlaces } from '../paths/own-places.ts';
import { parseJsonPolicy } from './json-tree.ts';
import { nearest } from './problems.ts';
import {
  type Format,
  lineAndColumn,
  type Path,
  type PlacedProblem,
  problemAt,
  type SourceTree,
} from './source-tree.ts';
import { issueInWords } from './zod-words.ts';

const object = z.record(z.string(), z.unknown());
const wanted = z
  .strictObject({
    effect: z.enum(['allow', 'deny', 'escalate']).optional(),
    rule: z.string().optional(),
    reason: z.string().optional(),
    matched: z.array(z.string()).optional(),
    obligations: object.optional(),
    diagnostics: z.array(z.string()).optional(),
    counted: z.array(object).optional(),
  })
  .refine((want) => Object.keys(want).length > 0, 'Say what is wanted: an effect, a rule, or more.');
const oneCase = z.strictObject({
  call: z.string().regex(/\//, 'A call is written as "server/tool".'),
  args: object.optional(),
  argsText: z.string().optional(),
  input: object.optional(),
  caller: z.string().optional(),
  client: z.string().optional(),
  risk: z.enum(ALL_CLASSES).optional(),
  annotations: object.optional(),
  now: z.string().optional(),
  spent: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
  want: wanted,
});
const caseFile = z.strictObject({
  $schema: z.string().optional(),
  description: z.string().optional(),
  policy: z.union([z.string(), object]).optional(),
  cases: z.array(oneCase).min(1, 'Without a case nothing is tested.'),
});

/** One case of a file: a call, what is known besides, and what the policy should do with it. */
export type TestCase = z.infer<typeof oneCase> & {
  line: number;
  /** The arguments as JSON text, numbers as they were written. */
  source: JsonSource;
  inputSource: JsonSource | undefined;
};

export interface CaseFile {
  description: string | undefined;
  /** A path as it was written, or a policy's text; undefined: the policy in force. */
  policy: { path: string } | { text: string } | undefined;
  cases: TestCase[];
}

const KNOWN = [
  'call',
  'args',
  'argsText',
  'input',
  'caller',
  'client',
  'now',
  'spent',
  'want',
  'policy',
  'cases',
];

/** A file of cases, or every problem in it. Pure; never rejects. */
export async function readCases(
  text: string,
  format: Format,
): Promise<{ file: CaseFile; problems?: never } | { file?: never; problems: PlacedProblem[] }> {
  const parsed =
    format === 'json' ? parseJsonPolicy(text) : (await import('./yaml-tree.ts')).parseYamlPolicy(text);
  const { tree, problems } = parsed;
  if (tree === undefined || problems.length > 0) return { problems };
  const read = caseFile.safeParse(tree.value);
  if (!read.success) return { problems: read.error.issues.flatMap((issue) => problemsOf(issue, text, tree)) };
  const { description, policy, cases } = read.data;
  const made = cases.map((one, index): TestCase => {
    const at = (key: string): Path => ['cases', index, key];
    const source = JsonSource.of(one.argsText ?? jsonText(tree, at('args'), one.args ?? {}));
    const inputSource =
      one.input === undefined ? undefined : JsonSource.of(jsonText(tree, at('input'), one.input));
    const { line } = lineAndColumn(text, tree.place(['cases', index])?.start ?? 0);
    return { ...one, line, source, inputSource };
  });
  const meant =
    policy === undefined
      ? undefined
      : typeof policy === 'string'
        ? { path: policy }
        : { text: jsonText(tree, ['policy'], policy) };
  return { file: { description, policy: meant, cases: made } };
}

function problemsOf(issue: z.core.$ZodIssue, text: string, tree: SourceTree): PlacedProblem[] {
  const path = issue.path as Path;
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => {
      const guess = nearest(key, [...KNOWN, ...Object.keys(wanted.shape)]);
      const suggestion = guess === undefined ? undefined : `Did you mean ${JSON.stringify(guess)}?`;
      const message = `The key ${JSON.stringify(key)} is not known.`;
      return problemAt(text, tree.keyOffset([...path, key]) ?? 0, {
        path: [...path, key],
        message,
        suggestion,
      });
    });
  }
  const message = issue.code === 'invalid_union' ? 'This has the wrong shape.' : issueInWords(issue);
  let offset: number | undefined;
  for (let length = path.length; offset === undefined && length >= 0; length -= 1)
    offset = tree.place(path.slice(0, length))?.start;
  return [problemAt(text, offset ?? 0, { path, message })];
}

const JSON_NUMBER = /^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?$/;

/** A value of a file as JSON, its numbers as they were written: 1.10 and 9007199254740993 stay what they are. */
function jsonText(tree: SourceTree, path: Path, value: unknown): string {
  if (Array.isArray(value))
    return `[${value.map((item, index) => jsonText(tree, [...path, index], item)).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value).map(
      ([key, one]) => `${JSON.stringify(key)}:${jsonText(tree, [...path, key], one)}`,
    );
    return `{${members.join(',')}}`;
  }
  const written = typeof value === 'number' ? tree.numberText(path) : undefined;
  return written !== undefined && JSON_NUMBER.test(written) ? written : JSON.stringify(value);
}

/** What a case gave: its decision, and what of it is not as wanted, in words; empty when all is. */
export interface CaseResult {
  decision: Decision;
  differs: string[];
}

/** Decides a case. Pure; `now` is that of the case, or of whoever asks. */
export function runCase(one: TestCase, policy: Policy, places: OwnPlaces, now: number): CaseResult {
  const call = {
    ...targetOf(one.call),
    arguments: one.source,
    inputResponses: one.inputSource,
    caller: one.caller,
    client: one.client,
  };
  const time = one.now === undefined ? now : Date.parse(one.now);
  const spent = new Map(Object.entries(one.spent ?? {}));
  const decision = decide(call, policy, {
    tool: toolOf(one),
    places,
    now: time,
    spent: ({ key }) => decimalOf(String(spent.get(key) ?? '0')) ?? ZERO,
  });
  return { decision, differs: differences(one.want, decision) };
}

/** A case that says nothing of its tool is about one of which nothing is known. */
function toolOf({ risk, annotations }: TestCase): ToolFacts | undefined {
  if (risk === undefined && annotations === undefined) return undefined;
  const hints = valuesOf(JsonSource.of(JSON.stringify(annotations ?? {}))).root;
  return assumedTool(risk ?? 'unknown', hints);
}

function differences(want: TestCase['want'], decision: Decision): string[] {
  return Object.entries(want).flatMap(([key, expected]) => {
    const given = decision[key as keyof Decision];
    if (contains(given, expected)) return [];
    const show = (value: unknown): string =>
      typeof value === 'string' ? value : (JSON.stringify(value) ?? 'nothing');
    return [`${key} ${show(given)} instead of ${show(expected)}`];
  });
}

/** Whether a value has all of what is expected: objects may have more, lists and plain values may not. */
function contains(value: unknown, expected: unknown): boolean {
  if (typeof expected !== 'object' || expected === null) return Object.is(value, expected);
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(expected) !== Array.isArray(value)) return false;
  if (Array.isArray(expected) && expected.length !== (value as unknown[]).length) return false;
  return Object.entries(expected).every(([key, one]) =>
    contains((value as Record<string, unknown>)[key], one),
  );
}

import type { z } from 'zod';
import type { Condition } from '../decide/condition.ts';
import type { Effect, Item } from '../decide/types.ts';
import { WORDS } from './cel/expression.ts';
import type { ExpressionProblem } from './cel/problem.ts';
import { variablesIn } from './cel/variables.ts';
import type { PolicyLayer } from './compile.ts';
import type { Language } from './language.ts';
import { inWords, type MadeConditions, makeItem } from './make-policy.ts';
import { overOf } from './over-source.ts';
import { patternFault } from './pattern-fault.ts';
import { MOST_ITEMS, MOST_PROBLEMS, TOO_MANY_ITEMS } from './policy-limits.ts';
import { excerptOf, nearest } from './problems.ts';
import { ITEM_SCHEMAS, type ItemSource, knownKeys, policySchema } from './schema.ts';
import {
  type Path,
  type PlacedProblem,
  problemAt,
  quoted,
  type SourceTree,
  spellPath,
} from './source-tree.ts';
import { issueInWords } from './zod-words.ts';

const EFFECTS: readonly Effect[] = ['deny', 'escalate', 'allow'];
/** No longer word is a mistyped key. */
const MOST_GUESSED = 64;
const MORE = `There is more than these ${MOST_PROBLEMS} problems: mend these first.`;

/** Reads a parsed policy text; afterwards `problems` has everything that is wrong with it. */
export class PolicyReader {
  private readonly text: string;
  private readonly tree: SourceTree;
  private readonly language: Language | undefined;
  readonly problems: PlacedProblem[] = [];
  private readonly ids = new Set<string>();
  /** Undefined where the text says something else that is wrong: then no name is looked up. */
  private groups: Readonly<Record<string, string[]>> | undefined;

  constructor(text: string, tree: SourceTree, language: Language | undefined) {
    this.text = text;
    this.tree = tree;
    this.language = language;
  }

  read(): PolicyLayer | undefined {
    const { value } = this.tree;
    const itemsOf = (name: Effect): unknown[] => {
      const items = (value as Record<string, unknown> | null)?.[name];
      return Array.isArray(items) ? items : [];
    };
    if (EFFECTS.reduce((sum, name) => sum + itemsOf(name).length, 0) > MOST_ITEMS) {
      this.problem([], TOO_MANY_ITEMS);
      return undefined;
    }
    const read = policySchema.safeParse(value);
    if (!read.success) this.issues(read.error.issues, []);
    this.groups = read.success ? this.soundGroups(read.data.groups ?? {}) : undefined;
    const list = (name: Effect): Item[] =>
      itemsOf(name).flatMap((item, index) => (this.full ? [] : this.item(name, index, item)));
    const lists = { deny: list('deny'), escalate: list('escalate'), allow: list('allow') };
    if (this.full) this.problems.push(problemAt(this.text, this.text.length, { message: MORE }));
    return read.success && this.problems.length === 0 ? { settings: read.data, lists } : undefined;
  }

  /** Nobody mends more at once, and each costs a walk through the text. */
  private get full(): boolean {
    return this.problems.length >= MOST_PROBLEMS;
  }

  private item(list: Effect, index: number, value: unknown): Item[] {
    const path = [list, index];
    const known = `${list}[${index}]`;
    if (typeof value === 'string') {
      const fault = patternFault(value, 'tool');
      if (fault !== undefined) this.problem(path, fault);
      return fault === undefined ? [makeItem(known, value, { tool: [value] }, {})] : [];
    }
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      this.problem(path, 'An item is a pattern such as "github/get_*" or an object.');
      return [];
    }
    const fields = this.withoutClaims(list, value as Record<string, unknown>, path);
    const read = ITEM_SCHEMAS[list].safeParse(fields);
    if (!read.success) {
      this.issues(read.error.issues, path);
      return [];
    }
    return this.made(value, read.data as ItemSource, path);
  }

  /** What has no place in this list is said in better words than "unknown key". */
  private withoutClaims(list: Effect, value: Record<string, unknown>, path: Path): Record<string, unknown> {
    const { client, over, ...rest } = value;
    if (list !== 'allow') return value;
    if (client !== undefined) {
      const said = 'A client names itself, so it cannot be a reason to allow.';
      this.problem([...path, 'client'], said, 'Use "caller" with run --as.');
    }
    if (over !== undefined) {
      const said = 'A limit in allow would allow what goes beyond it.';
      this.problem([...path, 'over'], said, 'Put an item with "over" into deny or escalate.');
    }
    return rest;
  }

  private soundGroups(groups: Record<string, string[]>): Record<string, string[]> {
    for (const [name, members] of Object.entries(groups)) {
      const inner = members.findIndex((member) => Object.hasOwn(groups, member));
      if (inner === -1) continue;
      const said = `The group ${JSON.stringify(name)} holds the group ${JSON.stringify(members[inner])}: a group holds approvers, and no groups.`;
      this.problem(['groups', name, inner], said);
    }
    return groups;
  }

  /** Groups are what their members are. */
  private people(names: string[] | undefined): string[] | undefined {
    const { groups = {} } = this;
    return (
      names && [
        ...new Set(names.flatMap((name) => (Object.hasOwn(groups, name) ? (groups[name] ?? []) : [name]))),
      ]
    );
  }

  private withPeople(item: ItemSource, path: Path): ItemSource {
    const { approvers, then } = item;
    if (then !== undefined && approvers === undefined)
      this.problem(
        [...path, 'then'],
        '"then" asks others when the first do not answer: say who they are in "approvers".',
      );
    return {
      ...item,
      approvers: this.people(approvers),
      // biome-ignore lint/suspicious/noThenProperty: a key of policies, which nobody awaits.
      then: then && { ...then, approvers: this.people(then.approvers) ?? [] },
    };
  }

  private made(value: object, item: ItemSource, path: Path): Item[] {
    this.emptiness(item, path);
    const list = path[0] as Effect;
    const id = item.id ?? spellPath(path);
    if (this.ids.has(id)) this.problem([...path, 'id'], `The id ${JSON.stringify(id)} is used twice.`);
    this.ids.add(id);
    const condition = (key: 'when' | 'unless'): Condition | undefined =>
      item[key] === undefined ? undefined : this.condition(item[key], list, [...path, key]);
    const conditions: MadeConditions = { when: condition('when'), unless: condition('unless') };
    if (item.over !== undefined) {
      const numbers = { limit: this.tree.numberText([...path, 'over', 'limit']) };
      const over = overOf(item.over, { list, item: value, id: item.id, ...numbers });
      if (typeof over === 'string') this.problem([...path, 'over'], over);
      else conditions.over = over;
    }
    return [makeItem(id, inWords(value), this.withPeople(item, path), conditions)];
  }

  private condition(source: string, list: Effect, path: Path): Condition | undefined {
    try {
      if (this.language === undefined) throw new TypeError('conditions were not loaded');
      return this.language.compile(source, list);
    } catch (error) {
      const { message, range, word } = error as ExpressionProblem;
      const { offset = 0, literal = false } = this.tree.place(path) ?? {};
      const guess =
        word === undefined ? undefined : nearest(word, [...Object.keys(variablesIn(list)), ...WORDS]);
      const more = {
        suggestion: guess === undefined ? undefined : `Did you mean ${JSON.stringify(guess)}?`,
        ...(range === undefined ? {} : { excerpt: excerptOf(source, range) }),
      };
      const at = offset + (literal && range !== undefined ? range.start : 0);
      this.problems.push(problemAt(this.text, at, { path, message, ...more }));
      return undefined;
    }
  }

  /** Items that could never match, and so would lie to whoever reads the file. */
  private emptiness(item: ItemSource, path: Path): void {
    const { tool, server, caller, client, risk, hide } = item;
    if (hide === true && [item.when, item.over, caller, client].some((one) => one !== undefined)) {
      const said =
        'A tool is hidden from every call: "hide" cannot depend on a condition, a limit or a caller.';
      this.problem([...path, 'hide'], said);
    }
    if ([tool, server, caller, client, risk].every((one) => one === undefined)) {
      const said = 'The item names no tool, server, caller, client or risk.';
      this.problem(path, said, 'Write "tool": "*" if it is meant for every call.');
    }
    const literal = (one: string): boolean => !/[*?{]/.test(one);
    const named = (tool ?? []).map((one) => (one.includes('/') ? one.slice(0, one.indexOf('/')) : '*'));
    if (server?.every(literal) && named.length > 0) {
      if (named.every((one) => literal(one) && !server.includes(one)))
        this.problem(path, 'The item can match nothing: its "tool" and its "server" name different servers.');
    }
  }

  private issues(issues: readonly z.core.$ZodIssue[], prefix: Path): void {
    for (const issue of issues) {
      if (this.full) return;
      const path = [...prefix, ...(issue.path as Path)];
      if (issue.code === 'unrecognized_keys') {
        for (const key of issue.keys) if (!this.full) this.unknownKey(path, key);
      } else if (issue.code === 'invalid_union') {
        const sorted = [...issue.errors].sort((a, b) => (b[0]?.path.length ?? 0) - (a[0]?.path.length ?? 0));
        const custom = issue.errors.flat().filter((one) => one.code === 'custom');
        this.issues(custom.length > 0 ? custom.slice(0, 1) : (sorted[0] ?? []), path);
      } else this.problem(path, issueInWords(issue));
    }
  }

  private unknownKey(path: Path, key: string): void {
    const known = knownKeys(path);
    const guess = key.length > MOST_GUESSED ? undefined : nearest(key, known);
    const suggestion =
      guess === undefined ? `Known here: ${known.join(', ')}.` : `Did you mean ${JSON.stringify(guess)}?`;
    const offset = this.tree.keyOffset([...path, key]) ?? 0;
    const message = `The key ${quoted(key)} is not known.`;
    this.problems.push(problemAt(this.text, offset, { path: [...path, key], message, suggestion }));
  }

  private problem(path: Path, message: string, suggestion?: string): void {
    let offset: number | undefined;
    for (let length = path.length; offset === undefined && length >= 0; length -= 1)
      offset = this.tree.place(path.slice(0, length))?.start;
    this.problems.push(problemAt(this.text, offset ?? 0, { path, message, suggestion }));
  }
}

import { shownHold } from '../../approvals/answering/masked-view.ts';
import { wrapLines } from '../../approvals/answering/wrap.ts';
import { prettyArguments } from '../../approvals/showing/call-lines.ts';
import { indented, ours, type PrettyLine, spelledOut } from '../../approvals/showing/lines.ts';
import { type View, viewOf } from '../../approvals/showing/view.ts';
import type { Warning } from '../../harm/warning.ts';
import { type JsonNode, readJson } from '../../protocol/json/json-scan.ts';
import { label } from '../../text/visible.ts';
import { MOST_TOGETHER } from '../state/list-rows.ts';
import type { Entry } from '../state/screen.ts';
import type { Content } from './content.ts';
import { outliersOf } from './outliers.ts';
import { tellingOf } from './story.ts';

interface Member {
  entry: Entry;
  /** By argument, its source text with secrets masked. */
  values: ReadonlyMap<string, string>;
  masked: number;
}

/** What the calls of a group have in common, once, then what differs, in full: those that stand apart first. */
export function groupContentOf(all: readonly Entry[], columns: number): Content {
  const entries = all.slice(0, MOST_TOGETHER);
  const members = entries.map(memberOf);
  const [first] = members;
  const differing = differingOf(members);
  const apart = new Set(differing);
  const common = namesOf(members).filter((name) => !apart.has(name));
  const telling = first === undefined ? [] : tellingOf(first.entry).map(({ path }) => path[0] ?? '');
  const lines = [
    ...commonLines(first, common, telling),
    ...tableOf(
      members,
      differing.toSorted((a, b) => rank(telling, a) - rank(telling, b)),
      telling,
    ),
  ];
  if (all.length > entries.length)
    lines.push(ours(0, `and ${all.length - entries.length} calls more, which are not shown here`, 'warn'));
  const masked = members.reduce((sum, one) => sum + one.masked, 0);
  return {
    as: `${all.map(({ hold }) => hold.digest).join(' ')} ${columns}`,
    view: { name: 'together', lines, ...toldOf(entries) },
    rows: wrapLines(lines, columns),
    differs: undefined,
    hidden: spelledOut(lines),
    masked,
    mustReveal: masked > 0,
    earlier: null,
    size: entries.reduce((sum, { hold }) => sum + hold.argumentsText.length, 0),
  };
}

/** Of all of them: one may hold what the first does not, such as a task or answers. */
function namesOf(members: readonly Member[]): string[] {
  return [...new Set(members.flatMap(({ values }) => [...values.keys()]))];
}

/** The arguments in which they differ. */
function differingOf(members: readonly Member[]): string[] {
  return namesOf(members).filter((name) => new Set(members.map(({ values }) => values.get(name))).size > 1);
}

function outliersIn(members: readonly Member[], names: readonly string[]): Set<number> {
  return outliersOf(members.map(({ values }) => names.map((name) => values.get(name) ?? '')));
}

const apart = new WeakMap<readonly Entry[], readonly Entry[]>();

/** Those of a group's calls that stand apart from the others. */
export function apartOf(entries: readonly Entry[]): readonly Entry[] {
  const before = apart.get(entries);
  if (before !== undefined) return before;
  if (entries.length > MOST_TOGETHER) return [];
  const members = entries.map(memberOf);
  const found = outliersIn(members, differingOf(members));
  const those = entries.filter((_, at) => found.has(at));
  apart.set(entries, those);
  return those;
}

/** So much of them is looked into for what a person should be told, in characters; of the rest that is said. */
const MOST_LOOKED = 256 * 1024;

/** What would be said of each call by itself. */
function toldOf(entries: readonly Entry[]): Pick<View, 'warnings' | 'changes'> {
  let left = MOST_LOOKED;
  const looked = entries.filter(({ hold }) => {
    left -= hold.argumentsText.length;
    return left >= 0;
  });
  const views = looked.map(({ hold, session }) => ({
    id: label(hold.id),
    view: viewOf(shownHold(hold, session, false).hold, { folder: session.folder }),
  }));
  const warnings = views.flatMap(({ id, view }) =>
    view.warnings
      .filter(({ tone }) => tone !== 'note')
      .map(({ text, tone }): Warning => ({ text: `${id}: ${text}`, tone })),
  );
  const unread = entries.length - looked.length;
  if (unread > 0)
    warnings.push({
      text: `${unread} of them are too long to be looked into here: list them.`,
      tone: 'warn',
    });
  // Of many warnings the first are seen.
  warnings.sort((a, b) => Number(b.tone === 'danger') - Number(a.tone === 'danger'));
  return { warnings, changes: views.some(({ view }) => view.changes === true) };
}

const rank = (order: readonly string[], name: string): number =>
  order.includes(name) ? order.indexOf(name) : order.length;

function memberOf(entry: Entry): Member {
  const { hold, masked } = shownHold(entry.hold, entry.session, false);
  const { task, input, argumentsText } = hold;
  const values = new Map<string, string>();
  try {
    const { source, root } = readJson(argumentsText);
    const text = ({ start, end }: JsonNode): string => source.slice(start, end);
    for (const { key, value } of root.members ?? []) values.set(key, text(value));
    if (root.members === undefined) values.set('', text(root));
  } catch {
    values.set('', JSON.stringify(argumentsText));
  }
  if (task !== undefined) values.set(freeName(values, 'task'), task);
  if (input !== undefined) values.set(freeName(values, 'answers'), input.answers);
  return { entry, values, masked };
}

/** What a call holds besides its arguments takes the place of none of them. */
function freeName(values: ReadonlyMap<string, string>, word: string): string {
  const name = `(${word})`;
  return values.has(name) ? freeName(values, name) : name;
}

/** As JSON source; what a call does not have is not said of it. */
function jsonOf(member: Member | undefined, names: readonly string[]): string {
  const has = names.flatMap((name) => {
    const value = member?.values.get(name);
    return value === undefined ? [] : [`${JSON.stringify(name)}:${value}`];
  });
  return `{${has.join(',')}}`;
}

function commonLines(
  first: Member | undefined,
  names: readonly string[],
  order: readonly string[],
): PrettyLine[] {
  if (names.length === 0) return [];
  return [ours(0, 'the same in all:', 'quiet'), ...indented(prettyArguments(jsonOf(first, names), order))];
}

function tableOf(
  members: readonly Member[],
  names: readonly string[],
  order: readonly string[],
): PrettyLine[] {
  if (names.length === 0) return [ours(0, `all ${members.length} ask for the very same`, 'quiet')];
  const apart = outliersIn(members, names);
  const rows = (chosen: readonly Member[]): PrettyLine[] =>
    chosen.flatMap((member) => memberLines(member, names, order));
  const ordinary = members.filter((_, at) => !apart.has(at));
  if (apart.size === 0) return [ours(0, 'what differs:', 'quiet'), ...rows(members)];
  return [
    ours(0, 'apart from the others:', 'warn'),
    ...rows(members.filter((_, at) => apart.has(at))),
    ours(0, 'the others:', 'quiet'),
    ...rows(ordinary),
  ];
}

/** On one line where that holds it. */
function memberLines(member: Member, names: readonly string[], order: readonly string[]): PrettyLine[] {
  const { id } = member.entry.hold;
  const lines = prettyArguments(jsonOf(member, names), order);
  const [only] = lines;
  if (lines.length === 1 && only !== undefined) {
    const head = { text: `${id}  `, escaped: false, tone: 'quiet' as const };
    return [{ indent: 2, block: false, segments: [head, ...only.segments] }];
  }
  return [ours(2, id, 'quiet'), ...indented(lines, 4)];
}

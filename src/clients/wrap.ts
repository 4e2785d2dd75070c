import { checked, type Plan, unsafe } from './checked-edit.ts';
import type { ConfigFile } from './config-file.ts';
import { type Edit, edited } from './edit.ts';
import { HOME_VARIABLES, type ServerEntry, variableOf } from './entries.ts';
import type { ListTree, Span } from './formats/tree.ts';
import { policyNames } from './policy-names.ts';
import type { Spelled } from './spelled.ts';
import type { TimeLimit } from './table.ts';
import { lowered, raised } from './time-limit.ts';
import { addressPlan } from './unwrap-remote.ts';
import { type OurWords, remotePlan } from './wrap-remote.ts';
import { wrappedAt } from './wrapped.ts';

/** What is written in front of a server's command. */
export interface Wrapper {
  /** The program, such as node's full path: desktop clients do not have the shell's PATH. */
  command: string;
  /**
   * Its words up to and without `--`, for a server by the name that a policy can call it. `elsewhere`: the entry's own
   * environment would make holdpoint look for its home elsewhere.
   */
  words(server: string, elsewhere?: boolean): string[];
}

/** A list of words that was not there before begins with one space: so it is known as ours. */
const OPENING = '[ ';

/**
 * The text with these entries wrapped: the command's own word, the first words of its list and its client's time
 * limit change, and nothing else. The old command keeps its spelling and the old words are not touched, so that
 * `unwrapText` gives the same bytes. Throws a PlainError where that cannot be done.
 */
export function wrapText(
  config: ConfigFile,
  entries: readonly ServerEntry[],
  wrapper: Wrapper,
  limit: TimeLimit | undefined,
): string {
  const names = policyNames(config.entries);
  const plans = entries.flatMap((entry) => {
    if (entry.spelled === undefined && entry.remote === undefined) return [];
    const raise = raised(config.text, entry, limit);
    const elsewhere = HOME_VARIABLES.some((name) => variableOf(entry, name) !== undefined);
    const ours = [wrapper.command, ...wrapper.words(names.get(entry) ?? '', elsewhere)];
    const plan = wrapPlan(config, entry, { front: ours, back: raise?.words ?? [] });
    if (plan === undefined) throw unsafe(config);
    return [{ ...plan, edits: [...plan.edits, ...(raise?.edit === undefined ? [] : [raise.edit])] }];
  });
  const after = edited(
    config.text,
    plans.flatMap(({ edits }) => edits),
  );
  const wrapped = checked(config, plans, { after, limit });
  const paths = new Set(plans.map(({ entry }) => JSON.stringify(entry.path)));
  const ours = wrapped.entries.filter(({ path }) => paths.has(JSON.stringify(path)));
  if (unwrapText(wrapped, ours, limit) !== config.text) throw unsafe(config);
  return after;
}

function wrapPlan(config: ConfigFile, entry: ServerEntry, ours: OurWords): Plan | undefined {
  if (entry.spelled === undefined) {
    const plan = remotePlan(config, entry, ours);
    return plan === undefined ? undefined : { entry, ...plan };
  }
  const words = [...ours.front, ...ours.back, '--'];
  const edits = wordEdits(config.text, entry.spelled, words);
  return { entry, edits, command: [...words, ...entry.command], keys: keysOf(entry.spelled) };
}

function keysOf({ keys }: Spelled): (readonly string[])[] {
  return keys.program === undefined ? [keys.list] : [keys.program, keys.list];
}

/** These words, written in front of an entry's own: the first takes the program's place where that stands apart. */
function wordEdits(text: string, { program, list, anchor }: Spelled, words: readonly string[]): Edit[] {
  const [command = '', ...rest] = words.map((word) => JSON.stringify(word));
  if (program === undefined) {
    const { front, between } = list as ListTree;
    return [{ from: front, to: front, text: [command, ...rest, ''].join(between) }];
  }
  const swap: Edit = { from: program.from, to: program.to, text: command };
  const old = source(text, program);
  if (list === undefined) {
    const added = `${anchor.sibling('args')}${OPENING}${[...rest, old].join(', ')}]`;
    return [swap, { from: program.to, to: program.to, text: added }];
  }
  const more = list.items.length > 0 ? list.between : '';
  return [swap, { from: list.front, to: list.front, text: [...rest, old].join(list.between) + more }];
}

/** The text with these entries unwrapped. An entry edited since it was wrapped gets its words back, if not its spacing. */
export function unwrapText(
  config: ConfigFile,
  entries: readonly ServerEntry[],
  limit: TimeLimit | undefined,
): string {
  const plans = entries.flatMap((entry) => {
    const at = wrappedAt(entry.command);
    if (at === undefined || entry.spelled === undefined) return [];
    const lower = lowered(config.text, entry, limit);
    if (at === entry.command.length) return [addressed(config, entry, { limit, lower })];
    const edits = unwrapEdits(config, entry.spelled, at);
    return [
      {
        entry,
        edits: lower === undefined ? edits : [...edits, lower],
        command: entry.command.slice(at),
        keys: keysOf(entry.spelled),
      },
    ];
  });
  const after = edited(
    config.text,
    plans.flatMap(({ edits }) => edits),
  );
  checked(config, plans, { after, limit });
  return after;
}

interface Lower {
  limit: TimeLimit | undefined;
  lower: Edit | undefined;
}

/** An entry of a remote server gets its address back. */
function addressed(config: ConfigFile, entry: ServerEntry, { limit, lower }: Lower): Plan {
  // A limit that wrapping added goes with the words that it added.
  const goes = lower?.text === '' ? limit?.key : undefined;
  const plan = addressPlan(config, entry, goes);
  if (plan === undefined) throw unsafe(config);
  const edits = lower === undefined || goes !== undefined ? plan.edits : [...plan.edits, lower];
  return { entry, ...plan, edits, command: [] };
}

function unwrapEdits(config: ConfigFile, { program, list, anchor }: Spelled, at: number): Edit[] {
  if (list === undefined) return [];
  if (program === undefined) return restWords(config, list, at);
  const old = list.items[at - 1];
  if (old === undefined) return [];
  const swap: Edit = { from: program.from, to: program.to, text: source(config.text, old) };
  const opening = `${anchor.sibling('args')}${OPENING}`;
  const ours = config.text.slice(program.to, list.from + OPENING.length) === opening;
  if (ours && at === list.items.length && config.text.slice(old.to, list.to) === ']') {
    return [swap, { from: program.to, to: list.to, text: '' }];
  }
  return [swap, ...restWords(config, list, at)];
}

/** Takes the first `count` words out of a list. */
function restWords({ text, format }: ConfigFile, list: ListTree, count: number): Edit[] {
  const last = list.items[count - 1];
  const next = list.items[count];
  if (last === undefined) return [];
  if (next !== undefined) {
    const gap = text.slice(last.to, next.from);
    // What stands behind our separator stood in front of the first word before.
    const spaced = gap.startsWith(list.between) ? list.between : /^\s*,\s*/.exec(gap)?.[0];
    if (spaced !== undefined) return [{ from: list.front, to: last.to + spaced.length, text: '' }];
    if (list.between.includes('\n')) return [{ from: list.front, to: next.from, text: '' }];
  }
  // A trailing comma, or a comment before the comma: written since, by a person or a formatter.
  const comma = commaAfter(text, { from: last.to, to: list.to }, format.blank);
  const rest = comma === undefined ? [] : [{ from: comma, to: comma + 1, text: '' }];
  return [{ from: list.front, to: last.to, text: '' }, ...rest];
}

/** The first comma in a stretch of a list that holds no more than white space, comments and that comma. */
function commaAfter(text: string, { from, to }: Span, blank: RegExp): number | undefined {
  let at = from;
  for (;;) {
    blank.lastIndex = at;
    const length = blank.exec(text)?.[0].length ?? 0;
    if (length === 0) break;
    at += length;
  }
  return at < to && text[at] === ',' ? at : undefined;
}

function source(text: string, { from, to }: Span): string {
  return text.slice(from, to);
}

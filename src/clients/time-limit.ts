import type { Edit } from './edit.ts';
import type { ServerEntry } from './entries.ts';
import { type Member, membersOf } from './formats/tree.ts';
import type { TimeLimit } from './table.ts';
import { wrappedAt } from './wrapped.ts';

/** In seconds: as long as a hold waits for a person where no policy says otherwise. */
const WANTED = 30 * 60;

/** In seconds, about four months. */
const MOST = 9_999_999;

/** What a wrapped entry's own words say of its client's time limit: `--client-waits 1800s,was=60`. */
export const WAITS = '--client-waits';

/** What wrapping does about one entry's time limit. */
export interface Raised {
  /** In seconds, what the entry says afterwards; undefined where nothing is known to say. */
  seconds: number;
  /** Ours, in front of `--`: how long the client waits, and what `unwrap` puts back. */
  words: string[];
  edit: Edit | undefined;
}

/** Raises an entry's time limit to what a held call needs, or says how long its client waits already. */
export function raised(text: string, entry: ServerEntry, limit: TimeLimit | undefined): Raised | undefined {
  const spelled = entry.spelled ?? entry.remote;
  // Zed's nested command has its siblings elsewhere, and Zed no limit.
  if (limit === undefined || spelled === undefined || !has(entry, limit)) return undefined;
  const wanted = Math.min(WANTED, limit.most ?? WANTED);
  const [member, second] = membersOf(spelled.entry, limit.key);
  if (second !== undefined) return undefined;
  if (member === undefined) {
    if (limit.usual === undefined || limit.usual >= wanted) return undefined;
    const at = spelled.anchor.value.to;
    const added = `${spelled.anchor.sibling(limit.key)}${written(wanted, limit)}`;
    return { seconds: wanted, words: [WAITS, `${wanted}s,added`], edit: { from: at, to: at, text: added } };
  }
  const { value } = member;
  if (value.kind !== 'scalar' || typeof value.value !== 'number') return undefined;
  // `run` takes no longer number, and nobody waits so long.
  const seconds = Math.min(Math.floor(limit.unit === 'ms' ? value.value / 1000 : value.value), MOST);
  if (seconds >= wanted) return { seconds, words: [WAITS, `${seconds}s`], edit: undefined };
  const was = text.slice(value.from, value.to);
  if (!/^[\d._eE+-]{1,30}$/.test(was)) return undefined;
  const edit = { from: value.from, to: value.to, text: written(wanted, limit) };
  return { seconds: wanted, words: [WAITS, `${wanted}s,was=${was}`], edit };
}

/** Puts back what `raised` changed, unless somebody changed it since. */
export function lowered(text: string, entry: ServerEntry, limit: TimeLimit | undefined): Edit | undefined {
  const said = saidOf(entry.command);
  const { spelled } = entry;
  if (limit === undefined || said?.before === undefined || spelled === undefined) return undefined;
  const [member, second] = membersOf(spelled.entry, limit.key);
  if (member === undefined || second !== undefined || member.value.kind !== 'scalar') return undefined;
  const { value } = member;
  if (String(value.value) !== written(said.seconds, limit)) return undefined;
  if (said.before !== 'added') return { from: value.from, to: value.to, text: said.before.was };
  const ours = spelled.anchor.sibling(limit.key);
  const from = value.from - ours.length;
  if (text.slice(from, value.from) === ours) return { from, to: value.to, text: '' };
  // Laid out anew since: it goes with whatever separates it from the member before it.
  const before = spelled.entry.members
    .filter((one) => one.value.to <= value.from)
    .sort(byEnd)
    .at(-1);
  return before === undefined ? undefined : { from: before.value.to, to: value.to, text: '' };
}

/** In seconds: what the client gives one call of an entry now; undefined where nothing bounds it, or nobody knows. */
export function limitOf(entry: ServerEntry, limit: TimeLimit | undefined): number | undefined {
  const spelled = entry.spelled ?? entry.remote;
  if (limit === undefined || spelled === undefined || !has(entry, limit)) return undefined;
  const [member] = membersOf(spelled.entry, limit.key);
  if (member === undefined) return limit.usual;
  const { value } = member;
  if (value.kind !== 'scalar' || typeof value.value !== 'number') return undefined;
  return limit.unit === 'ms' ? value.value / 1000 : value.value;
}

function has({ path }: ServerEntry, { notIn }: TimeLimit): boolean {
  return notIn === undefined || !notIn.every((key, at) => path[at] === key) || path.length <= notIn.length;
}

function byEnd(a: Member, b: Member): number {
  return a.value.to - b.value.to;
}

function written(seconds: number, { unit }: TimeLimit): string {
  return String(unit === 'ms' ? seconds * 1000 : seconds);
}

interface Said {
  seconds: number;
  /** What stood there before we raised it; undefined where we changed nothing. */
  before: 'added' | { was: string } | undefined;
}

/** What a wrapped command line says of its client's time limit. */
export function saidOf(command: readonly string[]): Said | undefined {
  const ours = command.slice(0, wrappedAt(command) ?? 0);
  const at = ours.indexOf(WAITS);
  const found = /^(\d{1,7})s(?:,(added)|,was=([\d._eE+-]{1,30}))?$/.exec(
    at === -1 ? '' : (ours[at + 1] ?? ''),
  );
  if (found === null) return undefined;
  const [, seconds, added, was] = found;
  const before = added !== undefined ? 'added' : was === undefined ? undefined : { was };
  return { seconds: Number(seconds), before };
}

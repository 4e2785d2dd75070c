import { type JsonNode, type Member, readJson, stringOf } from '../../protocol/json/json-scan.ts';
import type { JsonSource } from '../../protocol/json/json-source.ts';
import { isSaid } from '../../salience/kinds.ts';
import { inOrder, isRightToLeft, type Segment } from '../../text/visible.ts';
import { barred, barredText, foldBlanks, foreign, indented, ours, type PrettyLine, STEP } from './lines.ts';

/** What of a held call a person judges (`HoldView` has it); texts are JSON source. */
export interface ShownCall {
  tool: string;
  argumentsText: string;
  obligations: { show: readonly string[] };
  task?: string | undefined;
  input?: { answers: string; questions: string | null; continues: number | null } | undefined;
}

/** Where a value stands: its names and positions from the top, and what stands beside it in its object. */
export interface At {
  path: readonly string[];
  node: JsonNode;
  source: JsonSource;
  siblings: readonly Member[];
}

/** A value drawn otherwise than plainly. */
export interface Drawn {
  /** Stands after the value's name: our words, or segments that are safe to show. */
  head: string | Segment[];
  lines: PrettyLine[];
  /** The lines stand below the plain form of the value, and not in its place. */
  below?: boolean;
  /** Another member of the same object that is drawn here too; both names, in the order in which they are said. */
  covers?: { other: string; names: readonly [string, string] };
}

/** How arguments are put: the order of the outermost members, and which values are drawn otherwise. */
export interface Manner {
  rank: (key: string) => number;
  draw?: (at: At) => Drawn | undefined;
}

/**
 * Arguments as lines for a person, from their source text: nothing is left out, numbers keep their spelling, a
 * string with line breaks becomes a barred block, every character that hides or drives a terminal is spelled out,
 * runs of blank lines and wide gaps are told by their count. `first` names members to put on top. Source that is
 * not JSON (it cannot be) is shown as it stands.
 */
export function prettyArguments(text: string, first: readonly string[]): PrettyLine[] {
  try {
    return drawnArguments(text, { rank: rankOf(first) });
  } catch {
    return [ours(0, text)];
  }
}

/** The place of a name in a list; behind all of them where it is not in it. */
export function rankOf(first: readonly string[]): (key: string) => number {
  const places = new Map([...first].reverse().map((name, at) => [name, first.length - 1 - at]));
  return (key) => places.get(key) ?? first.length;
}

/** `prettyArguments` in a manner of its own. Throws JsonProblem for what is not JSON, and what the manner throws. */
export function drawnArguments(text: string, manner: Manner): PrettyLine[] {
  const { source, root } = readJson(text);
  const walk = new Walk(source, manner);
  if (root.members === undefined) walk.value(root, { indent: 0, label: '', path: [], siblings: [] });
  else if (root.members.length === 0) return [ours(0, 'no arguments')];
  else {
    const sorted = [...root.members].sort((a, b) => manner.rank(a.key) - manner.rank(b.key));
    walk.members(sorted, { indent: 0, label: '', path: [], siblings: [] });
  }
  return walk.lines;
}

/**
 * All of a call that a person judges: its arguments, and what its client answers to the server's questions. Our own
 * headings cannot be faked: nothing foreign stands at the margin without its quotes or brackets.
 */
export function prettyCall(call: Omit<ShownCall, 'tool'>): PrettyLine[] {
  return [...prettyArguments(call.argumentsText, call.obligations.show), ...besideArguments(call)];
}

/** What of a call is judged besides its arguments. */
export function besideArguments({ task, input }: Pick<ShownCall, 'task' | 'input'>): PrettyLine[] {
  // A call may have more lines than a function has arguments.
  const under = (heading: string, text: string): PrettyLine[] => [
    ours(0, heading),
    ...indented(prettyArguments(text, [])),
  ];
  const runs = task === undefined ? [] : under('Runs as a task, after its client has been answered:', task);
  if (input === undefined) return runs;
  const { questions, answers, continues } = input;
  const call = continues === null ? '' : ` about call ${continues}`;
  if (questions === null)
    return [...runs, ...under(`What the server asked was not seen. The client's answers:`, answers)];
  return [
    ...runs,
    ...under(`The server asked${call}:`, questions),
    ...under(`The client's answers:`, answers),
  ];
}

interface Place {
  indent: number;
  label: string;
  path: readonly string[];
  siblings: readonly Member[];
}

/**
 * From the decoded string, so that an escape cannot spell a harmless letter unseen; only what would end or fake
 * the quotes is escaped here, the rest is left to `segments`, which marks what it spells out.
 */
export function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}

/** A name stands beside its value, so it must not reorder it. */
function named(key: string): string {
  return inOrder(quoted(key));
}

/** Where what the agent says about its call begins, if that stands at the end. */
function saidFrom(members: readonly Member[]): number {
  const from = members.findLastIndex(({ key }) => !isSaid(key)) + 1;
  return from > 0 && from < members.length ? from : -1;
}

class Walk {
  readonly lines: PrettyLine[] = [];
  private readonly source: JsonSource;
  private readonly draw: Manner['draw'];

  constructor(source: JsonSource, { draw }: Manner) {
    this.source = source;
    this.draw = draw;
  }

  members(members: readonly Member[], { indent, path }: Place): void {
    const covered = new Set<string>();
    const said = indent === 0 && this.draw !== undefined ? saidFrom(members) : -1;
    for (const [at, { key, value }] of members.entries()) {
      if (covered.has(key)) continue;
      if (at === said) this.lines.push(ours(0, 'what the agent says about it, true or not:', 'warn'));
      const place = { indent, label: `${named(key)}: `, path: this.inner(path, key), siblings: members };
      const covers = this.value(value, place);
      if (covers !== undefined) covered.add(covers);
    }
  }

  /** Gives back the name of another member that was drawn here too. */
  value(node: JsonNode, place: Place): string | undefined {
    const { path, siblings, indent, label } = place;
    const drawn = this.draw?.({ path, node, source: this.source, siblings });
    if (drawn === undefined || drawn.below === true) this.plainly(node, place);
    else {
      const both = drawn.covers === undefined ? label : `${drawn.covers.names.map(named).join(' → ')}: `;
      const head = typeof drawn.head === 'string' ? foreign(drawn.head) : drawn.head;
      this.lines.push({ indent, segments: [...foreign(both), ...head], block: false });
    }
    for (const line of indented(drawn?.lines ?? [], indent + STEP)) this.lines.push(line);
    return drawn?.covers?.other;
  }

  /** Paths are for views alone. */
  private inner(path: readonly string[], name: string): readonly string[] {
    return this.draw === undefined ? path : [...path, name];
  }

  private plainly(node: JsonNode, place: Place): void {
    const { indent, label, path } = place;
    const inner = indent + STEP;
    if (node.members !== undefined && node.members.length > 0) {
      this.lines.push(ours(indent, `${label}{`));
      this.members(node.members, { ...place, indent: inner });
      this.lines.push(ours(indent, '}'));
    } else if (node.items !== undefined && node.items.length > 0) {
      this.lines.push(ours(indent, `${label}[`));
      for (const [at, item] of node.items.entries())
        this.value(item, { indent: inner, label: '', path: this.inner(path, `${at}`), siblings: [] });
      this.lines.push(ours(indent, ']'));
    } else if (node.kind === 'string') text(this.lines, stringOf(this.source, node), place);
    else this.lines.push(ours(indent, `${label}${this.source.slice(node.start, node.end)}`));
  }
}

function text(lines: PrettyLine[], decoded: string, { indent, label }: Place): void {
  if (isRightToLeft(decoded)) alone(lines, decoded, { indent, label });
  else if (!decoded.includes('\n')) lines.push(ours(indent, `${label}${quoted(decoded)}`));
  else {
    lines.push(ours(indent, `${label}text of ${decoded.split('\n').length} lines`));
    for (const line of barredText(decoded, indent + STEP)) lines.push(line);
  }
}

/**
 * Right-to-left letters make a terminal reorder what stands on their line: so nothing of ours stands there, and
 * nothing of another value. Lines without such letters keep their bar.
 */
function alone(
  lines: PrettyLine[],
  decoded: string,
  { indent, label }: Pick<Place, 'indent' | 'label'>,
): void {
  const parts = decoded.split('\n');
  const count = parts.length === 1 ? '1 line' : `${parts.length} lines`;
  lines.push(ours(indent, `${label}right-to-left text, ${count}, each drawn in your terminal's own order:`));
  const draw = (part: string): PrettyLine => ({
    ...barred(indent + STEP, foreign(part)),
    block: !isRightToLeft(part),
  });
  for (const line of foldBlanks(parts, { text: (part) => part, draw, indent: indent + STEP }))
    lines.push(line);
  lines.push(ours(indent, 'end of the right-to-left text'));
}

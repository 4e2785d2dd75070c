import { type JsonNode, readJson, stringOf } from '../../protocol/json/json-scan.ts';
import type { JsonSource } from '../../protocol/json/json-source.ts';
import { inOrder, isRightToLeft, type Segment, segments } from '../../text/visible.ts';
import type { HoldView } from '../channel/messages.ts';

/** A line of a card before it is wrapped: `indent` counts columns; wrapped parts keep it. */
export interface PrettyLine {
  indent: number;
  segments: Segment[];
  /** Set on lines from inside a text with line breaks: they carry a bar that no text can fake. */
  block: boolean;
}

const STEP = 2;

/**
 * Arguments as lines for a person, from their source text: nothing is left out, numbers keep their spelling, a
 * string with line breaks becomes a barred block, every character that hides or drives a terminal is spelled out.
 * `first` names members to put on top. Source that is not JSON (it cannot be) is shown as it stands.
 */
export function prettyArguments(text: string, first: readonly string[]): PrettyLine[] {
  const lines: PrettyLine[] = [];
  try {
    const { source, root } = readJson(text);
    const members = root.members ?? [];
    const rank = (key: string): number => (first.includes(key) ? first.indexOf(key) : first.length);
    const sorted = [...members].sort((a, b) => rank(a.key) - rank(b.key));
    for (const member of sorted) value(lines, source, member.value, { indent: 0, label: keyed(member.key) });
    if (root.members === undefined) value(lines, source, root, { indent: 0, label: '' });
    if (sorted.length === 0 && root.members !== undefined) lines.push(plain(0, 'no arguments'));
  } catch {
    lines.push(plain(0, text));
  }
  return lines;
}

/**
 * All of a call that a person judges: its arguments, and what its client answers to the server's questions. Our own
 * headings cannot be faked: nothing foreign stands at the margin without its quotes or brackets.
 */
export function prettyCall(
  hold: Pick<HoldView, 'argumentsText' | 'obligations' | 'task' | 'input'>,
): PrettyLine[] {
  const { argumentsText, obligations, task, input } = hold;
  const lines = prettyArguments(argumentsText, obligations.show);
  if (task !== undefined) {
    lines.push(plain(0, 'Runs as a task, after its client has been answered:'));
    lines.push(...indented(prettyArguments(task, [])));
  }
  if (input === undefined) return lines;
  const { questions, answers, continues } = input;
  const call = continues === null ? '' : ` about call ${continues}`;
  if (questions === null) lines.push(plain(0, `What the server asked was not seen. The client's answers:`));
  else {
    lines.push(plain(0, `The server asked${call}:`), ...indented(prettyArguments(questions, [])));
    lines.push(plain(0, `The client's answers:`));
  }
  return [...lines, ...indented(prettyArguments(answers, []))];
}

function indented(lines: readonly PrettyLine[]): PrettyLine[] {
  return lines.map((line) => ({ ...line, indent: line.indent + STEP }));
}

interface Place {
  indent: number;
  label: string;
}

/**
 * From the decoded string, so that an escape cannot spell a harmless letter unseen; only what would end or fake
 * the quotes is escaped here, the rest is left to `segments`, which marks what it spells out.
 */
function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}

/** A name stands beside its value, so it must not reorder it. */
function keyed(key: string): string {
  return `${inOrder(quoted(key))}: `;
}

function plain(indent: number, text: string): PrettyLine {
  return { indent, segments: segments(text), block: false };
}

function value(lines: PrettyLine[], source: JsonSource, node: JsonNode, { indent, label }: Place): void {
  const inner = indent + STEP;
  if (node.members !== undefined && node.members.length > 0) {
    lines.push(plain(indent, `${label}{`));
    for (const member of node.members)
      value(lines, source, member.value, { indent: inner, label: keyed(member.key) });
    lines.push(plain(indent, '}'));
  } else if (node.items !== undefined && node.items.length > 0) {
    lines.push(plain(indent, `${label}[`));
    for (const item of node.items) value(lines, source, item, { indent: inner, label: '' });
    lines.push(plain(indent, ']'));
  } else if (node.kind === 'string') text(lines, stringOf(source, node), { indent, label });
  else lines.push(plain(indent, `${label}${source.slice(node.start, node.end)}`));
}

function text(lines: PrettyLine[], decoded: string, { indent, label }: Place): void {
  if (isRightToLeft(decoded)) return alone(lines, decoded, { indent, label });
  if (!decoded.includes('\n')) {
    lines.push(plain(indent, `${label}${quoted(decoded)}`));
    return;
  }
  const parts = decoded.split('\n');
  lines.push(plain(indent, `${label}text of ${parts.length} lines`));
  for (const part of parts) lines.push({ indent: indent + STEP, segments: segments(part), block: true });
}

/**
 * Right-to-left letters make a terminal reorder what stands on their line: so nothing of ours stands there, and
 * nothing of another value. Lines without such letters keep their bar.
 */
function alone(lines: PrettyLine[], decoded: string, { indent, label }: Place): void {
  const parts = decoded.split('\n');
  const count = parts.length === 1 ? '1 line' : `${parts.length} lines`;
  lines.push(plain(indent, `${label}right-to-left text, ${count}, each drawn in your terminal's own order:`));
  for (const part of parts)
    lines.push({ indent: indent + STEP, segments: segments(part), block: !isRightToLeft(part) });
  lines.push(plain(indent, 'end of the right-to-left text'));
}

const SPELLED = /\\(?:u\{|[nrt])/g;

/** How many characters of the lines are spelled out instead of shown. */
export function spelledOut(lines: readonly PrettyLine[]): number {
  const escaped = lines.flatMap((line) => line.segments.filter((segment) => segment.escaped));
  return escaped.reduce((count, segment) => count + (segment.text.match(SPELLED)?.length ?? 0), 0);
}

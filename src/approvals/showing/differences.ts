import { TooMuch } from '../../harm/too-much.ts';
import { type JsonNode, readJson, stringOf } from '../../protocol/json/json-scan.ts';
import type { JsonSource } from '../../protocol/json/json-source.ts';
import { salientValues } from '../../salience/salient.ts';
import { inOrder } from '../../text/visible.ts';
import { quoted } from './call-lines.ts';
import { changesOf, countsOf, countWords } from './changes.ts';
import { foreign, ours, type PrettyLine } from './lines.ts';
import { middle } from './pair-view.ts';
import { loneLines } from './told-changes.ts';

const MOST_LENGTH = 256 * 1024;
const SHORT = 120;

interface Leaf {
  path: string;
  text: string;
  string: boolean;
}

/** What differs from the last approved call: a line a value, the most telling first. Empty: the same. */
export function differences(before: string, now: string): PrettyLine[] {
  if (before === now) return [];
  if (before.length > MOST_LENGTH || now.length > MOST_LENGTH)
    return [
      ours(0, 'The arguments differ; they are longer than 256 KiB, so it is not said where.', 'changed'),
    ];
  try {
    const [old, new_] = [leaves(before), leaves(now)];
    const order = [now, before].flatMap((text) =>
      salientValues(text, { show: [] }).map(({ path }) => spelled(path)),
    );
    // What tells most may be a list, of which one item differs.
    const rank = (path: string): number => {
      const place = order.findIndex((telling) => path === telling || path.startsWith(`${telling}.`));
      return place === -1 ? order.length : place;
    };
    const paths = [...new Set([...new_.keys(), ...old.keys()])].sort((a, b) => rank(a) - rank(b));
    return paths.flatMap((path) => difference(path, old.get(path), new_.get(path)));
  } catch {
    return [ours(0, 'The arguments differ; one of the two is no JSON that could be compared.', 'changed')];
  }
}

function difference(path: string, old: Leaf | undefined, now: Leaf | undefined): PrettyLine[] {
  const name = foreign(`${path}: `, 'key');
  const line = (text: string): PrettyLine[] => [
    { indent: 0, segments: [...name, ...foreign(text, 'changed')], block: false },
  ];
  if (old === undefined || now === undefined) {
    const one = (now ?? old) as Leaf;
    const value = shown(one);
    return line(old === undefined ? `new: ${value}` : `left out, was ${value}`);
  }
  if (old.text === now.text && old.string === now.string) return [];
  if (old.text.includes('\n') || now.text.includes('\n')) return line(linesChanged(old.text, now.text));
  if (old.text.length > SHORT || now.text.length > SHORT) return line(middle(old.text, now.text));
  return line(`${shown(old)} → ${shown(now)}${times(old.text, now.text)}`);
}

const AMOUNT = /^\d{1,15}(?:\.\d{1,6})?$/;

/** How many times a number has grown, where it has at least doubled. */
function times(old: string, now: string): string {
  if (!AMOUNT.test(old) || !AMOUNT.test(now) || Number(old) === 0) return '';
  const factor = Number(now) / Number(old);
  return factor < 2
    ? ''
    : ` (${Number.isInteger(factor) ? '' : 'about '}${Math.round(factor)} times as much)`;
}

function linesChanged(old: string, now: string): string {
  try {
    const changes = changesOf(old, now);
    const counts = countsOf(changes);
    const lone = loneLines(changes).map(({ text }) => text.replace(/^L/, 'l'));
    const [only] = lone;
    // One changed line says more than that it is one, and there are few rows to say it.
    if (lone.length === 1 && only !== undefined)
      return only.replace(/^line (\S+)/, `line $1 of ${counts.added + counts.alike}`);
    return [countWords(counts), ...lone].join('; ');
  } catch (error) {
    if (!(error instanceof TooMuch)) throw error;
    return `nearly all lines changed, ${old.split('\n').length} → ${now.split('\n').length}`;
  }
}

/** Beside our words, so in one order. */
function shown({ text, string }: Leaf): string {
  if (text.includes('\n')) return `text of ${text.split('\n').length} lines`;
  if (text.length > SHORT) return `${text.length} characters, "${inOrder(text.slice(0, SHORT))}…`;
  return inOrder(string ? quoted(text) : text);
}

/** Names that could be taken for more than one stand in quotes. */
function spelled(path: readonly string[]): string {
  return path.map((name) => (/^[\w-]+$/.test(name) ? name : inOrder(quoted(name)))).join('.');
}

function leaves(text: string): Map<string, Leaf> {
  const { source, root } = readJson(text);
  const found = new Map<string, Leaf>();
  collect(found, source, { node: root, path: [] });
  return found;
}

function collect(
  found: Map<string, Leaf>,
  source: JsonSource,
  { node, path }: { node: JsonNode; path: readonly string[] },
): void {
  const parts = node.members ?? node.items?.map((value, at) => ({ key: String(at), value })) ?? [];
  for (const { key, value } of parts) collect(found, source, { node: value, path: [...path, key] });
  if (parts.length > 0 || path.length === 0) return;
  const string = node.kind === 'string';
  const value = string ? stringOf(source, node) : source.slice(node.start, node.end);
  const name = spelled(path);
  found.set(name, { path: name, text: value, string });
}

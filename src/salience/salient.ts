import { type JsonNode, readJson, stringOf } from '../protocol/json/json-scan.ts';
import type { JsonSource } from '../protocol/json/json-source.ts';
import { isSaid, type Kind, kindOf, wordsOf } from './kinds.ts';

/** A value of a call's arguments that says what is about to happen. */
export interface Salient {
  /** Member names and positions from the top: `['edits', '0', 'newText']`. Of a list of plain values its own place. */
  path: readonly string[];
  kind: Kind;
  /** Decoded; a number, true, false and null as they are spelled; the items of a list with spaces or commas between. */
  value: string;
  /** False where the value goes on. */
  whole: boolean;
}

const MOST = 8;
/** So many values are looked at, and so much of each. */
interface Limits {
  values: number;
  source: number;
  depth: number;
}
const SHOWN: Limits = { values: 400, source: 16 * 1024, depth: 6 };
const ALL: Limits = { values: 20_000, source: 128 * 1024, depth: 64 };

const WEIGHT: Readonly<Record<Kind, number>> = {
  command: 100,
  statement: 95,
  code: 90,
  amount: 85,
  recipient: 80,
  url: 75,
  path: 70,
  target: 50,
  text: 20,
  other: 5,
};
/** Of targets, what says where a thing happens, or to which of many. */
const WEIGHTY = new Map<string, number>(
  Object.entries({
    ...{ environment: 25, env: 25, stage: 20, branch: 12, table: 12, database: 10, bucket: 10, service: 8 },
    ...{ repo: 6, repository: 6, name: 5, target: 8, resource: 6, title: 4, key: 2, owner: -4, org: -4 },
    ...{ project: -2, account: -2, workspace: -6, cwd: -30, root: -20, dir: -5, to: 3, cc: -2, bcc: 1 },
  }),
);

/**
 * The values of a call that tell most, the most telling first; at most eight. `argumentsText` is the source text of the
 * arguments, `show` the names that its rule wants first. None for a text that is no JSON.
 */
export function salientValues(argumentsText: string, { show }: { show: readonly string[] }): Salient[] {
  const walk = walked(argumentsText, SHOWN);
  if (walk === undefined) return [];
  const ranked = walk.found.map((one, at) => ({ one, rank: rankOf(one, show), at }));
  ranked.sort((a, b) => b.rank - a.rank || a.at - b.at);
  return ranked.slice(0, MOST).map(({ one }) => one);
}

/**
 * Every value of a call, in its order, for who looks for harm: `whole` is false where it has more of them than are
 * looked at, or cannot be read.
 */
export function everyValue(argumentsText: string): { values: readonly Salient[]; whole: boolean } {
  const walk = walked(argumentsText, ALL);
  return { values: walk?.found ?? [], whole: walk?.whole ?? false };
}

function walked(argumentsText: string, most: Limits): Walk | undefined {
  try {
    const { source, root } = readJson(argumentsText);
    const walk = new Walk(source, most);
    walk.value(root, []);
    return walk;
  } catch {
    return undefined;
  }
}

/** The arguments' own names, in order; none for arguments that are no object, or no JSON. */
export function argumentNames(argumentsText: string): string[] {
  try {
    return (readJson(argumentsText).root.members ?? []).map(({ key }) => key);
  } catch {
    return [];
  }
}

function rankOf({ path, kind, value }: Salient, show: readonly string[]): number {
  const wanted = show.indexOf(path[0] ?? '');
  if (wanted !== -1) return 10_000 - wanted;
  if (isSaid(path[0] ?? '')) return -100;
  const words = wordsOf(path.findLast((name) => !/^\d+$/.test(name)) ?? '');
  const more = Math.max(-30, ...words.map((word) => WEIGHTY.get(word) ?? Number.NEGATIVE_INFINITY));
  const empty = value === '' || value === 'null' || value === 'false' ? -60 : 0;
  return WEIGHT[kind] + (more === -30 && !words.includes('cwd') ? 0 : more) + empty - 6 * (path.length - 1);
}

class Walk {
  readonly found: Salient[] = [];
  private readonly source: JsonSource;
  private readonly most: Limits;
  /** Nothing was left out. */
  whole = true;

  constructor(source: JsonSource, most: Limits) {
    this.source = source;
    this.most = most;
  }

  private full(): boolean {
    const full = this.found.length >= this.most.values;
    if (full) this.whole = false;
    return full;
  }

  value(node: JsonNode, path: readonly string[]): void {
    if (path.length > this.most.depth) {
      this.whole = false;
      return;
    }
    if (node.members !== undefined) {
      for (const { key, value } of node.members) {
        if (this.full()) return;
        this.value(value, [...path, key]);
      }
    } else if (node.items !== undefined) this.list(node.items, path);
    else this.plain([node], path);
  }

  private list(items: readonly JsonNode[], path: readonly string[]): void {
    const plain = items.every(({ kind }) => kind !== 'object' && kind !== 'array');
    if (plain && path.length > 0) return this.plain(items, path);
    for (const [at, item] of items.entries()) {
      if (this.full()) return;
      this.value(item, [...path, String(at)]);
    }
  }

  /** One value, or a list of them: an argument vector, several recipients. */
  private plain(nodes: readonly JsonNode[], path: readonly string[]): void {
    const first = nodes[0];
    if (first === undefined || path.length === 0) return;
    const texts: string[] = [];
    let room = this.most.source;
    for (const node of nodes) {
      if (room <= 0) break;
      texts.push(this.text(node, room));
      room -= node.end - node.start;
    }
    const kind = kindOf(path, texts[0] ?? '');
    const spaced = kind === 'command' || kind === 'code';
    const value = spaced && texts.length > 1 ? texts.map(asWord).join(' ') : texts.join(', ');
    this.found.push({ path, kind, value, whole: room >= 0 });
  }

  private text(node: JsonNode, most: number): string {
    const { source } = this;
    if (node.kind !== 'string') return source.slice(node.start, Math.min(node.end, node.start + most));
    if (node.end - node.start <= most) return stringOf(source, node);
    return beginning(source, node.start, node.start + most);
  }
}

/** An argument of a command, as a shell would want it. */
function asWord(text: string): string {
  return /^[\w@%+=:,./~-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

/** What a string's bytes from its quote to `end` say, without an escape or a letter that is cut in two. */
function beginning(source: JsonSource, start: number, end: number): string {
  for (let less = 0; less < 14; less += 1) {
    try {
      const said = JSON.parse(`${source.slice(start, end - less)}"`) as string;
      return said.replace(/[\ud800-\udbff]$/, '');
    } catch {
      // An escape or a letter was cut: one byte less.
    }
  }
  return '';
}

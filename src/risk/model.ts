import { RISK_CLASSES, type RiskClass } from './classes/risk-class.ts';
import type { Features } from './features.ts';

/** Every class but `read`, which is decided first and on its own. */
export const GRAVER: readonly RiskClass[] = RISK_CLASSES.filter((kind) => kind !== 'read');

/** Weights by the key of a feature. */
export interface Rows {
  get(key: string): readonly number[] | undefined;
}

/**
 * Weights by feature. The first of each row says how much the feature speaks against `read`; the others how much
 * it speaks for each of the graver classes.
 */
export interface Model {
  bias: readonly number[];
  rows: Rows;
  /** A tool that scores less than this is `read`. Chosen by cross-validation, for few missed risks. */
  threshold: number;
}

/** Weights are written as whole numbers of this. */
const UNIT = 100;

/** `key<TAB>w w w ...` by line; the bias stands under `bias`. Read when a tool is classed: a start without does not need it. */
export function parseModel(text: string, threshold: number): Model {
  const rows = new WrittenRows(text);
  return {
    get bias() {
      return rows.get('bias') ?? [];
    },
    rows,
    threshold,
  };
}

/** Each row is read when it is first asked for: reading all at once took 5 MiB of a process's memory (measured). */
class WrittenRows implements Rows {
  private readonly text: string;
  private places: Map<string, number> | undefined;
  private readonly read = new Map<string, readonly number[]>();

  constructor(text: string) {
    this.text = text;
  }

  get(key: string): readonly number[] | undefined {
    const known = this.read.get(key);
    if (known !== undefined) return known;
    this.places ??= placesIn(this.text);
    const at = this.places.get(key);
    if (at === undefined) return undefined;
    const numbers = this.text.slice(at, lineEnd(this.text, at)).split(' ');
    const row = numbers.map((number) => Number(number) / UNIT);
    this.read.set(key, row);
    return row;
  }
}

function lineEnd(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end === -1 ? text.length : end;
}

/** Where the numbers of each row begin. */
function placesIn(text: string): Map<string, number> {
  const places = new Map<string, number>();
  for (let at = 0; at < text.length; ) {
    const end = lineEnd(text, at);
    const tab = text.indexOf('\t', at);
    if (tab === -1) break;
    if (tab < end) places.set(text.slice(at, tab), tab + 1);
    at = end + 1;
  }
  return places;
}

export interface Scores {
  /** How much speaks against `read`. */
  against: number;
  graver: { class: RiskClass; chance: number };
}

/**
 * The most that a description may say for `read` altogether. It is the server's prose: without this, a long enough
 * one would talk any name down.
 */
const MOST_PRAISE = 6;

const isProse = (key: string): boolean => key.startsWith('p');

function likeliest(scores: readonly number[]): Scores['graver'] {
  const top = Math.max(...scores);
  const sum = scores.reduce((total, score) => total + Math.exp(score - top), 0);
  return { class: GRAVER[scores.indexOf(top)] ?? 'write', chance: 1 / sum };
}

export function scoresOf(model: Model, features: Features): Scores {
  const scores = [...model.bias];
  let praise = 0;
  for (const key of features.keys()) {
    const row = model.rows.get(key);
    if (row === undefined) continue;
    row.forEach((weight, at) => {
      if (at === 0 && weight < 0 && isProse(key)) praise -= weight;
      else scores[at] = (scores[at] ?? 0) + weight;
    });
  }
  const [against = 0, ...graver] = scores;
  return { against: against - Math.min(praise, MOST_PRAISE), graver: likeliest(graver) };
}

/** The words that spoke most for the class that was chosen, the strongest first. */
export function reasonsFor(model: Model, features: Features, chosen: RiskClass, most: number): string[] {
  const at = GRAVER.indexOf(chosen) + 1;
  const weighed: [number, string][] = [];
  for (const [key, said] of features) {
    const row = model.rows.get(key);
    const against = row?.[0] ?? 0;
    const weight = at === 0 ? -against : Math.max(against, 0) / 2 + (row?.[at] ?? 0);
    if (weight > 0.05) weighed.push([weight, said]);
  }
  weighed.sort(([one], [other]) => other - one);
  return [...new Set(weighed.map(([, said]) => said))].slice(0, most);
}

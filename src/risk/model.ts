import { RISK_CLASSES, type RiskClass } from './classes.ts';
import type { Features } from './features.ts';

/** Every class but `read`, which is decided first and on its own. */
export const GRAVER: readonly RiskClass[] = RISK_CLASSES.filter((kind) => kind !== 'read');

/**
 * Weights by feature. The first of each row says how much the feature speaks against `read`; the others how much
 * it speaks for each of the graver classes.
 */
export interface Model {
  bias: readonly number[];
  rows: ReadonlyMap<string, readonly number[]>;
  /** A tool that scores less than this is `read`. Chosen by cross-validation, for few missed risks. */
  threshold: number;
}

/** Weights are written as whole numbers of this. */
const UNIT = 100;

/** `key<TAB>w w w ...` by line; the bias stands under `bias`. */
export function parseModel(text: string, threshold: number): Model {
  const rows = new Map<string, number[]>();
  for (const line of text.split('\n')) {
    const [key, numbers] = line.split('\t');
    if (key !== undefined && numbers !== undefined) {
      rows.set(
        key,
        numbers.split(' ').map((number) => Number(number) / UNIT),
      );
    }
  }
  return { bias: rows.get('bias') ?? [], rows, threshold };
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

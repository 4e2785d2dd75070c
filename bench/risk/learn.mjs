/** Weights from labelled tools, in the form that src/risk reads. Used by train.mjs, and for every fold by risk.mjs. */
import { fit, isWordy, vocabularyOf } from './fit.mjs';

const { readTool } = await import('../../dist/risk/features.js');
const { RISK_CLASSES } = await import('../../dist/risk/classes/risk-class.js');
const { parseModel } = await import('../../dist/risk/model.js');

export const SETTINGS = {
  /** Servers that must share a feature for it to have a weight; words need more of them. */
  servers: 3,
  wordServers: 5,
  /** How closely weights are held to nothing. */
  penalty: 3e-4,
  wordPenalty: 1e-3,
  graverPenalty: 3e-3,
  graverWordPenalty: 6e-3,
  /** What a missed risk costs, in needless prompts. */
  missCost: 2,
  /** A server with many tools counts for more, but not in proportion: its tools repeat each other. */
  serverPower: 0.5,
  /** How far rare classes are brought up to the frequent ones: 0 not at all, 1 wholly. */
  balance: 0.75,
  /** What is added for a class that must not be overlooked, in units of the scores. */
  lean: { production: 0.7, execute: 0.5 },
  /** How much poorer copies of a tool count for. */
  copies: 0.3,
};
/** A tool that scores less than this is read; chosen on the curve that risk.mjs prints. */
export const THRESHOLD = 0;

function weighted(tools, settings) {
  const sizes = new Map();
  for (const { server } of tools) sizes.set(server, (sizes.get(server) ?? 0) + 1);
  return tools.map((tool) => ({ ...tool, weight: sizes.get(tool.server) ** -settings.serverPower }));
}

/** The features of each tool; they depend on no other tool, so they are found once for all folds. */
export function withFeatures(tools) {
  return tools.map((tool) => ({ ...tool, features: [...readTool(tool.definition).features.keys()] }));
}

const GRAVER = RISK_CLASSES.filter((kind) => kind !== 'read');

function fitGraver(examples, vocabulary, settings) {
  const graver = examples.filter(({ label }) => label !== 'read');
  const shares = new Map(GRAVER.map((kind) => [kind, 0]));
  for (const { label, weight } of graver) shares.set(label, shares.get(label) + weight);
  const balanced = graver.map((example) => ({
    ...example,
    label: GRAVER.indexOf(example.label),
    weight: example.weight * shares.get(example.label) ** -settings.balance,
  }));
  return fit(balanced, vocabulary, GRAVER.length, {
    penalty: settings.graverPenalty,
    wordPenalty: settings.graverWordPenalty,
  });
}

/**
 * Each tool once more by its families alone, and once more by its name alone: so that a rare verb weighs as much as
 * its kin, and a bare name as much as one with a page of prose.
 */
function withPoorerCopies(examples, { copies }) {
  if (copies === 0) return examples;
  return examples.flatMap((example) => [
    example,
    poorer(example, copies, (key) => !isWordy(key)),
    poorer(example, copies, (key) => key.startsWith('n') && !isWordy(key)),
  ]);
}

function poorer(example, share, keep) {
  return { ...example, features: example.features.filter(keep), weight: example.weight * share };
}

/** The text that parseModel reads: a line for each feature that weighs anything. */
export function learn(tools, settings = SETTINGS) {
  const whole = weighted(tools, settings);
  const vocabulary = vocabularyOf(whole, settings);
  const examples = withPoorerCopies(whole, settings);
  const against = fit(
    examples.map(({ features, label, weight }) => ({
      features,
      label: label === 'read' ? 0 : 1,
      weight: weight * (label === 'read' ? 1 : settings.missCost),
    })),
    vocabulary,
    2,
    settings,
  );
  const graver = fitGraver(examples, vocabulary, settings);
  const rowOf = (index) => [
    against[index * 2 + 1] - against[index * 2],
    ...graver.slice(index * GRAVER.length, (index + 1) * GRAVER.length),
  ];
  const leaning = ([first, ...graver]) => [
    first,
    ...graver.map((weight, at) => weight + (settings.lean[GRAVER[at]] ?? 0)),
  ];
  const line = (key, row) => `${key}\t${row.map((weight) => Math.round(weight * 100) || 0).join(' ')}`;
  const lines = [line('bias', leaning(rowOf(vocabulary.size)))];
  for (const [key, index] of vocabulary) {
    const row = rowOf(index);
    if (row.some((weight) => Math.abs(weight) >= 0.03)) lines.push(line(key, row));
  }
  return lines.join('\n');
}

export function modelOf(text, threshold = THRESHOLD) {
  return parseModel(text, threshold);
}

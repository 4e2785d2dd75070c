/** Multinomial logistic regression over features that are there or not, by Adam on the whole set; no chance in it. */

/** Features of single words: each is heard in few places, so its weight is held closer to nothing. */
const WORDY = /^(nt|nw|tw|pw|pt|q|qq):/;

export const isWordy = (key) => WORDY.test(key);

/** The features that enough servers share, numbered. A word of one server alone says who, and not what. */
export function vocabularyOf(examples, { wordServers, servers }) {
  const seenOn = new Map();
  for (const { server, features } of examples) {
    for (const key of features) {
      if (!seenOn.has(key)) seenOn.set(key, new Set());
      seenOn.get(key).add(server);
    }
  }
  const kept = [...seenOn].filter(([key, on]) => on.size >= (isWordy(key) ? wordServers : servers));
  return new Map(
    kept
      .map(([key]) => key)
      .sort()
      .map((key, index) => [key, index]),
  );
}

function softmax(scores) {
  const top = Math.max(...scores);
  const powers = scores.map((score) => Math.exp(score - top));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}

/**
 * examples: [{ features: string[], label: number, weight: number }]. Gives the bias and, per feature, one weight
 * for each of `classes` classes.
 */
export function fit(examples, vocabulary, classes, { penalty, wordPenalty, rounds = 250, rate = 0.08 }) {
  const width = vocabulary.size + 1;
  const rows = examples.map(({ features }) => [
    ...features.map((key) => vocabulary.get(key)).filter((index) => index !== undefined),
    width - 1,
  ]);
  const total = examples.reduce((sum, { weight }) => sum + weight, 0);
  const held = new Float64Array(width);
  for (const [key, index] of vocabulary) held[index] = isWordy(key) ? wordPenalty : penalty;
  const size = width * classes;
  const weights = new Float64Array(size);
  const slope = new Float64Array(size);
  const mean = new Float64Array(size);
  const square = new Float64Array(size);
  for (let round = 1; round <= rounds; round += 1) {
    for (let index = 0; index < width; index += 1)
      for (let kind = 0; kind < classes; kind += 1)
        slope[index * classes + kind] = held[index] * weights[index * classes + kind];
    rows.forEach((row, at) => {
      const scores = new Array(classes).fill(0);
      for (const index of row)
        for (let kind = 0; kind < classes; kind += 1) scores[kind] += weights[index * classes + kind];
      const chances = softmax(scores);
      const { label, weight } = examples[at];
      for (let kind = 0; kind < classes; kind += 1) {
        const error = ((chances[kind] - (kind === label ? 1 : 0)) * weight) / total;
        for (const index of row) slope[index * classes + kind] += error;
      }
    });
    const step = rate * (1 - (round - 1) / rounds);
    for (let index = 0; index < size; index += 1) {
      mean[index] = 0.9 * mean[index] + 0.1 * slope[index];
      square[index] = 0.99 * square[index] + 0.01 * slope[index] ** 2;
      const along = mean[index] / (1 - 0.9 ** round);
      weights[index] -= (step * along) / (Math.sqrt(square[index] / (1 - 0.99 ** round)) + 1e-8);
    }
  }
  return weights;
}

export function scoresOf(weights, vocabulary, classes, features) {
  const scores = [...weights.slice(vocabulary.size * classes)];
  for (const key of features) {
    const index = vocabulary.get(key);
    if (index === undefined) continue;
    for (let kind = 0; kind < classes; kind += 1) scores[kind] += weights[index * classes + kind];
  }
  return scores;
}

export { softmax };

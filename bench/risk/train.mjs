/**
 * Writes src/risk/weights.ts from the labelled tools: node bench/risk/train.mjs, after npm run build. The same
 * tools give the same file. With --check it only says whether the file is what they give (exit 0 or 1).
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { DATA, loadTools } from './data.mjs';
import { learn, THRESHOLD, withFeatures } from './learn.mjs';

const tools = loadTools();
if (tools === undefined) {
  console.error(`There is no ${DATA}: nothing to learn from.`);
  process.exit(1);
}
const text = learn(withFeatures(tools));
if (/[`\\]|\$\{/.test(text)) throw new Error('a feature would break the template string');
const file = `// Made by bench/risk/train.mjs; do not edit. A feature, and hundredths: against read, then for each graver class.
import { type Model, parseModel } from './model.ts';

export const SHIPPED: Model = parseModel(
  \`
${text}
\`,
  ${THRESHOLD},
);
`;
const path = resolve(import.meta.dirname, '../../src/risk/weights.ts');
if (process.argv.includes('--check')) {
  const same = readFileSync(path, 'utf8') === file;
  console.log(same ? 'The weights are what the labelled tools give.' : 'The weights are stale: train again.');
  process.exit(same ? 0 : 1);
}
writeFileSync(path, file);
console.log(`${path}: ${text.split('\n').length} features, ${Math.ceil(file.length / 1024)} kB`);

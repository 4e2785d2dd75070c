/**
 * Writes src/risk/weights.ts from the labelled tools: node bench/risk/train.mjs, after npm run build. The same
 * tools give the same file.
 */
import { writeFileSync } from 'node:fs';
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
writeFileSync(path, file);
console.log(`${path}: ${text.split('\n').length} features, ${Math.ceil(file.length / 1024)} kB`);

/**
 * How well tools of servers that were never seen are classed: node bench/risk/risk.mjs [--errors 20] [--repeats 3],
 * after npm run build. Every fold's weights are learned anew without the servers that they are tried on.
 */
import { parseArgs } from 'node:util';
import { DATA, foldsOf, loadTools } from './data.mjs';
import { learn, modelOf, SETTINGS, THRESHOLD, withFeatures } from './learn.mjs';
import { confusion, figuresOf, intervals, perServer, recallsOf } from './measure.mjs';
import { printSets, printUnasked } from './unasked.mjs';

const { classify, classifyWith } = await import('../../dist/risk/classify.js');
const { RISK_CLASSES } = await import('../../dist/risk/classes/risk-class.js');
const { isPlainRead } = await import('../../dist/risk/plain-read.js');

const FOLDS = 10;
const { values } = parseArgs({
  options: {
    errors: { type: 'string', default: '20' },
    repeats: { type: 'string', default: '3' },
    settings: { type: 'string', default: '{}' },
  },
});

const percent = (value) => `${(value * 100).toFixed(1)} %`;
const span = ([low, high], show = percent) => `${show(low)} to ${show(high)}`;
const decimals = (value) => value.toFixed(3);

/** Every tool, classed by weights that saw nothing of its server; `bare`: as if the server had given no hints. */
function leaveServersOut(tools, seed, settings) {
  const fold = foldsOf(tools, FOLDS, seed);
  return Array.from({ length: FOLDS }, (_, at) => {
    const model = modelOf(
      learn(
        tools.filter(({ server }) => fold.get(server) !== at),
        settings,
      ),
    );
    return tools
      .filter(({ server }) => fold.get(server) === at)
      .map((tool) => {
        const { class: given, sure, why, against } = classifyWith(model, tool.definition);
        const bare = classifyWith(model, { ...tool.definition, annotations: undefined }).class;
        const plain = isPlainRead(tool.definition, { class: given, sure, why });
        return { ...tool, given, sure, why, against, bare, plain };
      });
  }).flat();
}

function printFigures(title, results) {
  const { missed, needless, macroF1, f1 } = figuresOf(results);
  const around = intervals(results);
  const each = perServer(results);
  console.log(`\n${title}`);
  console.log(
    `  missed risk       ${percent(missed)}  (95 %: ${span(around.missed)}; by server ${percent(each.missed)})`,
  );
  console.log(
    `  needless prompts  ${percent(needless)}  (95 %: ${span(around.needless)}; by server ${percent(each.needless)})`,
  );
  console.log(`  macro-F1          ${decimals(macroF1)}  (95 %: ${span(around.macroF1, decimals)})`);
  console.log(
    `  recall            ${RISK_CLASSES.map((kind, at) => `${kind} ${recallsOf(results)[at].toFixed(2)}`).join(', ')}`,
  );
  console.log(
    `  F1                ${RISK_CLASSES.map((kind, at) => `${kind} ${f1[at].toFixed(2)}`).join(', ')}`,
  );
}

/** What other thresholds would have given. Tools that a rule or a hint forbids to be read stay so at any of them. */
function printCurve(results) {
  console.log('\nThreshold: missed, needless (* as shipped)');
  const steps = [-2, -1.5, -1, -0.5, 0, 0.5, 1, 1.5, 2, 3, 4].map((step) => THRESHOLD + step);
  for (const step of steps) {
    const moved = results.map((one) => ({ ...one, given: one.against < step ? 'read' : 'other' }));
    const { missed, needless } = figuresOf(moved);
    const mark = step === THRESHOLD ? ' *' : '';
    console.log(`  ${step.toFixed(2).padStart(6)}: ${percent(missed)}, ${percent(needless)}${mark}`);
  }
}

function printSure(results) {
  const sure = results.filter((one) => one.sure);
  const wrong = sure.filter(({ label, given }) => label !== given).length;
  const wrongly = sure.filter(({ label, given }) => label !== 'read' && given === 'read').length;
  console.log(
    `\nSure of ${percent(sure.length / results.length)}; of these ${percent(wrong / sure.length)} wrong,`,
  );
  console.log(`and ${wrongly} risky tools surely read.`);
}

function printErrors(title, results, most) {
  console.log(`\n${title}`);
  for (const { server, definition, label, given, against, why } of results.slice(0, most)) {
    console.log(
      `  ${against.toFixed(2).padStart(8)}  ${definition.name} (${server}): ${label}, called ${given}; ${why.join(', ')}`,
    );
  }
}

const loaded = loadTools();
if (loaded === undefined) {
  console.log(`There is no ${DATA}: nothing to measure.`);
  process.exit(0);
}
const tools = withFeatures(loaded);
const settings = { ...SETTINGS, ...JSON.parse(values.settings) };
const most = Number(values.errors);
const runs = Array.from({ length: Number(values.repeats) }, (_, at) =>
  leaveServersOut(tools, at + 1, settings),
);
const [results] = runs;
console.log(
  `${tools.length} tools of ${new Set(tools.map(({ server }) => server)).size} servers of tools.jsonl.gz, ${FOLDS} folds of whole servers; no promise for others`,
);
printFigures('On servers never seen', results);
runs.slice(1).forEach((run, at) => {
  const { missed, needless, macroF1 } = figuresOf(run);
  console.log(
    `  other folds (${at + 2}): missed ${percent(missed)}, needless ${percent(needless)}, ${decimals(macroF1)}`,
  );
});
printFigures(
  'The same, had no server given a hint',
  results.map((one) => ({ ...one, given: one.bare })),
);
printUnasked(results);
printSets();
printSure(results);
printCurve(results);
console.log(`\n${confusion(results).join('\n')}`);
const byScore = [...results].sort((one, other) => one.against - other.against);
printErrors(
  'Missed, the worst first',
  byScore.filter(({ label, given }) => label !== 'read' && given === 'read'),
  most,
);
printErrors(
  'Needless, the worst first',
  byScore.reverse().filter(({ label, given }) => label === 'read' && given !== 'read'),
  most,
);
printFigures(
  'The shipped weights, on the tools that they were learned from (so: too good)',
  tools.map((tool) => ({ ...tool, given: classify(tool.definition).class })),
);

/**
 * What runs unasked without a policy, once a server was accepted: how many tools that do more than read, and how many
 * reads are asked about. Printed by risk.mjs, each figure with the name of its data.
 */

import { unaskedIntervals } from './measure.mjs';
import { setOf, trickyTools, wilson } from './sets.mjs';

const { classify } = await import('../../dist/risk/classify.js');
const { isPlainRead } = await import('../../dist/risk/plain-read.js');

const percent = (value) => `${(value * 100).toFixed(1)} %`;

/** [part, whole] of tools that run unasked; of reads: that are asked about. */
function counted(tools, isRead) {
  const plain = tools.filter(({ definition }) => isPlainRead(definition, classify(definition))).length;
  return [isRead ? tools.length - plain : plain, tools.length];
}

function line(title, [part, whole], what) {
  const [low, high] = wilson(part, whole);
  console.log(
    `  ${title.padEnd(44)} ${part} of ${whole} ${what}  (${percent(part / whole)}; 95 %: ${percent(low)} to ${percent(high)})`,
  );
}

/** `results`: of tools on servers never seen, each with `plain`. */
export function printUnasked(results) {
  console.log(
    '\nWithout a policy, on servers never seen (folds of tools.jsonl.gz): risky tools that run unasked,',
  );
  console.log('reads that are asked about; drawn by servers');
  const around = unaskedIntervals(results);
  const risky = results.filter(({ label }) => label !== 'read');
  const reads = results.filter(({ label }) => label === 'read');
  // Drawing from none gives none: then by the number of tools, as if each spoke for itself.
  if (!risky.some(({ plain }) => plain)) around.unasked = wilson(0, risky.length);
  const part = (some) => `${some.length} of`;
  console.log(
    `  ${part(risky.filter(({ plain }) => plain))} ${risky.length} run unasked  (95 %: ${around.unasked.map(percent).join(' to ')})`,
  );
  console.log(
    `  ${part(reads.filter(({ plain }) => !plain))} ${reads.length} asked about  (95 %: ${around.asked.map(percent).join(' to ')})`,
  );
}

export function printSets() {
  console.log(
    '\nWithout a policy, of the sets in test/risk/sets (shipped weights; made for tests, no real servers):',
  );
  for (const name of ['plainly-harmful', 'indirectly-harmful', 'honest-reads']) {
    const [isRead, what] = name === 'honest-reads' ? [true, 'asked about'] : [false, 'run unasked'];
    for (const unseen of [true, false]) {
      const tools = setOf(name).filter((one) => one.unseen === unseen);
      line(`${name}, ${unseen ? 'nothing tuned on it' : 'tuned on'}`, counted(tools, isRead), what);
    }
  }
  const tricky = trickyTools();
  for (const label of [...new Set(tricky.map((one) => one.label))]) {
    const isRead = label === 'plain-read';
    const tools = tricky.filter((one) => one.label === label);
    line(
      `tools-tricky.jsonl, ${label}, tuned on`,
      counted(tools, isRead),
      isRead ? 'asked about' : 'run unasked',
    );
  }
}

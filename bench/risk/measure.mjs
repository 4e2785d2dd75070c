/** Figures of a classification: [{ server, label, given }], `given` being the class that a tool was given. */
import { seeded } from './data.mjs';

const { RISK_CLASSES } = await import('../../dist/risk/classes/risk-class.js');

const share = (part, whole) => (whole === 0 ? 0 : part / whole);

/** missed: risky tools called read, of all risky ones. needless: reading tools called anything else, of all these. */
export function figuresOf(results) {
  const counts = new Map();
  const add = (key) => counts.set(key, (counts.get(key) ?? 0) + 1);
  let [risky, missed, needless] = [0, 0, 0];
  for (const { label, given } of results) {
    add(`label ${label}`);
    add(`given ${given}`);
    if (label === given) add(`hit ${label}`);
    if (label !== 'read') risky += 1;
    if (label !== 'read' && given === 'read') missed += 1;
    if (label === 'read' && given !== 'read') needless += 1;
  }
  const count = (key) => counts.get(key) ?? 0;
  const f1 = RISK_CLASSES.map((kind) =>
    share(2 * count(`hit ${kind}`), count(`label ${kind}`) + count(`given ${kind}`)),
  );
  return {
    missed: share(missed, risky),
    needless: share(needless, results.length - risky),
    macroF1: f1.reduce((sum, value) => sum + value, 0) / f1.length,
    f1,
    risky,
    reading: results.length - risky,
  };
}

function byServer(results) {
  const servers = new Map();
  for (const result of results) servers.set(result.server, [...(servers.get(result.server) ?? []), result]);
  return [...servers.values()];
}

/** Averages over servers; one without risky tools says nothing of missed ones, and the other way round. */
export function perServer(results) {
  const figures = byServer(results).map(figuresOf);
  const mean = (of, key) =>
    share(
      of.reduce((sum, one) => sum + one[key], 0),
      of.length,
    );
  return {
    missed: mean(
      figures.filter(({ risky }) => risky > 0),
      'missed',
    ),
    needless: mean(
      figures.filter(({ reading }) => reading > 0),
      'needless',
    ),
  };
}

/** 95 % intervals: servers are drawn again and again, not tools, for a server's tools are alike. */
export function intervals(results, rounds = 1000) {
  const servers = byServer(results);
  const random = seeded(7);
  const drawn = Array.from({ length: rounds }, () =>
    figuresOf(servers.flatMap(() => servers[Math.floor(random() * servers.length)])),
  );
  const between = (key) => {
    const sorted = drawn.map((one) => one[key]).sort((one, other) => one - other);
    return [sorted[Math.floor(rounds * 0.025)], sorted[Math.floor(rounds * 0.975)]];
  };
  return { missed: between('missed'), needless: between('needless'), macroF1: between('macroF1') };
}

/** The same of what runs unasked: [{ server, label, plain }]. */
export function unaskedIntervals(results, rounds = 1000) {
  const servers = byServer(results);
  const random = seeded(7);
  const shares = (some) => {
    const [risky, reads] = [
      some.filter(({ label }) => label !== 'read'),
      some.filter(({ label }) => label === 'read'),
    ];
    return {
      unasked: share(risky.filter(({ plain }) => plain).length, risky.length),
      asked: share(reads.filter(({ plain }) => !plain).length, reads.length),
    };
  };
  const drawn = Array.from({ length: rounds }, () =>
    shares(servers.flatMap(() => servers[Math.floor(random() * servers.length)])),
  );
  const between = (key) => {
    const sorted = drawn.map((one) => one[key]).sort((one, other) => one - other);
    return [sorted[Math.floor(rounds * 0.025)], sorted[Math.floor(rounds * 0.975)]];
  };
  return { unasked: between('unasked'), asked: between('asked') };
}

/** Recall of each class: of the tools that are of it, how many were called so. */
export function recallsOf(results) {
  return RISK_CLASSES.map((kind) => {
    const of = results.filter(({ label }) => label === kind);
    return share(of.filter(({ given }) => given === kind).length, of.length);
  });
}

/** Rows are what the tools are, columns what they were called. */
export function confusion(results) {
  const kinds = [...RISK_CLASSES, 'unknown'];
  const cell = (is, called) => results.filter(({ label, given }) => label === is && given === called).length;
  const pad = (text) => String(text).padStart(12);
  const head = ['is \\ called', ...kinds].map(pad).join('');
  return [
    head,
    ...RISK_CLASSES.map((is) => [is, ...kinds.map((called) => cell(is, called))].map(pad).join('')),
  ];
}

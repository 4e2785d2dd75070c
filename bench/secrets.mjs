/**
 * How many planted secrets stay readable in the log and how many ordinary calls have anything masked:
 * node bench/secrets.mjs [--show KIND] [--seed 1] [--part tuned|heldout|all], after npm run build.
 */
import { existsSync, readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { ordinary } from './secrets/ordinary.mjs';
import { plantedSecrets } from './secrets/plant.mjs';
import { lettersFrom, randomFrom } from './secrets/planted.mjs';

const { recordedArguments } = await import('../dist/audit/writing/arguments.js');
const { Redactor } = await import('../dist/audit/writing/redact.js');
const { JsonSource } = await import('../dist/protocol/json/json-source.js');

const { values } = parseArgs({
  options: {
    show: { type: 'string', default: '0' },
    seed: { type: 'string', default: '1' },
    part: { type: 'string', default: 'all' },
    texts: { type: 'string', default: '6000' },
  },
});
const redactor = new Redactor(Buffer.alloc(32, 7), []);
const OTHERS = new URL('../../shared/data/secrets.jsonl', import.meta.url);
const Z = 1.96;

/** Wilson's interval of a share, 95 %. */
function interval(hits, of) {
  const [p, z] = [hits / of, Z * Z];
  const middle = p + z / (2 * of);
  const around = Z * Math.sqrt((p * (1 - p)) / of + z / (4 * of * of));
  return [(middle - around) / (1 + z / of), (middle + around) / (1 + z / of)];
}
const percent = (share) => `${(share * 100).toFixed(2)} %`;
function line(title, hits, of) {
  const [low, high] = interval(hits, of);
  console.log(
    `${title.padEnd(46)} ${percent(hits / of).padStart(8)}  (${hits} of ${of}; 95 %: ${percent(low)} to ${percent(high)})`,
  );
}

const record = (source) => recordedArguments(JsonSource.of(source), redactor, 'source');
function leaks({ source, secret }) {
  const { field, keyed } = record(source);
  return secret === null
    ? !keyed
    : field.text.includes(JSON.stringify(secret).slice(1, -1)) || field.text.includes(secret);
}
const masks = (call) => redactor.json(JsonSource.of(JSON.stringify(call))) !== undefined;

/** Kinds by how often they failed. */
function worst(failed, all) {
  const count = new Map();
  for (const { kind } of failed) count.set(kind, (count.get(kind) ?? 0) + 1);
  const total = new Map();
  for (const { kind } of all) total.set(kind, (total.get(kind) ?? 0) + 1);
  return [...count].sort((a, b) => b[1] - a[1]).map(([kind, n]) => `${kind}: ${n}/${total.get(kind)}`);
}

const letters = lettersFrom(randomFrom(Number(values.seed)));
const all = plantedSecrets(letters);
for (const part of values.part === 'all' ? ['tuned', 'heldout'] : [values.part]) {
  const planted = all.filter((one) => one.part === part);
  const leaked = planted.filter(leaks);
  line(
    `planted, kinds that were ${part === 'tuned' ? 'looked at' : 'held out'}: unmasked`,
    leaked.length,
    planted.length,
  );
  if (values.show !== '0') {
    console.log(worst(leaked, planted).slice(0, 60).join('\n'));
    for (const { kind, source } of leaked.slice(0, Number(values.show)))
      console.log(`  ${kind}: ${source.slice(0, 200)}`);
  }
}
if (existsSync(OTHERS)) {
  const others = readFileSync(OTHERS, 'utf8').split('\n').filter(Boolean).map(JSON.parse);
  const given = others.map((one) => ({ ...one, source: JSON.stringify(one.arguments) }));
  const leaked = given.filter(leaks);
  line('planted by others (shared/data): unmasked', leaked.length, given.length);
  if (values.show !== '0')
    for (const { kind, source } of leaked)
      console.log(`  ${kind}: ${source.slice(0, 160)} -> ${record(source).field.text.slice(0, 200)}`);
}
const calls = ordinary(letters, { ids: 8, texts: Number(values.texts) });
for (const [title, chosen] of [
  ['ordinary ids, code and prose: masked', calls.filter(({ kind }) => !kind.startsWith('file'))],
  ['ordinary pieces of real files: masked', calls.filter(({ kind }) => kind.startsWith('file'))],
]) {
  const masked = chosen.filter((call) => masks(call.arguments));
  line(title, masked.length, chosen.length);
  if (values.show !== '0') {
    console.log(worst(masked, chosen).slice(0, 50).join('\n'));
    for (const { kind, arguments: call } of masked.slice(0, Number(values.show))) {
      const text = redactor.json(JsonSource.of(JSON.stringify(call)));
      const at = text.indexOf('[masked');
      console.log(
        `  ${kind}: ${JSON.stringify(call).slice(Math.max(0, at - 60), at + 60)} -> ${text.slice(Math.max(0, at - 30), at + 60)}`,
      );
    }
  }
}

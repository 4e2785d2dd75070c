// One allowed, recorded call after the other: what holdpoint adds, in units of what a plain pipe adds (A).
// node bench/latency.mjs [ROUNDS]
import { resolve } from 'node:path';
import { call, median, start, targets } from './targets.mjs';

const rounds = Number(process.argv[2] ?? 5);
const SIZES = { '200 B': [200, 12_000, 1.6], '10 KiB': [10_240, 6_000, 1.8], '1 MiB': [1_048_576, 150, 2.0] };
const server = [process.execPath, resolve(import.meta.dirname, 'echo-server.cjs')];

for (const [label, [size, count, goal]] of Object.entries(SIZES)) {
  const added = { pipe: [], holdpoint: [] };
  for (let round = 0; round < rounds; round += 1) {
    const medians = {};
    for (const [name, command] of Object.entries(targets(server))) {
      const target = start(command);
      const times = [];
      for (let id = 1; id <= count; id += 1) times.push(await target.ask(call(id, size), `"id":${id}}`));
      medians[name] = median(times.slice(count / 3));
      target.end();
    }
    added.pipe.push(medians.pipe - medians.direct);
    added.holdpoint.push(medians.holdpoint - medians.direct);
  }
  const ratios = added.holdpoint.map((value, i) => value / added.pipe[i]);
  const spread = `${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)}`;
  console.log(
    `${label.padEnd(7)} pipe adds ${(median(added.pipe) * 1000).toFixed(0)} us (A), holdpoint ${median(ratios).toFixed(2)} A (${spread}; goal ${goal} A)`,
  );
}
process.exit(0);

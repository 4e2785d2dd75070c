// From the start to the answered tools/list in front of a real server, as a ratio to a plain pipe: node bench/startup.mjs [ROUNDS]
import { resolve } from 'node:path';
import { median, start, targets } from './targets.mjs';

const rounds = Number(process.argv[2] ?? 12);
const fs = resolve(
  import.meta.dirname,
  '../node_modules/@modelcontextprotocol/server-filesystem/dist/index.js',
);
const ask =
  '{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"bench","version":"1"}}}\n' +
  '{"jsonrpc":"2.0","method":"notifications/initialized"}\n{"jsonrpc":"2.0","id":2,"method":"tools/list"}\n';
const times = {};
for (let round = 0; round < rounds; round += 1) {
  for (const [name, command] of Object.entries(targets([process.execPath, fs, '/tmp']))) {
    const since = performance.now();
    const target = start(command);
    await target.ask(ask, '"id":2');
    times[name] = [...(times[name] ?? []), performance.now() - since];
    target.end();
  }
}
for (const [name, all] of Object.entries(times)) {
  console.log(
    `${name.padEnd(10)} ${median(all).toFixed(0)} ms (${Math.min(...all).toFixed(0)} to ${Math.max(...all).toFixed(0)})`,
  );
}
console.log(`holdpoint / pipe: ${(median(times.holdpoint) / median(times.pipe)).toFixed(2)}   (goal 1.10)`);
process.exit(0);

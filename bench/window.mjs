// 64 calls in flight: calls a second and memory, as ratios to a plain pipe. node bench/window.mjs [ROUNDS]
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { call, median, start, targets } from './targets.mjs';

const rounds = Number(process.argv[2] ?? 5);
const IN_FLIGHT = 64;
const COUNT = 20_000;
const server = [process.execPath, resolve(import.meta.dirname, 'echo-server.cjs')];
const all = targets(server);
all.sdk = [process.execPath, join(import.meta.dirname, 'sdk-proxy.mjs'), ...server];
delete all.direct;

/** Of the proxy's own process, in MiB: the most that it ever used. */
function peak(pid) {
  const line = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return Number(line?.[1] ?? 0) / 1024;
}

/** Keeps 64 calls in flight until COUNT are answered; gives the rate of the second half. */
async function load({ child }, size) {
  let [sent, answered, half] = [0, 0, 0];
  const more = () => {
    let text = '';
    while (sent < COUNT && sent - answered < IN_FLIGHT) text += call(++sent, size);
    if (text !== '') child.stdin.write(text);
  };
  await new Promise((done) => {
    child.stdout.on('data', (chunk) => {
      for (let at = chunk.indexOf(10); at !== -1; at = chunk.indexOf(10, at + 1)) answered += 1;
      if (half === 0 && answered >= COUNT / 2) half = performance.now();
      if (answered >= COUNT) done();
      else more();
    });
    more();
  });
  return (COUNT / 2 / (performance.now() - half)) * 1000;
}

const found = {};
for (let round = 0; round < rounds; round += 1) {
  for (const [name, command] of Object.entries(all)) {
    const target = start(command);
    await target.ask(call(0, 200), '"id":0');
    const atStart = peak(target.child.pid);
    const rate = await load(target, 200);
    for (let id = 1; id <= 40; id += 1) await target.ask(call(`1000${id}`, 1_048_576), `"id":1000${id}`);
    found[name] = [...(found[name] ?? []), { rate, atStart, atEnd: peak(target.child.pid) }];
    target.end();
  }
}
const of = (name, key) => median(found[name].map((one) => one[key]));
for (const name of Object.keys(all)) {
  console.log(
    `${name.padEnd(10)} ${(of(name, 'rate') / 1000).toFixed(1)} k calls/s, ${of(name, 'atStart').toFixed(0)} MiB at the start, ${of(name, 'atEnd').toFixed(0)} MiB at the end`,
  );
}
const ratio = (key, other) => (of('holdpoint', key) / of(other, key)).toFixed(2);
console.log(
  `calls a second: ${ratio('rate', 'pipe')} of the pipe's (goal 0.4), ${ratio('rate', 'sdk')} of an SDK proxy's (goal 5)`,
);
console.log(
  `memory: ${ratio('atStart', 'pipe')} of the pipe's at the start (goal 1.4), ${ratio('atEnd', 'pipe')} at the end (goal 1.0)`,
);
process.exit(0);

// System calls a call, one after the other, beyond a plain pipe's (Linux with strace): node bench/syscalls.mjs
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { call, start, targets } from './targets.mjs';

const COUNTS = [500, 2_500];
const server = [process.execPath, resolve(import.meta.dirname, 'echo-server.cjs')];
if (spawnSync('strace', ['-V']).status !== 0) {
  console.log('strace is not installed; nothing was measured.');
  process.exit(0);
}
const folder = mkdtempSync('/tmp/hp-strace-');

/** All system calls of the proxy's process (not the server's) for so many calls. */
async function count(command, calls) {
  const file = join(folder, 'summary');
  const target = start(['strace', '-c', '-o', file, ...command]);
  for (let id = 1; id <= calls; id += 1) await target.ask(call(id, 200));
  target.end();
  await new Promise((done) => target.child.once('exit', done));
  return Number(/100\.00\s+\S+\s+(?:\S+\s+)?(\d+)\s+(?:\d+\s+)?total/.exec(readFileSync(file, 'utf8'))?.[1]);
}

const perCall = {};
const { pipe, holdpoint } = targets(server);
for (const [name, command] of Object.entries({ pipe, holdpoint })) {
  const [few, many] = [await count(command, COUNTS[0]), await count(command, COUNTS[1])];
  perCall[name] = (many - few) / (COUNTS[1] - COUNTS[0]);
}
rmSync(folder, { recursive: true });
console.log(
  `pipe ${perCall.pipe.toFixed(1)}, holdpoint ${perCall.holdpoint.toFixed(1)} system calls a call: ${(perCall.holdpoint - perCall.pipe).toFixed(1)} more (goal at most 2)`,
);
process.exit(0);

// Fresh processes: start to the first answered call, processor time and memory at that time, as ratios to a plain
// pipe, beside another build: [HP_BASE=DIR] node bench/cold.mjs [ROUNDS]
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { call, median, start, writePolicy } from './targets.mjs';

const ROOT = resolve(import.meta.dirname, '..');
const rounds = Number(process.argv[2] ?? 20);
const server = [process.execPath, join(ROOT, 'bench/echo-server.cjs')];
const folder = mkdtempSync('/tmp/hp-cold-');
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

function holdpoint(root, name) {
  const home = join(folder, name, '.holdpoint');
  mkdirSync(join(folder, name));
  writePolicy(home);
  return [
    process.execPath,
    join(root, 'bin/holdpoint.js'),
    'run',
    '--home',
    home,
    '--server',
    'srv',
    '--',
    ...server,
  ];
}

const targets = { pipe: [process.execPath, join(ROOT, 'bench/pipe.cjs'), ...server] };
if (process.env.HP_BASE !== undefined) targets.base = holdpoint(resolve(process.env.HP_BASE), 'base');
targets.holdpoint = holdpoint(ROOT, 'now');

/** Of the process itself, without its server: resident MiB at its peak, and CPU ms. */
function spent(pid) {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const [, , , , , , , , , , , , , user, system] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(' ');
  return {
    rss: Number(/VmHWM:\s+(\d+)/.exec(status)?.[1]) / 1024,
    cpu: (Number(user) + Number(system)) * 10,
  };
}

/** `at once`: the call is the first thing that its client says; else it comes a second after the start. */
async function one(command, waits) {
  const since = performance.now();
  const target = start(command);
  if (waits > 0) await new Promise((later) => setTimeout(later, waits));
  const took = await target.ask(call(1, 200));
  const whole = waits > 0 ? took : performance.now() - since;
  const { rss, cpu } = spent(target.child.pid);
  const exit = new Promise((done) => target.child.once('exit', done));
  target.end();
  await exit;
  return { ms: whole, rss, cpu };
}

const figures = {};
const note = (name, what, value) => {
  figures[what] ??= {};
  figures[what][name] = [...(figures[what][name] ?? []), value];
};
// The first start of a home compiles its policy, and keeps it.
for (const command of Object.values(targets)) await one(command, 0);
for (let round = 0; round < rounds; round += 1) {
  for (const [name, command] of Object.entries(targets)) {
    const early = await one(command, 0);
    note(name, 'start to the first answered call, ms', early.ms);
    note(name, 'CPU until then, ms', early.cpu);
    note(name, 'memory then, MiB', early.rss);
    if (round % 4 !== 0) continue;
    const late = await one(command, 1_500);
    note(name, 'first call 1.5 s after the start, ms', late.ms);
    note(name, 'memory 1.5 s after the start, MiB', late.rss);
  }
}
for (const [what, by] of Object.entries(figures)) {
  console.log(what);
  for (const [name, all] of Object.entries(by)) {
    const least = Math.min(...all);
    const ratios = `${(median(all) / median(by.pipe)).toFixed(2)} of the pipe (least ${(least / Math.min(...by.pipe)).toFixed(2)})`;
    console.log(`  ${name.padEnd(10)} ${median(all).toFixed(1)}, least ${least.toFixed(1)}: ${ratios}`);
  }
}
process.exit(0);

// What holdpoint adds to an allowed, recorded call, in units of what a bare Node pipe adds (A), and what it takes
// beside it: node bench/speed.mjs [warm,paced,cold,start,flight] [ROUNDS]. Ratios within a round: median (quartiles), least.
import { readFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { join, resolve } from 'node:path';
import { call, median, pinned, quantile, start, targets } from './targets.mjs';

pinned();
const parts = (process.argv[2] ?? 'warm,paced,cold,start,flight').split(',');
const rounds = Number(process.argv[3] ?? 15);
const server = [process.execPath, resolve(import.meta.dirname, 'echo-server.cjs')];
const names = ['direct', 'pipe', 'holdpoint'];
const pause = (ms) => new Promise((done) => setTimeout(done, ms));

function row(label, ratios, goal, unit = '') {
  const by = (at) => quantile(ratios, at).toFixed(2);
  console.log(
    `| ${label} | ${by(0.5)}${unit} (${by(0.25)} to ${by(0.75)}) | ${Math.min(...ratios).toFixed(2)}${unit} | ${goal} |`,
  );
}

let ids = 1_000_000;
/** Median round trip (ms) of so many calls. */
async function trips(target, count, { size, kind = 'code', wait = 0 }) {
  const times = [];
  for (let n = 0; n < count; n += 1) {
    if (wait > 0) await pause(wait);
    ids += 1;
    times.push(await target.ask(call(ids, size, kind)));
  }
  return median(times);
}

function all(commands = targets(server)) {
  return Object.fromEntries(Object.entries(commands).map(([name, command]) => [name, start(command)]));
}
function end(running) {
  for (const one of Object.values(running)) one.end();
}

/** All targets alive at once, measured in turn. */
async function added(count, warmUp, payload) {
  const running = all();
  for (const name of names) await trips(running[name], warmUp, { ...payload, wait: 0 });
  const ratios = [];
  for (let round = 0; round < rounds; round += 1) {
    const took = {};
    for (let n = 0; n < names.length; n += 1) {
      const name = names[(n + round) % names.length];
      took[name] = await trips(running[name], count, payload);
    }
    const pipe = took.pipe - took.direct;
    if (pipe > 0) ratios.push((took.holdpoint - took.direct) / pipe);
  }
  end(running);
  return ratios;
}

/** Of a process, in MiB: what it has, or the most that it ever had. */
function memory(pid, key) {
  const line = new RegExp(`${key}:\\s+(\\d+) kB`).exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return Number(line?.[1] ?? 0) / 1024;
}

async function warm() {
  const SIZES = [
    ['200 B', 200, 300, 12_000, 1.6],
    ['10 KiB', 10_240, 150, 3_000, 2.3],
    ['1 MiB', 1_048_576, 5, 40, 2.9],
  ];
  for (const kind of ['code', 'plain'])
    for (const [label, size, count, warmUp, goal] of SIZES)
      row(`added, warm, ${label}, ${kind}`, await added(count, warmUp, { size, kind }), goal, ' A');
}

async function paced() {
  const ratios = await added(60, 4_000, { size: 200, wait: 2 });
  row('added, 2 ms between calls, 200 B', ratios, 2.5, ' A');
}

/** Fresh processes: most sessions make no more than a thousand calls. */
async function cold() {
  const first = [];
  const early = [];
  const late = [];
  for (let round = 0; round < rounds; round += 1) {
    const took = {};
    for (const name of ['pipe', 'holdpoint']) {
      const since = performance.now();
      const target = start(targets(server)[name]);
      await target.ask(call(1, 200, 'code'));
      took[name] = { first: performance.now() - since };
      took[name].early = await trips(target, 199, { size: 200 });
      took[name].late = await trips(target, 800, { size: 200 });
      target.end();
    }
    first.push(took.holdpoint.first / took.pipe.first);
    early.push(took.holdpoint.early / took.pipe.early);
    late.push(took.holdpoint.late / took.pipe.late);
  }
  row('start to the first answered call', first, 2.5, ' times');
  row('round trip, calls 2 to 200 of a session', early, 2.8, ' times');
  row('round trip, calls 201 to 1,000', late, 2.8, ' times');
}

/** In front of a real server. */
async function startUp() {
  const fs = resolve(
    import.meta.dirname,
    '../node_modules/@modelcontextprotocol/server-filesystem/dist/index.js',
  );
  const ask =
    '{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"bench","version":"1"}}}\n' +
    '{"jsonrpc":"2.0","method":"notifications/initialized"}\n{"jsonrpc":"2.0","id":2,"method":"tools/list"}\n';
  const ratios = [];
  for (let round = 0; round < rounds; round += 1) {
    const took = {};
    for (const name of ['pipe', 'holdpoint']) {
      const since = performance.now();
      const target = start(targets([process.execPath, fs, '/tmp'])[name]);
      await target.ask(ask, 2);
      took[name] = performance.now() - since;
      target.end();
    }
    ratios.push(took.holdpoint / took.pipe);
  }
  row('start to the answered tools/list, filesystem server', ratios, 1.1, ' times');
}

const IN_FLIGHT = 64;
const COUNT = 20_000;

/** Calls a second, of the second half of COUNT with IN_FLIGHT of them unanswered at any time. */
async function load({ child }, size) {
  let [sent, answered, half] = [0, 0, 0];
  const more = () => {
    let lines = '';
    while (sent < COUNT && sent - answered < IN_FLIGHT) lines += call(++sent + 10_000_000, size, 'code');
    if (lines !== '') child.stdin.write(lines);
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

async function flight() {
  const { pipe, holdpoint } = targets(server);
  const sdk = [process.execPath, join(import.meta.dirname, 'sdk-proxy.mjs'), ...server];
  const found = { toPipe: [], toSdk: [], atStart: [], atEnd: [] };
  for (let round = 0; round < Math.max(3, Math.floor(rounds / 3)); round += 1) {
    const got = {};
    for (const [name, command] of Object.entries({ pipe, holdpoint, sdk })) {
      const target = start(command);
      await target.ask(call(1, 200, 'code'));
      const atStart = memory(target.child.pid, 'VmHWM');
      const rate = await load(target, 200);
      for (let n = 0; n < 40; n += 1) await target.ask(call(++ids, 1_048_576, 'code'));
      got[name] = { rate, atStart, atEnd: memory(target.child.pid, 'VmHWM') };
      target.end();
    }
    found.toPipe.push(got.holdpoint.rate / got.pipe.rate);
    found.toSdk.push(got.holdpoint.rate / got.sdk.rate);
    found.atStart.push(got.holdpoint.atStart / got.pipe.atStart);
    found.atEnd.push(got.holdpoint.atEnd / got.pipe.atEnd);
  }
  row('64 in flight, 200 B: calls a second, of the pipe', found.toPipe, 0.15);
  row('the same, of a proxy of the SDK', found.toSdk, 2);
  row('memory after the first call, of the pipe', found.atStart, 1.25);
  row('memory at the end (20,000 calls, 40 of 1 MiB), of the pipe', found.atEnd, 1.2);
}

console.log(
  `${cpus()[0]?.model}, ${cpus().length} processors, Node ${process.version}, load ${loadavg()[0].toFixed(1)}${process.env.HP_PINNED === undefined ? '' : ', pinned to one'}; ${rounds} rounds`,
);
console.log('\n| figure | median (quartiles) | least | goal |\n|---|---|---|---|');
const WHAT = { warm, paced, cold, start: startUp, flight };
for (const part of parts) await WHAT[part]();
process.exit(0);
